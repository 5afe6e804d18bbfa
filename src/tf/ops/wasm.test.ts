import { beforeAll, describe, expect, it } from 'vitest'
import { startPortableBackend } from '../portable'
import { tf, type Tensor } from '../tfjs'
import type { Kernels } from '../../wasm/kernels'
import { wasmHeap, WasmHeap, type Heap } from '../wasmHeap'
import { compositions, crossEntropy, linearCompositions } from './compositions'
import { withoutGradient } from './differentiable'
import { dropoutComposition } from './dropout'
import { evaluate, expectAgreement, noise } from './testing'
import { wasmAttention } from './wasmAttention'
import { wasmDropout } from './wasmDropout'
import { wasmEmbedding } from './wasmEmbedding'
import { wasmLinear } from './wasmLinear'
import { wasmLoss } from './wasmLoss'
import { wasmNorm } from './wasmNorm'

let heap: Heap

beforeAll(async () => {
  await startPortableBackend('wasm', '')
  heap = wasmHeap()!
})

const noDropout = (x: Tensor) => x
const composed = linearCompositions(noDropout)
const ids = (...numbers: number[]) => tf.tensor1d(numbers, 'int32')

// Sizes below, at and above the tile of 4 x 8, the panels of 64 rows and the blocks of 256 deep and 512 wide.
const sizes = [
  [1, 1, 1],
  [5, 3, 2],
  [4, 4, 8],
  [66, 33, 17],
  [130, 300, 9],
  [7, 64, 530],
  [64, 256, 512],
] as const

describe('linear', () => {
  it.each(sizes)('%i rows, %i in, %i out', async (rows, fanIn, fanOut) => {
    const inputs = [noise([rows, fanIn], 1), noise([fanIn, fanOut], 2), noise([fanOut], 3)]
    type Linear = typeof composed.linear
    const of = (linear: Linear) => (x: Tensor, w: Tensor, b: Tensor) => linear(x, w, b)
    await expectAgreement(of(wasmLinear(heap, noDropout).linear), of(composed.linear), inputs)
  })

  it.each([{ activation: 'gelu' as const }, {}])(
    'ends in what the options ask for: %o and a residual',
    async (options) => {
      const inputs = [noise([2, 9, 12], 1).mul<Tensor>(4), noise([12, 10], 2), noise([10], 3), noise([2, 9, 10], 4)]
      type Linear = typeof composed.linear
      const of = (linear: Linear) => (x: Tensor, w: Tensor, b: Tensor, residual: Tensor) =>
        linear(x, w, b, { ...options, residual })
      await expectAgreement(of(wasmLinear(heap, noDropout).linear), of(composed.linear), inputs)
    },
  )

  it('adds the residual after a dropout', async () => {
    const half = (x: Tensor) => x.mul<Tensor>(0.5)
    const inputs = [noise([6, 4], 1), noise([4, 5], 2), noise([5], 3), noise([6, 5], 4)]
    type Linear = typeof composed.linear
    const of = (linear: Linear) => (x: Tensor, w: Tensor, b: Tensor, residual: Tensor) =>
      linear(x, w, b, { dropout: 1, residual })
    await expectAgreement(of(wasmLinear(heap, half).linear), of(linearCompositions(half).linear), inputs)
  })

  it('puts layers beside each other', async () => {
    const shapes = [[4, 7, 6], [6, 5], [6, 5], [6, 5], [5], [5], [5]]
    const inputs = shapes.map((shape, i) => noise(shape, i + 1))
    type Linears = typeof composed.linears
    const of =
      (linears: Linears) =>
      (x: Tensor, ...rest: Tensor[]) =>
        linears(x, rest.slice(0, 3), rest.slice(3))
    await expectAgreement(of(wasmLinear(heap, noDropout).linears), of(composed.linears), inputs)
  })

  it('asks for no gradient of what has none', async () => {
    const data = withoutGradient(noise([6, 4], 1))
    const inputs = [noise([4, 5], 2), noise([5], 3)]
    type Linear = typeof composed.linear
    const of = (linear: Linear) => (w: Tensor, b: Tensor) => linear(data, w, b)
    await expectAgreement(of(wasmLinear(heap, noDropout).linear), of(composed.linear), inputs)
  })
})

