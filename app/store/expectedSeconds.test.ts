import { expect, test } from 'vitest'
import { check } from '../../src/config/check'
import { defaultExperiment } from '../../src/config/defaults'
import { handRun } from '../testing/handRun'
import { expectedSeconds } from './expectedSeconds'
import type { KeptRun } from './runs'

const run = (seed: number, seconds: number, changes: Partial<KeptRun> = {}) => handRun(seed, { seconds, ...changes })
const on = (backend: 'wasm' | 'webgpu') => ({ backend: { ...handRun(1).backend, backend } })

test('is the mean of runs of the same data, model and training', () => {
  const { experiment: other } = check({ 'training.steps': 7 }, defaultExperiment)
  const { experiment: snip } = check({ method: 'snip', seed: 9 }, defaultExperiment)
  const runs = [run(1, 10), run(2, 20, { experiment: snip }), run(3, 99, { experiment: other })]
  expect(expectedSeconds(runs, snip, [])).toBe(15)
  expect(expectedSeconds(runs, check({ 'training.steps': 8 }, defaultExperiment).experiment, [])).toBeNull()
})

test('counts the newest complete runs on the engine of the last one', () => {
  const slow = Array.from({ length: 12 }, (_, i) => run(i, 60, on('wasm')))
  const fast = Array.from({ length: 12 }, (_, i) => run(20 + i, i < 2 ? 40 : 4, on('webgpu')))
  expect(expectedSeconds([...slow, ...fast, run(50, 900, { ...on('webgpu'), steps: 3 })], defaultExperiment, [])).toBe(
    4,
  )
})
