import { beforeAll, expect, test } from 'vitest'
import { Readback } from '../../gpu/readback'
import type { ArenaBackend } from '../backend'
import { encodeCommands, type Command } from '../recording'
import { tf, type Tensor } from '../tfjs'
import { createOps, type Ops } from '.'
import { dropoutMask } from './dropout'
import { noise, testBackend } from './testing'

let backend: ArenaBackend
let random: { tensor: Tensor; write(...values: number[]): void }
let ops: Ops

beforeAll(async () => {
  backend = await testBackend()
  random = input(2, [2])
  ops = createOps(backend, { dropoutRate: 0.5, random: random.tensor, training: true })
})

/** An int32 input of a recording: a buffer that stays, written before each replay. */
function input(length: number, shape: number[]): { tensor: Tensor; write(...values: number[]): void } {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
  const { device } = backend
  const buffer = device.createBuffer({ size: 4 * length, usage })
  const write = (...values: number[]) => device.queue.writeBuffer(buffer, 0, Int32Array.from(values))
  return { tensor: backend.view(buffer, 0, shape, 'int32'), write }
}

async function replay(commands: readonly Command[], result: Tensor): Promise<number[]> {
  const encoder = backend.device.createCommandEncoder()
  encodeCommands(encoder, commands)
  backend.device.queue.submit([encoder.finish()])
  const readback = new Readback(backend.device)
  const { buffer, offset, size } = backend.binding(result)
  const bytes = await readback.read(buffer, offset, size)
  readback.dispose()
  return Array.from(new Float32Array(bytes))
}

test('a replayed dropout draws the mask of the step that was written before', async () => {
  const recording = backend.record(() => ops.nn.dropout(tf.ones([300]), 2))
  for (const [seed, step] of [
    [5, 0],
    [5, 1],
    [6, 1],
  ] as const) {
    random.write(seed, step)
    expect(await replay(recording.commands, recording.value)).toEqual(Array.from(dropoutMask(seed, step, 2, 0.5, 300)))
  }
  recording.dispose()
})

test('a replayed embedding follows new ids, forwards and backwards', async () => {
  const ids = input(4, [1, 4])
  const table = tf.tensor([0, 1, 2, 3, 4], [5, 1])
  const gradient = tf.tensor([1, 10, 100, 1000], [1, 4, 1])
  const recording = backend.record(() => {
    const [tableGrad] = tf.grads((t: tf.Tensor) => ops.nn.embedding(t, ids.tensor))([table], gradient)
    return { value: ops.nn.embedding(table, ids.tensor), tableGrad: tableGrad as Tensor }
  })
  ids.write(3, 0, 3, 1)
  expect(await replay(recording.commands, recording.value.value)).toEqual([3, 0, 3, 1])
  expect(await replay(recording.commands, recording.value.tableGrad)).toEqual([10, 1000, 0, 101, 0])
  ids.write(2, 2, 2, 4)
  expect(await replay(recording.commands, recording.value.tableGrad)).toEqual([0, 0, 111, 0, 1000])
  recording.dispose()
})

test('gradients are the same bits on each replay, long sums included', async () => {
  const [x, weights, bias] = [noise([300, 12], 1), noise([12, 20], 2), noise([20], 3)]
  const recording = backend.record(() => {
    const loss = (w: Tensor, b: Tensor) =>
      ops.nn.layerNorm(ops.nn.linear(x, w, b, { activation: 'gelu' }), tf.ones([20]), b, 1e-5)
    return tf.grads(loss)([weights, bias], noise([300, 20], 4))
  })
  for (const gradient of recording.value) {
    const first = await replay(recording.commands, gradient)
    expect(first.some((g) => g !== 0)).toBe(true)
    expect(await replay(recording.commands, gradient)).toEqual(first)
  }
  recording.dispose()
})