it('computes no gradient of a parameter where that of images is asked for', async () => {
  let products = 0
  const product: Kernels['product'] = (...call) => {
    products++
    heap.kernels.product(...call)
  }
  const counting = Object.create(heap, { kernels: { value: { ...heap.kernels, product } } }) as Heap
  const [w, b, scale] = [noise([4, 4], 2), noise([4], 3), noise([4], 4)]
  const towards = { towards: 'images' } as const
  const of =
    (linear: typeof composed.linear, norm: typeof compositions.layerNorm) =>
    (x: Tensor): Tensor =>
      linear(norm(x, scale, b, 1e-6), w, b, { residual: x })
  const wasm = of(wasmLinear(counting, noDropout, towards).linear, wasmNorm(heap, towards))
  await expectAgreement(wasm, of(composed.linear, compositions.layerNorm), [noise([6, 4], 1)])
  // The value, the value again for the tape, and the gradient of x.
  expect(products).toBe(3)
})

describe('layerNorm', () => {
  it.each([
    [[3, 5, 64], 1e-6],
    [[7, 10], 1e-12],
    [[2, 3], 0.1],
  ] as const)('rows of %j', async (shape, epsilon) => {
    const width = shape.at(-1)!
    const inputs = [noise([...shape], 1), noise([width], 2), noise([width], 3)]
    type Norm = typeof compositions.layerNorm
    const of = (norm: Norm) => (x: Tensor, scale: Tensor, shift: Tensor) => norm(x, scale, shift, epsilon)
    await expectAgreement(of(wasmNorm(heap)), of(compositions.layerNorm), inputs)
  })
})

describe('attention', () => {
  it.each([
    [2, 16, 4, 16],
    [3, 5, 2, 3],
    [1, 1, 1, 8],
    [2, 70, 1, 12],
  ])('%i examples of %i tokens, %i heads of %i', async (batch, tokens, heads, size) => {
    const inputs = [noise([batch, tokens, 3 * heads * size], 5).mul<Tensor>(3)]
    type Attention = typeof compositions.attention
    const of = (attention: Attention) => (stacked: Tensor) => attention(stacked, heads)
    await expectAgreement(of(wasmAttention(heap)), of(compositions.attention), inputs)
  })

  it('looks past padding, and takes all keys alike where there is nothing else', async () => {
    const padded = ids(7, 8, 0, 0, 9, 3, 1, 4, 5, 0, 0, 0, 0, 0, 0).reshape([3, 5])
    type Attention = typeof compositions.attention
    const of = (attention: Attention) => (stacked: Tensor) => attention(stacked, 2, padded)
    await expectAgreement(of(wasmAttention(heap)), of(compositions.attention), [noise([3, 5, 24], 6)])
  })

  it('gives the same value where no gradient is asked for', async () => {
    const x = noise([2, 6, 24], 7)
    const [withTape] = await evaluate((y) => wasmAttention(heap)(y, 2), [x])
    expect(await wasmAttention(heap)(x, 2).data()).toEqual(withTape)
  })
})

it('embedding adds up the gradients of a row that is read often', async () => {
  const read = ids(3, 0, 3, 3, 5, 0).reshape([2, 3])
  type Embedding = typeof compositions.embedding
  const of = (embedding: Embedding) => (table: Tensor) => embedding(table, read)
  await expectAgreement(of(wasmEmbedding(heap)), of(compositions.embedding), [noise([6, 7], 8)])
})

