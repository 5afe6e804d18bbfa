import { beforeAll, describe, expect, test } from 'vitest'
import { Readback } from '../../gpu/readback'
import { lehmer } from '../../gpu/testing'
import { route as routeTwin } from '../../../shaders/transformer/route'
import type { ArenaBackend } from '../backend'
import { encodeCommands } from '../recording'
import { tf, type Tensor } from '../tfjs'
import { choices } from './choices'
import { fusedChoices } from './fusedChoices'
import { evaluate, noise, testBackend } from './testing'
import { hardwareTiles, softwareTiles, type Tiles } from './tiles'

let backend: ArenaBackend

beforeAll(async () => {
  backend = await testBackend()
})

const tiles: [string, Tiles][] = [
  ['software', softwareTiles],
  ['hardware', hardwareTiles],
]

/** Indices of the entries that stay, by sorting: larger sizes first, of equal ones the lower index. */
function staying(row: readonly number[], count: number): number[] {
  return row
    .map((_, i) => i)
    .sort((a, b) => Math.abs(row[b]!) - Math.abs(row[a]!) || a - b)
    .slice(0, count)
}

describe.each(tiles)('strongest, tiles of %s', (_, tile) => {
  const strongest = (x: Tensor, count: number | Tensor) => fusedChoices(backend, tile).strongest(x, count)

  test('gives hand-worked numbers: two of each row, the first of equal ones', async () => {
    // Sizes 1 3 2 3: the 3s stay. 2 2 1 2: the first two 2s. 0 0 0 5: the 5 and the first 0, whose gradient flows.
    const x = tf.tensor([
      [1, -3, 2, 3],
      [2, -2, 1, 2],
      [0, 0, 0, 5],
    ])
    expect(await strongest(x, 2).array()).toEqual([
      [0, -3, 0, 3],
      [2, -2, 0, 0],
      [0, 0, 0, 5],
    ])
    const gradient = tf.grad((y: Tensor) => strongest(y, 2))(x, tf.ones([3, 4]))
    expect(await gradient.array()).toEqual([
      [0, 1, 0, 1],
      [1, 1, 0, 0],
      [1, 0, 0, 1],
    ])
  })

  test.each([
    [1, 1, 1],
    [3, 7, 3],
    [130, 33, 16],
    [5, 300, 299],
    [2, 300, 1],
    [9, 65, 65],
    [4, 6, 0],
    [2, 3, 8],
  ])('keeps exactly what sorting keeps: %i rows of %i, %i of each', async (rows, width, count) => {
    const random = lehmer(rows * width + count)
    // Few values, so that many are equal; some tiny, some zero.
    const row = () =>
      Array.from({ length: width }, () => Math.fround((Math.round(4 * random()) / 4) * (random() > 0.8 ? 1e-30 : 1)))
    const x = Array.from({ length: rows }, row)
    const expected = x.map((values) => values.map((value, i) => (staying(values, count).includes(i) ? value : 0)))
    expect(await strongest(tf.tensor2d(x), count).add(0).array()).toEqual(
      expected.map((values) => values.map((v) => v + 0)),
    )
  })

  test('agrees with the composition, and counts by a tensor', async () => {
    const x = noise([2, 5, 40], 1)
    const [ours, composed] = [
      await evaluate((y) => strongest(y, tf.tensor1d([7])), [x]),
      await evaluate((y) => choices.strongest(y, 7), [x]),
    ]
    // The composition multiplies by 0, which makes zeros with a sign.
    const unsigned = (parts: readonly Float32Array[]) => parts.map((part) => Array.from(part, (v) => v + 0))
    expect(unsigned(ours)).toEqual(unsigned(composed))
  })
})

