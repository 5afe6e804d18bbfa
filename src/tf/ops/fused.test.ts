import { beforeAll, describe, expect, test } from 'vitest'
import type { Nn } from '../../core/model'
import { expectClose } from '../../gpu/testing'
import type { ArenaBackend } from '../backend'
import { tf, type Tensor } from '../tfjs'
import { createOps, fusedNn, type Ops, type OpsState } from '.'
import { fusedLoss } from './fusedLoss'
import { streamedAttention } from './streamedAttention'
import { evaluate, expectAgreement, noise, testBackend } from './testing'
import { hardwareTiles, tilesFor } from './tiles'

let backend: ArenaBackend
let state: OpsState
let fused: Ops
let composed: Ops
let streamed: Nn['attention']

beforeAll(async () => {
  backend = await testBackend()
  // Each has its own tensor: once on the GPU, `random` cannot be read without waiting, as the composition does.
  const make = (): OpsState => ({ dropoutRate: 0.25, random: tf.tensor([7, 3], [2], 'int32'), training: true })
  state = make()
  fused = createOps(backend, state)
  composed = createOps(null, make())
  streamed = streamedAttention(backend, tilesFor(backend.device))
})

/** The same call on both kinds of operations. */
function bothAgree(inputs: Tensor[], call: (nn: Nn, inputs: Tensor[]) => Tensor): Promise<void> {
  return expectAgreement(
    (...xs) => call(fused.nn, xs),
    (...xs) => call(composed.nn, xs),
    inputs,
  )
}

describe('layerNorm', () => {
  const shapes = [
    [[2, 5], 12],
    [[3], 1],
    [[70], 9],
  ] as const
  test.each(shapes)('agrees with the composition for x %j, width %i', async (leading, width) => {
    const inputs = [noise([...leading, width], 1), noise([width], 2), noise([width], 3)]
    await bothAgree(inputs, (nn, [x, scale, shift]) => nn.layerNorm(x!, scale!, shift!, 1e-3))
  })

  test('gives hand-worked numbers', async () => {
    // Row [1 3]: mean 2, variance 1, normalised [-1 1]; scale [2 3], shift [.5 .5]: [-1.5 3.5].
    const y = fused.nn.layerNorm(tf.tensor([1, 3], [1, 2]), tf.tensor([2, 3]), tf.tensor([0.5, 0.5]), 0)
    expectClose('y', await y.data(), [-1.5, 3.5], { absolute: 1e-6, relative: 0 })
  })
})

describe.each(['kept', 'streamed'] as const)('attention, probabilities %s', (kind) => {
  const ours = (nn: Nn): Nn['attention'] => {
    return nn === fused.nn && kind === 'streamed' ? streamed : (...call) => nn.attention(...call)
  }
  // The streamed kernels are compiled for a width of heads: one width keeps the test quick.
  const shapes = [
    [2, 5, 12, 3],
    [1, 1, 4, 1],
    [2, 9, 8, 2],
    [1, 17, 16, 4],
  ] as const
  test.each(shapes)('agrees with the composition for %i x %i x %i, %i heads', async (batch, tokens, width, heads) => {
    await bothAgree([noise([batch, tokens, 3 * width], 1).mul(2)], (nn, [stacked]) => ours(nn)(stacked!, heads))
  })

  test('ignores padding as the composition does, also in a row of nothing else', async () => {
    const ids = tf.tensor([4, 0, 9, 0, 0, 0, 0, 0, 0, 0], [2, 5], 'int32')
    await bothAgree([noise([2, 5, 36], 1)], (nn, [stacked]) => ours(nn)(stacked!, 3, ids))
  })

  test('gives hand-worked numbers', async () => {
    // One head of width 1: query 1, keys 0 and ln 3, so probabilities 1/4 and 3/4; values 4 and 8: 1 + 6 = 7. The
    // second query is 0: probabilities 1/2, value 6.
    const y = ours(fused.nn)(tf.tensor([1, 0, 4, 0, Math.log(3), 8], [1, 2, 3]), 1)
    expectClose('y', await y.data(), [7, 6], { absolute: 1e-5, relative: 0 })
  })

  test('has the gradients that finite differences show', async () => {
    const input = noise([1, 3, 12], 1)
    const operation = (stacked?: Tensor) => ours(fused.nn)(stacked!, 1)
    const [, gradient] = await evaluate(operation, [input])
    const direction = await noise([1, 3, 4], 99).data()
    const project = async (x: Tensor) => {
      const y = await operation(x).data<'float32'>()
      return y.reduce((sum, value, i) => sum + value * direction[i]!, 0)
    }
    const h = 1e-2
    // Of three tokens: queries at 0 to 3, keys at 4 to 7, values at 8 to 11 of a row.
    for (const i of [0, 15, 27, 4, 19, 31, 8, 23, 35]) {
      const step = tf
        .oneHot(tf.tensor1d([i], 'int32'), 36)
        .toFloat()
        .reshape([1, 3, 12])
        .mul(h)
      const slope = ((await project(input.add(step))) - (await project(input.sub(step)))) / (2 * h)
      expect(Math.abs(slope), `slope of element ${i}`).toBeGreaterThan(3e-4)
      expect(Math.abs(slope - gradient![i]!), `element ${i}`).toBeLessThan(1e-4)
    }
  })
})