it.each([1, 3, 4, 999])('dropout drops what the composition drops, of %i numbers', async (length) => {
  const state = { dropoutRate: 0.3, random: tf.tensor1d([-7, 12], 'int32'), training: true }
  const wasm = (x: Tensor) => wasmDropout(heap, state)(x, 5)
  await expectAgreement(wasm, (x) => dropoutComposition(x, 5, state), [noise([length], 4)])
})

it('dropout drops its share and scales up the rest', async () => {
  const state = { dropoutRate: 0.3, random: tf.tensor1d([-7, 12], 'int32'), training: true }
  const numbers = Array.from(await wasmDropout(heap, state)(tf.ones([10_000]), 5).data())
  // Three standard deviations: 3 * sqrt(0.3 * 0.7 * 10,000) = 137.
  expect(Math.abs(numbers.filter((x) => x === 0).length - 3000)).toBeLessThan(137)
  expect(new Set(numbers)).toEqual(new Set([0, Math.fround(1 / 0.7)]))
})

it.each([0, 0.1])('crossEntropy, smoothing %d, rows of padding', async (smoothing) => {
  const labels = ids(2, -1, 0, 9, -1)
  const of = (loss: typeof crossEntropy) => (logits: Tensor) => loss(logits, labels, smoothing)
  await expectAgreement(of(wasmLoss(heap)), of(crossEntropy), [noise([5, 10], 9).mul<Tensor>(20)])
})

it('lets a number that is not finite through, so that a run can stop', async () => {
  const bad = tf.tensor2d([[1, NaN, 2]])
  const [loss] = await evaluate((x) => wasmLoss(heap)(x, ids(0), 0), [bad])
  expect(loss![0]).toBeNaN()
  const [row] = await evaluate((x) => wasmNorm(heap)(x, tf.ones([3]), tf.zeros([3]), 1e-6), [bad])
  expect(Array.from(row!).every(Number.isNaN)).toBe(true)
  const [gelu] = await evaluate(
    (x) => wasmLinear(heap, noDropout).linear(x, tf.eye(3), tf.zeros([3]), { activation: 'gelu' }),
    [bad],
  )
  expect(gelu![1]).toBeNaN()
  const [mixed] = await evaluate((x) => wasmAttention(heap)(x.reshape([1, 1, 3]), 1), [tf.tensor1d([1, 1, NaN])])
  expect(mixed![0]).toBeNaN()
})

it('clones without a copy, and keeps the numbers until the last clone is gone', async () => {
  const x = tf.tensor1d([1, 2, 3])
  const clone = x.clone()
  expect(heap.at(clone)).toBe(heap.at(x))
  x.dispose()
  tf.zeros([3]).dispose()
  expect(await clone.array()).toEqual([1, 2, 3])
  const { numBytes } = tf.memory()
  clone.dispose()
  expect(tf.memory().numBytes).toBe(numBytes - 12)
})

it('gives the same bits again, and keeps no memory', async () => {
  const inputs = [noise([64, 24], 1), noise([24, 72], 2), noise([72], 3), noise([72], 4), noise([72], 5)]
  const block = (x: Tensor, w: Tensor, b: Tensor, scale: Tensor, shift: Tensor) => {
    const stacked = wasmNorm(heap)(
      wasmLinear(heap, noDropout).linear(x, w, b, { activation: 'gelu' }),
      scale,
      shift,
      1e-6,
    )
    return wasmAttention(heap)(stacked.reshape([4, 16, 72]), 2)
  }
  const first = await evaluate(block, inputs)
  const { numTensors, numBytes } = tf.memory()
  const pages = bytesOf(heap)
  for (let i = 0; i < 50; i++) expect(await evaluate(block, inputs)).toEqual(first)
  expect(tf.memory()).toMatchObject({ numTensors, numBytes })
  expect(bytesOf(heap)).toBe(pages)
})

function bytesOf(memory: Heap): number {
  if (!(memory instanceof WasmHeap)) throw new TypeError('It is not the memory of tfjs-wasm.')
  return memory.bytes
}