describe.each(tiles)('route and take, tiles of %s', (_, tile) => {
  const ops = () => fusedChoices(backend, tile)

  test('gives hand-worked numbers: two experts of two places', async () => {
    // Tokens ask for 0, 1, 0 (of equal ones the first), nobody, 0: the third that asks for 0 finds it full.
    const p = tf.tensor([
      [0.6, 0.4],
      [0.2, 0.8],
      [0.5, 0.5],
      [0, 0],
      [0.9, 0.1],
    ])
    const { expert, place, token } = ops().route(p, 2)
    expect(await expert.array()).toEqual([0, 1, 0, -1, 0])
    expect(await place.array()).toEqual([0, 2, 1, -1, -1])
    expect(await token.array()).toEqual([0, 2, 1, -1])
    const x = tf.tensor([[1], [2], [3], [4], [5]])
    const dealt = ops().take(x, token, place)
    expect(await dealt.array()).toEqual([[1], [3], [2], [0]])
    expect(await ops().take(dealt, place, token).array()).toEqual([[1], [2], [3], [0], [0]])
    const gradient = tf.grad((y: Tensor) => ops().take(y, token, place))(x, tf.tensor([[10], [20], [30], [40]]))
    expect(await gradient.array()).toEqual([[10], [30], [20], [0], [0]])
  })

  test.each([
    [1, 1, 1],
    [257, 3, 70],
    [1000, 8, 150],
    [31, 5, 40],
  ])('deals as the twin does: %i tokens, %i experts of %i', async (tokens, experts, capacity) => {
    const random = lehmer(tokens)
    const p = Float32Array.from({ length: tokens * experts }, () => Math.max(0, Math.round(6 * random()) / 6))
    const dealt = ops().route(tf.tensor(p, [tokens, experts]), capacity)
    const expected = routeTwin(p, experts, capacity)
    for (const name of ['expert', 'place', 'token'] as const)
      expect(Array.from(await dealt[name].data()), name).toEqual(Array.from(expected[name]))
    const asked = Array.from({ length: experts }, (_, e) => expected.expert.filter((x) => x === e).length)
    expect(expected.place.filter((at) => at >= 0).length).toBe(asked.reduce((sum, n) => sum + Math.min(n, capacity), 0))
  })
})

test('a replay chooses by what was written before it', async () => {
  const { device } = backend
  const buffer = (size: number) =>
    device.createBuffer({ size, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC })
  const [numbers, counts] = [buffer(24), buffer(4)]
  const x = backend.view(numbers, 0, [3, 2])
  const recording = backend.record(() => {
    const ops = fusedChoices(backend, softwareTiles)
    const { token, place } = ops.route(x, 1)
    return ops.strongest(ops.take(ops.take(x, token, place), place, token), backend.view(counts, 0, [1]))
  })
  const replay = async (count: number, ...rows: number[]) => {
    device.queue.writeBuffer(numbers, 0, Float32Array.from(rows))
    device.queue.writeBuffer(counts, 0, Float32Array.of(count))
    const encoder = device.createCommandEncoder()
    encodeCommands(encoder, recording.commands)
    device.queue.submit([encoder.finish()])
    const readback = new Readback(device)
    const { buffer: from, offset, size } = backend.binding(recording.value)
    const read = Array.from(new Float32Array(await readback.read(from, offset, size)))
    readback.dispose()
    return read
  }
  // Each of two experts takes one token, the first that asks for it; the third passes. Then the larger of a row stays,
  // or both.
  expect(await replay(1, 3, 1, 4, 2, 1, 5)).toEqual([3, 0, 0, 0, 0, 5])
  expect(await replay(2, 1, 2, 3, 4, 6, 5)).toEqual([1, 2, 0, 0, 6, 5])
  recording.dispose()
})

test('constant hides what it computes from the gradient', async () => {
  // y = x * constant(x^2): dy/dx = x^2, not 3 x^2.
  const gradient = tf.grad((x: Tensor) => x.mul(choices.constant(() => x.square())))(tf.tensor1d([2, 3]))
  expect(await gradient.array()).toEqual([4, 9])
})