describe('crossEntropy', () => {
  const sizes = [
    [3, 2, 0],
    [5, 10, 0.1],
    [130, 7, 0.2],
  ] as const
  test.each(sizes)(
    'agrees with the composition for %i rows, %i classes, smoothing %f',
    async (rows, classes, smoothing) => {
      const labels = tf.tensor(
        Int32Array.from({ length: rows }, (_, i) => (i % 4 === 2 ? -1 : (i * 5) % classes)),
        [rows],
        'int32',
      )
      const loss = (ops: Ops) => (logits?: Tensor) => ops.crossEntropy(logits!, labels, smoothing)
      await expectAgreement(loss(fused), loss(composed), [noise([rows, classes], 1).mul(5)])
    },
  )

  test('gives hand-worked numbers', async () => {
    // Logits [0, ln 3], label 1: probability 3/4, loss ln(4/3), gradient [1/4, -1/4]; the other row has label -1.
    const labels = tf.tensor([1, -1], [2], 'int32')
    const [loss, gradient] = await evaluate(
      (x) => fused.crossEntropy(x, labels, 0),
      [tf.tensor([0, Math.log(3), 5, 6], [2, 2])],
    )
    expectClose('loss', loss!, [Math.log(4 / 3)], { absolute: 1e-6, relative: 0 })
    expectClose('gradient', gradient!, [0.25 * 0.7, -0.25 * 0.7, 0, 0], { absolute: 1e-6, relative: 0 })
  })

  test('of a batch without labels is 0 and moves nothing', async () => {
    const labels = tf.tensor([-1, -1], [2], 'int32')
    const results = await evaluate((x) => fused.crossEntropy(x, labels, 0.1), [noise([2, 3], 1)])
    expect(results.map((r) => Array.from(r, Math.abs))).toEqual([[0], [0, 0, 0, 0, 0, 0]])
  })
})

describe('embedding', () => {
  test('agrees with the composition when ids repeat', async () => {
    const ids = tf.tensor([4, 0, 0, 4, 1, 6, 4, 0], [2, 4], 'int32')
    await bothAgree([noise([7, 5], 1)], (nn, [table]) => nn.embedding(table!, ids))
  })
})

describe('dropout', () => {
  test('drops the same elements as the composition, forwards and backwards', async () => {
    await bothAgree([noise([3, 7, 11], 1)], (nn, [x]) => nn.dropout(x!, 5))
  })

  test('drops a share of elements that is the rate, others at each step and site', async () => {
    const ones = tf.ones([4096])
    const mask = async (site: number) => Array.from(await fused.nn.dropout(ones, site).data(), (y) => (y === 0 ? 0 : 1))
    const [first, second] = [await mask(0), await mask(1)]
    // Deviation of the share: sqrt(.25 .75 / 4096) = .0068; both sites keep an element with probability .5625.
    expect(Math.abs(first.reduce<number>((a, b) => a + b, 0) / 4096 - 0.75)).toBeLessThan(0.03)
    expect(Math.abs(first.reduce<number>((a, b, i) => a + b * second[i]!, 0) / 4096 - 0.5625)).toBeLessThan(0.03)
  })

  test('is the identity in evaluation', () => {
    const x = noise([4], 1)
    state.training = false
    expect(fused.nn.dropout(x, 0)).toBe(x)
    state.training = true
  })
})

