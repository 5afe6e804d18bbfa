import { expect, it } from 'vitest'
import { shortPercent } from '../../src/core/figures'
import { experimentOf } from '../../src/engine/testing'
import { handRun } from '../testing/handRun'
import { others, suggestedPairs } from './pairs'
import type { KeptRun } from './runs'

const run = (id: string, settings: Readonly<Record<string, string | number>>): KeptRun => ({
  ...handRun(1),
  runId: id,
  experiment: experimentOf({ seed: 1, 'method.sparsity': 0.8, ...settings }),
})

const runs = [
  run('snip', { method: 'snip' }),
  run('seven', { method: 'sevenDyn' }),
  run('longer', { method: 'magnitude', 'training.steps': 900 }),
  run('seed', { method: 'magnitude', seed: 2 }),
  run('model', { method: 'magnitude', 'model.width': 32 }),
  run('sparser', { method: 'platon', 'method.sparsity': 0.9 }),
]

it('lays masks over each other that began as the same weights, however long they were trained', () => {
  expect(others(runs, runs[0]!).map(({ runId }) => runId)).toEqual(['sparser', 'longer', 'seven'])
  expect(others(runs, runs[3]!)).toEqual([])
})

it('suggests pairs of methods at one sparsity, SEVEN first and each pair once', () => {
  expect(suggestedPairs(runs).map(({ label }) => label)).toEqual([
    `SEVENdyn against Magnitude at ${shortPercent(0.8)}`,
    `SEVENdyn against SNIP at ${shortPercent(0.8)}`,
    `Magnitude against SNIP at ${shortPercent(0.8)}`,
  ])
})
