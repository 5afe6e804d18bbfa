import type { MapMode } from '../../src/core/mapModes'

/** Names of what the map can show, in the order offered. */
export const modeNames: Readonly<Record<MapMode, string>> = {
  class: 'Class',
  value: 'Value',
  gradient: 'Gradient',
  sensitivity: 'Sensitivity',
  noise: 'Noise',
  importance: 'Importance',
  score: 'Score',
  age: 'Age',
}
