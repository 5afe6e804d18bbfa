import { defaultExperiment } from '../../src/config/defaults'
import { keep, type KeptRun } from '../store/runs'
import { handResult } from './events'

/** A kept run of the default experiment; the seed is also when it was kept, in seconds. */
export function handRun(seed: number, changes: Partial<KeptRun> = {}): KeptRun {
  const kept = keep(handResult({ ...defaultExperiment, seed }, 0.75, 0.3, 0.4), 1000 * seed)
  if (!kept) throw new Error('A result made by hand has no end.')
  return { ...kept, ...changes }
}
