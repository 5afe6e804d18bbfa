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
  expect(
    ['dense', 'random', 'magnitude', 'snip', 'sevenPre', 'sevenDyn'].map((method) => cost({ method }).floats),
  ).toEqual([0, 0, 0, 0, 3, 3])
})

it('counts passes before training and mask changes in it', () => {
  expect(cost({ method: 'snip', 'method.batches': 7 })).toMatchObject({ passesBefore: 7, maskChanges: 0, trainings: 1 })
  // Ten steps, window 0.2 to 0.7: steps 2 to 6.
  expect(cost({ method: 'sevenDyn', 'method.begin': 0.2, 'method.end': 0.7, 'training.steps': 10 })).toMatchObject({
    passesBefore: 0,
    maskChanges: 5,
  })
})

it(
  'counts what is stored of every weight: own numbers and the past that the chosen score reads, '
    + 'not what all weights share',
  () => {
    const methods = [
      'platon',
      'grda',
      'movement',
      'softMovement',
      'force',
      'iterativeSnip',
      'sevenVariants',
      'edgePopup',
      'grasp',
    ]
    // Window, mean, spread; v and threshold; scores with Adam's moments; FORCE and iterative SNIP score what training
    // has; scores, velocity and the initial weight; initial weight and H g.
    expect(Object.fromEntries(methods.map((method) => [method, cost({ method }).floats]))).toEqual({
      platon: 3,
      grda: 2,
      movement: 3,
      softMovement: 3,
      force: 0,
      iterativeSnip: 0,
      sevenVariants: 3,
      edgePopup: 3,
      grasp: 2,
    })
    // Mean, spread and movement are gathered whatever is chosen; SEVEN adds two moments and the sum.
    expect(
      ['magnitude', 'gradient', 'seven'].map(
        (criterion) => cost({ method: 'combination', 'method.criterion': criterion }).floats,
      ),
    ).toEqual([3, 4, 6])
  },
)

const small = {
  data: 'shapes',
  'data.size': 8,
  model: 'vitTiny',
  'model.patch': 4,
  'model.width': 8,
  'model.depth': 2,
  'model.heads': 2,
  'model.ratio': 2,
}

it('counts what is stored beside weights: a copy to rewind to, tensors of its own', () => {
  const { prunable, copied } = cost({ ...small, method: 'lottery' })
  expect(prunable).toBe(2 * (4 * 64 + 2 * 128))
  // A block's biases 4 * 8 + 16 + 8 and two norms of 16; patches 48 * 8 + 8, 4 places of 8, a norm of 16, a classifier
  // of 8 * 10 + 10.
  expect(copied).toBe(prunable! + 2 * 88 + 392 + 32 + 16 + 90)
  const rewound = (rewind: string, rounds: number) =>
    cost({ ...small, method: 'lottery', 'method.rewind': rewind, 'method.rounds': rounds }).copied
  expect([
    rewound('weights', 1),
    rewound('rate', 4),
    rewound('fineTune', 4),
    rewound('reinitialise', 1),
    rewound('reinitialise', 2),
  ]).toEqual([copied, 0, 0, 0, copied])
  // Two blocks of 2 heads and 16 neurons.
  expect(cost({ ...small, method: 'slimming' }).own).toBe(2 * (2 + 16))
  // A factor for each 4 inputs of an output: a quarter of the weights.
  expect(cost({ ...small, method: 'stripes', 'method.stripe': '4' }).own).toBe(prunable! / 4)
  // 16 inputs of a stripe do not divide 8.
  expect(cost({ ...small, method: 'stripes', 'method.stripe': '16' }).own).toBe(0)
  expect(cost({ ...small, method: 'magnitude' })).toMatchObject({ copied: 0, own: 0 })
  // An MLP has no heads.
  expect(cost({ method: 'michel', model: 'mlp' })).toMatchObject({ cutPasses: { forward: 0, gradients: 0 }, own: 0 })
})

it('counts mask changes where the plan makes one, not wherever it has a threshold', () => {
  const soft = (every: number) =>
    cost({ method: 'softMovement', 'method.every': every, 'training.steps': 1000 }).maskChanges
  // Window 0.2 to 0.75: steps 200 to 999; or 200, 250, ..., 950, and the window's last step 749 and the run's.
  expect([soft(1), soft(50)]).toEqual([800, 16 + 2])
})

it('relates all passes to those of dense training, a forward pass as a third', () => {
  const relative = (settings: Settings) => cost({ ...small, 'training.steps': 100, ...settings }).relative
  expect(relative({ method: 'magnitude' })).toBe(1)
  // (100 + 4 + 2 * 9 tries + 4 * 4) / 100; (100 + 2 * 30) / 100; (100 + 2 blocks * 15 / 3) / 100; rounds share the
  // run's steps.
  expect(relative({ method: 'grasp', 'method.batches': 4 })).toBeCloseTo(1.38, 12)
  expect(relative({ method: 'scop', 'method.batches': 30 })).toBeCloseTo(1.6, 12)
  expect(relative({ method: 'wanda', 'method.batches': 15 })).toBeCloseTo(1.1, 12)
  expect(relative({ method: 'lottery' })).toBe(1)
})
