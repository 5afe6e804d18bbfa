import { beforeAll, describe, expect, it } from 'vitest'
import { bit } from '../../core/bits'
import { maskOf } from '../../../shaders/fixtures'
import type { Nn } from '../../core/model'
import { expectClose, lehmer } from '../../gpu/testing'
import type { ArenaBackend } from '../backend'
import { tf, type Tensor } from '../tfjs'
import { linearCompositions } from './compositions'
import { compress, runSparse, sparseForms, sparseNn, uploadSparse } from './sparseLinear'
import { noise, testBackend } from './testing'

const { linear, linears } = linearCompositions((x) => x)
let backend: ArenaBackend
beforeAll(async () => {
  backend = await testBackend()
})

it('by hand: 2 x 3, two weights left, one output has none', () => {
  // Rows are inputs: [1 2 3; 4 5 6] at offset 64, bias behind it. Kept: 3 (input 0, output 2) and 4 (input 1, output
  // 0).
  const arena = new Float32Array(192)
  arena.set([1, 2, 3, 4, 5, 6], 64)
  arena.set([7, 8, 9], 128)
  const layer = { weights: { offset: 64, size: 6, shape: [2, 3] }, bias: { offset: 128, size: 3, shape: [3] } }
  const mask = maskOf(128, (i) => i === 66 || i === 67)
  const { starts, pairs, bias } = compress(arena, mask, [layer])
  expect([...starts]).toEqual([0, 1, 1, 2])
  expect([pairs[0], pairs[2]]).toEqual([1, 0])
  expect([...new Float32Array(pairs.buffer)].filter((_, i) => i % 2)).toEqual([4, 3])
  expect([...bias]).toEqual([7, 8, 9])
  // The same layer twice: outputs 3 to 5 are those of the second.
  expect([...compress(arena, mask, [layer, layer]).starts]).toEqual([0, 1, 1, 2, 3, 3, 4])
})

/** `count` masked layers of a size, as an arena with their biases behind them, and as tensors. */
function masked(fanIn: number, fanOut: number, density: number, count: number) {
  const next = lehmer(fanIn + fanOut)
  const size = fanIn * fanOut
  const mask = maskOf(size * count, () => (next() + 1) / 2 < density)
  const arena = Float32Array.from({ length: (size + fanOut) * count }, (_, i) =>
    i >= size * count || bit(mask, i) ? next() : 0,
  )
  const layers = Array.from({ length: count }, (_, i) => ({
    weights: { offset: i * size, size, shape: [fanIn, fanOut] },
    bias: { offset: size * count + i * fanOut, size: fanOut, shape: [fanOut] },
  }))
  const tensorAt = ({ offset, size: length, shape }: (typeof layers)[number]['weights']) =>
    tf.tensor(arena.slice(offset, offset + length), shape)
  return {
    compressed: compress(arena, mask, layers),
    weights: layers.map((l) => tensorAt(l.weights)),
    biases: layers.map((l) => tensorAt(l.bias)),
  }
}

async function expectSame(what: string, ours: Tensor, expected: Tensor): Promise<void> {
  expectClose(what, await ours.data(), await expected.data(), { absolute: 1e-5, relative: 1e-5 })
}

describe.each(sparseForms)('x by %s', (form) => {
  it.each([
    [1, 1, 1],
    [5, 7, 3],
    [130, 33, 65],
    [257, 64, 20],
  ])('agrees with the masked dense layer: %i x %i x %i', async (rows, fanIn, fanOut) => {
    const [x, residual] = [noise([rows, fanIn], 1), noise([rows, fanOut], 2)]
    for (const density of [0, 0.1, 0.5, 1]) {
      const {
        compressed,
        weights: [weights],
        biases: [bias],
      } = masked(fanIn, fanOut, density, 1)
      const layer = await uploadSparse(backend, compressed)
      for (const options of [{}, { activation: 'gelu' }, { residual }, { activation: 'gelu', residual }] as const) {
        await expectSame(
          `density ${density}`,
          runSparse(backend, { layer, form }, x, options),
          linear(x, weights!, bias!, options),
        )
      }
      layer.dispose()
    }
  })

  it('agrees with three masked layers side by side', async () => {
    const { compressed, weights, biases } = masked(33, 20, 0.2, 3)
    const layer = await uploadSparse(backend, compressed)
    const x = noise([2, 35, 33], 1)
    await expectSame('three layers', runSparse(backend, { layer, form }, x), linears(x, weights, biases))
    layer.dispose()
  })
})

it('replaces the layers that were chosen, and only those', async () => {
  const { compressed, weights, biases } = masked(33, 20, 0.2, 1)
  const [first, bias] = [weights[0]!, biases[0]!]
  const layer = await uploadSparse(backend, compressed)
  const x = noise([9, 33], 1)
  const dense = { linear: () => bias, linears: () => bias } as unknown as Nn
  const nn = sparseNn(backend, dense, new Map([[first, { layer, form: 'rows' }]]))
  expect(nn.linear(x, bias, bias)).toBe(bias)
  await expectSame(
    'chosen',
    nn.linear(x, first, bias, { activation: 'gelu' }),
    linear(x, first, bias, { activation: 'gelu' }),
  )
  layer.dispose()
})