test('attention streams when its probabilities would take too much memory', () => {
  const labels: string[] = []
  const run = backend.run.bind(backend)
  backend.run = (program) => {
    labels.push(program.label)
    return run(program)
  }
  // 4 bytes x 33 examples x 4 heads x 256 x 256 tokens is above 2^25.
  fused.nn.attention(tf.zeros([33, 256, 48]), 4)
  backend.run = run
  expect(labels).toEqual(['streamed'])
})

describe('sums and means over axes that are not last', () => {
  // x [2, 2, 3] = 0 .. 11. Over axis 1: 0+3, 1+4, 2+5 and 6+9, 7+10, 8+11. Over axes 0 and 1: 0+3+6+9 = 18, 22, 26.
  const x = () => tf.range(0, 12).reshape([2, 2, 3])
  test('give hand-worked numbers', async () => {
    expect(await x().sum(1).array()).toEqual([
      [3, 5, 7],
      [15, 17, 19],
    ])
    expect(await x().mean(1, true).array()).toEqual([[[1.5, 2.5, 3.5]], [[7.5, 8.5, 9.5]]])
    expect(await x().sum([0, 1]).array()).toEqual([18, 22, 26])
    expect(await x().sum([-3]).array()).toEqual([
      [6, 8, 10],
      [12, 14, 16],
    ])
  })

  test('leave other reductions to tfjs', async () => {
    expect(await x().sum().array()).toBe(66)
    expect(await x().mean(-1).array()).toEqual([
      [1, 4],
      [7, 10],
    ])
    expect(await x().sum([0, 2]).array()).toEqual([24, 42])
    expect(await x().toInt().sum(1).array()).toEqual([
      [3, 5, 7],
      [15, 17, 19],
    ])
  })
})

test('whole numbers become floats, also where they are transposed or summed afterwards', async () => {
  const real = tf
    .tensor(
      [
        [3, 0, 5],
        [0, 0, 7],
      ],
      [2, 3],
      'int32',
    )
    .notEqual(0)
    .toFloat()
    .reshape([2, 3, 1])
  expect(await real.sum(1).array()).toEqual([[2], [1]])
  expect(await real.transpose([1, 0, 2]).reshape([3, 2]).array()).toEqual([
    [1, 0],
    [0, 0],
    [1, 1],
  ])
  expect(await tf.tensor([-2, 70000], [2], 'int32').toFloat().array()).toEqual([-2, 70000])
})

describe('with the tiles of hardware', () => {
  // 300 rows make several slices of the weights' gradient, 70 columns several workgroups.
  test('linear and layerNorm agree with the compositions', async () => {
    const nn = fusedNn(backend, state, hardwareTiles)
    const call = (kind: Nn, [x, w, b]: Tensor[]) =>
      kind.layerNorm(kind.linear(x!, w!, b!, { activation: 'gelu' }), b!, b!, 1e-3)
    const inputs = [noise([3, 100, 9], 1), noise([9, 70], 2), noise([70], 3)]
    await expectAgreement(
      (...xs) => call(nn, xs),
      (...xs) => call(composed.nn, xs),
      inputs,
    )
  })

  test('attention ignores padding', async () => {
    const nn = fusedNn(backend, state, hardwareTiles)
    const ids = tf.tensor([4, 0, 9, 0, 0, 0, 0, 0, 0, 0], [2, 5], 'int32')
    await expectAgreement(
      (x) => nn.attention(x, 3, ids),
      (x) => composed.nn.attention(x, 3, ids),
      [noise([2, 5, 36], 1)],
    )
  })

  test('crossEntropy agrees, labels without a row among them', async () => {
    const labels = tf.tensor(
      Int32Array.from({ length: 70 }, (_, i) => (i % 4 === 2 ? -1 : (i * 5) % 13)),
      [70],
      'int32',
    )
    const ours = fusedLoss(backend, hardwareTiles)
    const logits = noise([70, 13], 1).mul<Tensor>(5)
    await expectAgreement(
      (x) => ours(x, labels, 0.1),
      (x) => composed.crossEntropy(x, labels, 0.1),
      [logits],
    )
  })

  const shapes = [
    [2, 5, 12, 3],
    [1, 17, 16, 2],
    [1, 33, 10, 2],
  ] as const
  test.each(shapes)('attention agrees for %i x %i x %i, %i heads', async (batch, tokens, width, heads) => {
    const nn = fusedNn(backend, state, hardwareTiles)
    const stacked = noise([batch, tokens, 3 * width], 1)
    await expectAgreement(
      (x) => nn.attention(x, heads),
      (x) => composed.nn.attention(x, heads),
      [stacked],
    )
  })
})
