import { afterAll, beforeAll, expect, test } from 'vitest'
import { Readback } from '../gpu/readback'
import { noise, testBackend } from './ops/testing'
import type { ArenaBackend } from './backend'
import { createOps, type Ops } from './ops'
import { encodeCommands } from './recording'
import { tf, type Tensor } from './tfjs'

let backend: ArenaBackend
let readback: Readback
let ops: Ops

beforeAll(async () => {
  backend = await testBackend()
  readback = new Readback(backend.device)
  ops = createOps(backend, { dropoutRate: 0, random: tf.tensor([0, 0], [2], 'int32'), training: true })
})

afterAll(() => readback.dispose())

/** 128 floats of an arena: weights with their values, gradients of 7 everywhere. */
function arena(weights: readonly number[], places: readonly { readonly offset: number; readonly shape: number[] }[]) {
  const { device } = backend
  const buffer = (values: Float32Array<ArrayBuffer>) => {
    const made = device.createBuffer({
      size: values.byteLength,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    })
    device.queue.writeBuffer(made, 0, values)
    return made
  }
  const [values, grads] = [
    buffer(Float32Array.from({ length: 128 }, (_, i) => weights[i] ?? 0)),
    buffer(new Float32Array(128).fill(7)),
  ]
  const variables = places.map(({ offset, shape }) => {
    const view = backend.view(values, 4 * offset, shape)
    backend.placeGradient(view, grads, 4 * offset)
    return tf.variable(view)
  })
  return { grads, variables }
}

/** Replays the gradient of the sum of `forward`; answers the arena's gradients and whether each lies in its place. */
async function differentiate({ grads, variables }: ReturnType<typeof arena>, forward: () => Tensor) {
  const recording = backend.record(() =>
    tf.tidy(() => tf.variableGrads(() => forward().sum().asScalar(), variables).grads),
  )
  const encoder = backend.device.createCommandEncoder()
  encodeCommands(encoder, recording.commands)
  backend.device.queue.submit([encoder.finish()])
  const bindings = variables.map((v) => backend.binding(recording.value[v.name]!))
  const read = async ({ buffer, offset, size }: GPUBufferBinding) => [
    ...new Float32Array(await readback.read(buffer, offset, size)),
  ]
  return {
    placed: bindings.map((b) => b.buffer === grads),
    gradients: await Promise.all(bindings.map(read)),
    floats: await read({ buffer: grads, offset: 0, size: 512 }),
  }
}

test('gradients are written to their places, and the padding behind them stays as it was', async () => {
  // y = [1 2] [[1 2] [3 4]] + [5 6], summed: dW = x^T [1 1] = [[1 1] [2 2]], db = [1 1].
  const model = arena(
    [1, 2, 3, 4],
    [
      { offset: 0, shape: [2, 2] },
      { offset: 64, shape: [2] },
    ],
  )
  const [weights, bias] = model.variables as Tensor[] as [Tensor, Tensor]
  const { placed, floats } = await differentiate(model, () => ops.nn.linear(tf.tensor([[1, 2]]), weights, bias))
  expect(placed).toEqual([true, true])
  expect(floats).toEqual(Array.from({ length: 128 }, (_, i) => [1, 1, 2, 2][i] ?? (i === 64 || i === 65 ? 1 : 7)))
})

test('a matrix that is used twice has the sum of both gradients', async () => {
  // y = x W W with x = [1 2], W = [[1 2] [3 4]]: x W = [7 10]. With ones behind it, the second use gives [[7 7] [10
  // 10]], and the first x^T (ones W^T) = [1 2]^T [3 7] = [[3 7] [6 14]].
  const model = arena([1, 2, 3, 4], [{ offset: 0, shape: [2, 2] }])
  const [weights] = model.variables as Tensor[] as [Tensor]
  const zeros = tf.zeros([2])
  const { placed, gradients } = await differentiate(model, () =>
    ops.nn.linear(ops.nn.linear(tf.tensor([[1, 2]]), weights, zeros), weights, zeros),
  )
  expect(placed).toEqual([false])
  expect(gradients).toEqual([[10, 14, 16, 24]])
})

test('sums of slices, norms and tables write to their places too', async () => {
  const model = arena(
    Array.from({ length: 128 }, (_, i) => 1 + ((i * i) % 5)),
    [
      { offset: 0, shape: [3, 4] },
      { offset: 64, shape: [4] },
    ],
  )
  const [table, scale] = model.variables as Tensor[] as [Tensor, Tensor]
  const ids = tf.tensor(
    Int32Array.from({ length: 300 }, (_, i) => i % 2),
    [100, 3],
    'int32',
  )
  const forward = () =>
    ops.nn.layerNorm(ops.nn.embedding(table, ids), scale, tf.zeros([4]), 1e-3).mul(noise([100, 3, 4], 1))
  const { placed, floats } = await differentiate(model, forward)
  expect(placed).toEqual([true, true])
  // Row 2 of the table is looked up by nobody.
  expect(floats.slice(8, 13)).toEqual([0, 0, 0, 0, 7])
  expect(floats.slice(0, 8).filter((g) => g === 0 || g === 7)).toEqual([])
  expect(floats.slice(64, 68).filter((g) => g === 0 || g === 7)).toEqual([])
  expect(floats[68]).toBe(7)
})
