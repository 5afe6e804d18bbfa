import { expect, it } from 'vitest'
import { check } from './check'
import { costOf } from './cost'
import { defaultExperiment } from './defaults'
import type { Settings } from './settings'

const cost = (settings: Settings) => costOf(check(settings, defaultExperiment).experiment)

it('counts prunable weights of the model on its data', () => {
  // 16 x 16 x 3 = 768 inputs, 4 hidden units.
  expect(cost({ data: 'shapes', 'data.size': 16, model: 'mlp', 'model.width': 4 }).prunable).toBe(3072)
  // Four blocks of 4 * 64 * 64 and 2 * 64 * 128.
  expect(cost({}).prunable).toBe(4 * (4 * 4096 + 2 * 8192))
  // 64 is no multiple of 5.
  expect(cost({ 'model.heads': 5 }).prunable).toBeNull()
})

it('counts what the formulas keep: magnitude nothing, SEVEN two moments and the sum', () => {
  expect(['dense', 'random', 'magnitude', 'snip', 'sevenPre', 'sevenDyn'].map((method) => cost({ method }).floats)).toEqual([0, 0, 0, 0, 3, 3])
})

it('counts passes before training and mask changes in it', () => {
  expect(cost({ method: 'snip', 'method.batches': 7 })).toMatchObject({ passesBefore: 7, maskChanges: 0, trainings: 1 })
  // Ten steps, window 0.2 to 0.7: steps 2 to 6.
  expect(cost({ method: 'sevenDyn', 'method.begin': 0.2, 'method.end': 0.7, 'training.steps': 10 })).toMatchObject({ passesBefore: 0, maskChanges: 5 })
})
