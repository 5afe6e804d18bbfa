import { expect, test } from 'vitest'
import { changesBetween } from './changesBetween'
import { check } from './check'
import { defaultExperiment } from './defaults'
import { runLabel } from './runLabel'
import type { Settings } from './settings'

const experiment = (settings: Settings) => check(settings, defaultExperiment).experiment

test('a run is named by its method, sparsity and seed', () => {
  expect(runLabel(experiment({ method: 'magnitude', 'method.sparsity': 0.95 }))).toBe('Magnitude, 95 %, seed 1')
  expect(
    runLabel(experiment({ method: 'magnitude', 'method.schedule': 'once', 'method.sparsity': 0.96875, seed: 7 })),
  ).toBe('Magnitude, one-shot, 96.88 %, seed 7')
  expect(runLabel(experiment({ method: 'dense' }))).toBe('Dense, seed 1')
})

test('what has changed is named with its new value, what is hidden is not', () => {
  expect(changesBetween(defaultExperiment, defaultExperiment)).toEqual([])
  const other = experiment({ method: 'snip', data: 'shapes', 'training.rate': 0.003, seed: 2 })
  expect(changesBetween(defaultExperiment, other)).toEqual([
    'SNIP',
    'Shapes (made here)',
    'Learning rate 0.003',
    'Seed 2',
  ])
  expect(changesBetween(defaultExperiment, experiment({ 'method.sparsity': 0.5 }))).toEqual(['Sparsity 0.5'])
})
