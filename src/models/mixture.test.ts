import { beforeAll, describe, expect, it } from 'vitest'
import { defaults } from '../core/knob'
import { placeTensors } from '../core/layout'
import { initialWeights } from '../engine/executor/initial'
import { expectClose } from '../gpu/testing'
import { buildGraph } from '../tf/graph'
import { createOps } from '../tf/ops'
import { startPortableBackend } from '../tf/portable'
import { tf, type Tensor } from '../tf/tfjs'
import { miniBert, vitTiny } from './index'
import { mixture, mixtureTensors } from './mixture'

beforeAll(async () => {
  await startPortableBackend('cpu', '')
})

const size = { width: 2, heads: 1, ratio: 1 }
const values = { experts: 2, capacity: 1, balance: 0.5 }

function ops() {
  return createOps(null, { dropoutRate: 0, random: tf.tensor1d([0, 0], 'int32'), training: true })
}

/**
 * Experts that answer with their output bias alone: (10, 0) and (0, 20). The router's logits are the token times ln 3.
 */
function params(): Record<string, Tensor> {
  const zeros = Object.fromEntries(mixtureTensors('b', size, values).map((t) => [t.name, tf.zeros([...t.shape])]))
  return {
    ...zeros,
    'b/router/weights': tf.tensor2d([
      [Math.log(3), 0],
      [0, Math.log(3)],
    ]),
    'b/expert0/mlp/out/bias': tf.tensor1d([10, 0]),
    'b/expert1/mlp/out/bias': tf.tensor1d([0, 20]),
  }
}

describe('a mixture of two experts that take as many tokens as an even share', () => {
  // Tokens (1 0) (1 0) (1 0) (0 1): logits ln 3 and 0, so probabilities 3/4 and 1/4; the fourth the other way round.
  // Three ask for expert 0, which takes 4 / 2 = 2 of them; the third passes by.
  const x = () =>
    tf.tensor3d([
      [
        [1, 0],
        [1, 0],
      ],
      [
        [1, 0],
        [0, 1],
      ],
    ])

  it('sends each token to one, times its probability, and lets those pass that find it full', () => {
    const y = mixture(ops().nn, params(), 'b', x(), values, { residual: x() })
    // x + 3/4 (10 0) = (8.5 0); x + 3/4 (0 20) = (0 16).
    expectClose('y', y.dataSync<'float32'>(), [8.5, 0, 8.5, 0, 1, 0, 0, 16], { absolute: 1e-5, relative: 0 })
  })

  it('asks for even use', () => {
    const amounts: Tensor[] = []
    mixture(
      {
        ...ops().nn,
        penalise: (f) => {
          amounts.push(f())
        },
      },
      params(),
      'b',
      x(),
      values,
      {},
    )
    // Shares 3/4 and 1/4; mean probabilities (3 * 3/4 + 1/4) / 4 = 5/8 and 3/8: 0.5 * 2 * (3/4 * 5/8 + 1/4 * 3/8) =
    // 18/32.
    expect(amounts).toHaveLength(1)
    expect(amounts[0]!.dataSync()[0]).toBeCloseTo(18 / 32, 5)
  })

  it('deals out no padding, and does not count it', () => {
    const amounts: Tensor[] = []
    const ids = tf.tensor2d(
      [
        [7, 0],
        [0, 5],
      ],
      [2, 2],
      'int32',
    )
    const y = mixture(
      {
        ...ops().nn,
        penalise: (f) => {
          amounts.push(f())
        },
      },
      params(),
      'b',
      x(),
      values,
      {},
      ids,
    )
    expectClose('y', y.dataSync<'float32'>(), [7.5, 0, 0, 0, 0, 0, 0, 15], { absolute: 1e-5, relative: 0 })
    // Even: shares 1/2, 1/2 and means 1/2, 1/2: 0.5 * 2 * 1/2.
    expect(amounts[0]!.dataSync()[0]).toBeCloseTo(0.5, 5)
  })
})

describe.each([
  ['vitTiny', vitTiny, { task: 'image', shape: [8, 8, 3], classes: 5 }],
  ['miniBert', miniBert, { task: 'text', vocabulary: 30, length: 6, classes: 2 }],
] as const)('%s', (_id, model, input) => {
  const small = { ...defaults(model.knobs), width: 8, depth: 2, heads: 2, ratio: 2, patch: 4 }
  const layoutOf = (experts: number) => placeTensors(model.tensors({ ...small, experts } as never, input))

  it('with one expert is the model without the knob', () => {
    expect(layoutOf(1).tensors.filter((t) => /expert|router/.test(t.name) || t.active !== undefined)).toEqual([])
  })

  it('has one MLP and one router column more for each further expert', () => {
    // An MLP: 8 * 16 + 16 + 16 * 8 + 8 = 280. A router of 3: 8 * 3 + 3 = 27. Two blocks: 2 * (2 * 280 + 27) = 1,174.
    expect(layoutOf(3).parameterCount - layoutOf(1).parameterCount).toBe(1174)
    expect(layoutOf(3).prunable).toHaveLength(2 * (4 + 3 * 2))
  })

  it('has the gradients that central differences have, the penalty left out', () => {
    const layout = layoutOf(2)
    const weights = initialWeights(layout, 3)
    const x =
      input.task === 'image'
        ? () =>
            tf.tensor(
              Float32Array.from({ length: 4 * 192 }, (_, i) => Math.sin(i * 1.7)),
              [4, 8, 8, 3],
            )
        : () =>
            tf.tensor(
              Int32Array.from({ length: 24 }, (_, i) => (i % 6 > 3 ? 0 : 1 + ((i * 11) % 29))),
              [4, 6],
              'int32',
            )
    const at = (w: Float32Array) =>
      tf.tidy(() => {
        const parameters = layout.tensors.map((t) => tf.tensor(w.slice(t.offset, t.offset + t.size), [...t.shape]))
        const graph = buildGraph(parameters, {
          model,
          values: { ...small, experts: 2, balance: 0 },
          spec: input,
          layout,
          smoothing: 0,
          training: ops(),
          evaluation: ops(),
        })
        const { loss, gradients } = graph.lossAndGradients(x(), tf.tensor1d([0, 1, 1, 0], 'int32'))
        graph.dispose()
        return { loss: loss.dataSync()[0]!, gradients: gradients.map((g) => Float32Array.from(g!.dataSync())) }
      })
    const { gradients } = at(weights)
    layout.tensors.forEach((tensor, t) => {
      if (!/block1.*(expert|router)/.test(tensor.name)) return
      const moved = (by: number) => {
        const copy = weights.slice()
        copy[tensor.offset]! += by
        return at(copy).loss
      }
      // Steps small enough that no token changes its expert.
      const numeric = (moved(0.004) - moved(-0.004)) / 0.008
      expect(Math.abs(numeric - gradients[t]![0]!), tensor.name).toBeLessThan(2e-3 + 0.02 * Math.abs(numeric))
    })
  }, 60_000)
})
