import { beforeAll, expect, test } from 'vitest'
import { OwnMemory } from '../../wasm/ownMemory'
import { nodeThreads } from '../../host/nodeThreads'
import { startPortableBackend } from '../portable'
import { tf, type Tensor } from '../tfjs'
import { record } from './record'
import type { Recorder } from './recorder'

beforeAll(async () => {
  await startPortableBackend('wasm', '')
})

const shape = [3, 4, 5] as const
const size = 60
const numbers = (seed: number) => Float32Array.from({ length: size }, (_, i) => Math.sin(seed + 1.7 * i) + 0.2)

/** What the operation gives when it is recorded and then run on numbers that it has not seen. */
function replayed(f: (x: Tensor, y: Tensor) => Tensor, x: Float32Array, y: Float32Array): number[] {
  const made = record(1, (recorder: Recorder) => {
    const [a, b] = [recorder.input(4 * size), recorder.input(4 * size)]
    const result = f(recorder.view(a, 0, shape), recorder.view(b, 0, shape))
    return { kept: [result], placed: [], result: { a, b, size: result.size } }
  })
  if (!made) throw new Error('It was not recorded.')
  const { recording, kept, result } = made
  const memory = new OwnMemory(recording.temporaryBytes + recording.constantBytes + 8 * size + 1024)
  const [a, b] = [memory.floats(size), memory.floats(size)]
  const constants = memory.floats(recording.constantBytes / 4).byteOffset
  const temporary = memory.floats(recording.temporaryBytes / 4).byteOffset
  const places = new Map([
    [result.a, a.byteOffset],
    [result.b, b.byteOffset],
  ])
  const bound = recording.bind(memory.kernels, a.buffer, temporary, constants, places)
  const output = new Float32Array(a.buffer, bound.at(kept[0] ?? 0), result.size)
  // Twice: what one run leaves must not show in the next.
  a.fill(9)
  bound.run()
  a.set(x)
  b.set(y)
  bound.run()
  return [...output]
}

const operations: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor>> = {
  'a sum, a difference, a product and a ratio': (x, y) => x.add(y).mul<Tensor>(x.sub(y)).div(y.square().add(1)),
  'numbers that repeat': (x, y) => x.mul(y.slice([0, 0, 0], [3, 1, 5])).add(y.slice([0, 1, 0], [3, 1, 5])),
  'a row for all': (x, y) => x.add(y.sum(0)).sub(y.mean([0, 1])),
  'sums and means': (x, y) => x.sum(1).add(y.mean(1)).mul(x.sum()),
  'the mean of each row': (x) => x.mean(2, true),
  'a transposition': (x) => x.transpose([0, 2, 1]),
  'a slice and padding': (x) =>
    x.slice([0, 1, 0], [3, 2, 5]).pad([
      [0, 0],
      [2, 1],
      [0, 0],
    ]),
  'tanh, sigmoid, relu': (x, y) => x.tanh().add(y.sigmoid()).add(x.relu()).sub(x.neg()).add(y.abs()),
  'the slope of a size, negative numbers too': (x, y) => tf.grad((z: Tensor) => z.abs().mul(y).sum())(x),
  'new shapes': (x) => x.reshape([12, 5]).expandDims(0).reshape([5, 12]),
  'the gradient of a square': (x, y) => tf.grad((z: Tensor) => z.square().mul(y).sum())(x),
  'the gradient of means, slices and tanh': (x, y) =>
    tf.grad((z: Tensor) =>
      z
        .mean(1)
        .tanh()
        .mul(y.slice([0, 0, 0], [3, 1, 5]).reshape([3, 5]))
        .sum(),
    )(x),
}

test.each(Object.entries(operations))('%s: the numbers of tfjs', (_, f) => {
  const [x, y] = [numbers(1), numbers(2)]
  const expected = tf.tidy(() => [...f(tf.tensor(x, [...shape]), tf.tensor(y, [...shape])).dataSync()])
  const found = replayed(f, x, y)
  expect(found).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 5)
})

test('what our kernels cannot do is not recorded, and tfjs is left as it was', () => {
  const asked = (f: (x: Tensor) => Tensor) =>
    record(1, (recorder) => ({ kept: [f(recorder.view(recorder.input(16), 0, [4]))], placed: [], result: 0 }))
  expect(asked((x) => x.erf())).toBeNull()
  expect(asked((x) => x.mul(x.dataSync()[0] ?? 0))).toBeNull()
  expect(asked((x) => x.add(1))).not.toBeNull()
  expect(tf.getBackend()).toBe('wasm')
  expect(tf.tidy(() => tf.tensor1d([1, 2]).erf().dataSync()).length).toBe(2)
})

test('an error of the function itself is not swallowed', () => {
  const broken = () => record(1, () => fail())
  expect(broken).toThrow('broken')
  expect(tf.getBackend()).toBe('wasm')
})

function fail(): never {
  throw new Error('broken')
}

test.each([1, 2, 3])(
  'a product of %i threads has the bits of a plain one, in whatever order they work',
  async (count) => {
    const [rows, columns, depth] = [130, 70, 90] as const
    const memory = new OwnMemory(8_000_000, nodeThreads(count))
    const [a, b, c] = [memory.floats(rows * depth), memory.floats(depth * columns), memory.floats(rows * columns)]
    const scratch = memory.floats((count * memory.kernels.productScratch) / 4)
    a.forEach((_, i) => (a[i] = Math.sin(i)))
    b.forEach((_, i) => (b[i] = Math.cos(3 * i)))
    // The threads start while the first products are computed.
    for (let turn = 0; turn < 50; turn++) {
      c.fill(NaN)
      memory.kernels.product(
        ...([a.byteOffset, 4 * depth, 4, b.byteOffset, 4 * columns, 4, c.byteOffset, 4 * columns] as const),
        ...([rows, columns, depth, false, scratch.byteOffset] as const),
      )
      if (turn % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 10))
      for (const i of [0, 1, 4567, rows * columns - 1]) {
        const [row, column] = [Math.floor(i / columns), i % columns]
        let sum = 0
        for (let k = 0; k < depth; k++)
          sum = Math.fround(sum + Math.fround((a[row * depth + k] ?? 0) * (b[k * columns + column] ?? 0)))
        expect(c[i]).toBe(sum)
      }
      expect(c.some(Number.isNaN)).toBe(false)
    }
    memory.close()
  },
)
