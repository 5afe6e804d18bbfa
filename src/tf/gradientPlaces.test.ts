import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Nn } from '../core/model'
import { Readback } from '../gpu/readback'
import { expectClose } from '../gpu/testing'
import { noise, testBackend } from './ops/testing'
import type { ArenaBackend } from './backend'
import { composedNn, createOps, type Ops } from './ops'
import { encodeCommands, type Command } from './recording'
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

/** Floats of an arena: weights with their values, gradients of 7 everywhere. */
function arena(weights: readonly number[], places: readonly { readonly offset: number; readonly shape: number[] }[]) {
  const { device } = backend
  const length = Math.max(128, ...places.map(({ offset }) => offset + 64))
  const buffer = (values: Float32Array<ArrayBuffer>) => {
    const made = device.createBuffer({
      size: values.byteLength,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    })
    device.queue.writeBuffer(made, 0, values)
    return made
  }
  const [values, grads] = [
    buffer(Float32Array.from({ length }, (_, i) => weights[i] ?? 0)),
    buffer(new Float32Array(length).fill(7)),
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
    recording,
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

/** How often each kernel runs, by label. */
function labels(recording: { readonly commands: readonly Command[] }): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const command of recording.commands)
    if (command.kind === 'dispatch') counts[command.pipeline.label] = (counts[command.pipeline.label] ?? 0) + 1
  return counts
}

describe('of slices', () => {
  // 100 rows are three slices of 34; each row is [1 2], so dW = x^T ones = [[100 100] [200 200]], db = [100 100].
  const x = () => tf.tensor2d(Array.from({ length: 100 }, () => [1, 2]))
  const places = [
    { offset: 0, shape: [2, 2] },
    { offset: 64, shape: [2] },
  ]

  test('all sums are made in one dispatch at the end, each in its place', async () => {
    const model = arena([1, 0, 0, 1], places)
    const [weights, bias] = model.variables as Tensor[] as [Tensor, Tensor]
    const { placed, floats, recording } = await differentiate(model, () => ops.nn.linear(x(), weights, bias))
    expect(placed).toEqual([true, true])
    expect(labels(recording).sumSlices).toBe(1)
    expect(floats.slice(0, 5)).toEqual([100, 100, 200, 200, 7])
    expect(floats.slice(64, 67)).toEqual([100, 100, 7])
  })

  test('who reads a sum before the end gets it whole: tfjs adds the gradient by another use', async () => {
    // The sum of the squares of W = [[1 2] [3 4]] has the gradient 2 W.
    const model = arena([1, 2, 3, 4], places)
    const [weights, bias] = model.variables as Tensor[] as [Tensor, Tensor]
    const { gradients } = await differentiate(model, () =>
      weights
        .square()
        .sum()
        .add(ops.nn.linear(x(), weights, bias).sum()),
    )
    expect(gradients).toEqual([
      [102, 104, 206, 208],
      [100, 100],
    ])
  })
})

describe('the kernel of a gradient ends in', () => {
  type Form = (nn: Nn, hidden: Tensor, parameters: readonly Tensor[]) => Tensor
  const forms: Record<string, { readonly form: Form; readonly used: number; readonly separate: readonly string[] }> = {
    'the sum with another gradient of the same tensor': {
      form: (nn, hidden, [weights, bias, scale, shift]) =>
        nn.linear(nn.layerNorm(hidden, scale!, shift!, 1e-3), weights!, bias!, { residual: hidden }),
      used: 6,
      separate: ['slopeGradient'],
    },
    'the slope of the activation before it': {
      form: (nn, hidden, [weights, bias]) => nn.linear(hidden, weights!, bias!),
      used: 4,
      separate: [],
    },
    both: {
      form: (nn, hidden, [weights, bias]) => nn.linear(hidden, weights!, bias!, { residual: hidden }),
      used: 4,
      separate: [],
    },
  }

  test.each(Object.keys(forms))('%s', async (name) => {
    const { form, used: count, separate } = forms[name]!
    const shapes = [[4, 4], [4], [4, 4], [4], [4], [4]]
    const model = arena(
      Array.from({ length: 384 }, (_, i) => Math.sin(i)),
      shapes.map((shape, i) => ({ offset: 64 * i, shape })),
    )
    const [first, bias, ...others] = model.variables as Tensor[] as [Tensor, Tensor, ...Tensor[]]
    const x = noise([3, 4], 5)
    const forward = (nn: Nn) => form(nn, nn.linear(x, first, bias, { activation: 'gelu' }), others)
    const used = { ...model, variables: model.variables.slice(0, count) }
    const { gradients, recording } = await differentiate(used, () => forward(ops.nn))
    const apart = Object.keys(labels(recording)).filter((label) => /^(BinaryOp|slope|sum)/.test(label))
    expect(apart).toEqual(separate)
    const composed = tf.tidy(() => {
      const nn = composedNn({ dropoutRate: 0, random: bias, training: true })
      return tf.variableGrads(() => forward(nn).sum().asScalar(), used.variables).grads
    })
    const expected = await Promise.all(used.variables.map((v) => composed[v.name]!.data()))
    expected.forEach((numbers, i) =>
      expectClose(`gradient ${i}`, gradients[i]!, numbers, { absolute: 1e-5, relative: 1e-4 }),
    )
  })
})
