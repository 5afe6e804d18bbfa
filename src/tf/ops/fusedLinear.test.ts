import { beforeAll, describe, expect, test } from 'vitest'
import type { LinearOptions, Nn } from '../../core/model'
import type { ArenaBackend } from '../backend'
import { tf, type Tensor } from '../tfjs'
import { expectClose } from '../../gpu/testing'
import { createOps, fusedNn, type Ops, type OpsState } from '.'
import { evaluate, expectAgreement, noise, testBackend } from './testing'
import { hardwareTiles, softwareTiles, tilesFor } from './tiles'

let backend: ArenaBackend
let state: OpsState
let fused: Ops
let composed: Ops

beforeAll(async () => {
  backend = await testBackend()
  // Each has its own tensor: once on the GPU, `random` cannot be read without waiting, as the composition does.
  const make = (): OpsState => ({ dropoutRate: 0.25, random: tf.tensor([7, 3], [2], 'int32'), training: true })
  state = make()
  fused = createOps(backend, state)
  composed = createOps(null, make())
})

/** The same call on both kinds of operations. */
function bothAgree(inputs: Tensor[], call: (nn: Nn, inputs: Tensor[]) => Tensor): Promise<void> {
  return expectAgreement(
    (...xs) => call(fused.nn, xs),
    (...xs) => call(composed.nn, xs),
    inputs,
  )
}

describe('linear', () => {
  // No tile of 4, 8 or 64 divides these.
  const shapes = [
    [[2, 5], 12, 7],
    [[3], 1, 1],
    [[1, 3], 9, 70],
    [[131], 13, 10],
  ] as const
  test.each(shapes)('agrees with the composition for x %j, %i in, %i out', async (leading, fanIn, fanOut) => {
    const inputs = [noise([...leading, fanIn], 1), noise([fanIn, fanOut], 2), noise([fanOut], 3)]
    await bothAgree(inputs, (nn, [x, w, b]) => nn.linear(x!, w!, b!))
    await bothAgree(inputs, (nn, [x, w, b]) => nn.linear(x!, w!, b!, { activation: 'gelu' }))
  })

  test('gives hand-worked numbers', async () => {
    // [1 2] [[1 2 3] [4 5 6]] + [.5 0 -.5] = [9.5 12 14.5]; with dy = [1 0 2]: dx = dy W^T = [1 + 6, 4 + 12] = [7 16],
    // dW = x^T dy = [[1 0 2] [2 0 4]], db = dy.
    const inputs = [tf.tensor([1, 2], [1, 2]), tf.tensor([1, 2, 3, 4, 5, 6], [2, 3]), tf.tensor([0.5, 0, -0.5])]
    const linear = (...[x, w, b]: Tensor[]) => fused.nn.linear(x!, w!, b!)
    expect(Array.from(await linear(...inputs).data())).toEqual([9.5, 12, 14.5])
    const gradients = tf.grads(linear)(inputs, tf.tensor([1, 0, 2], [1, 3]))
    expect(await Promise.all(gradients.map((g) => g.array()))).toEqual([
      [[7, 16]],
      [
        [1, 0, 2],
        [2, 0, 4],
      ],
      [1, 0, 2],
    ])
  })

  test('does not compute the gradient of patches', async () => {
    const weights = noise([12, 4], 2)
    const call = (nn: Nn, w: Tensor) => nn.linear(nn.patches(noise([2, 4, 6, 3], 1), 2), w, tf.zeros([4]))
    await expectAgreement(
      (w) => call(fused.nn, w),
      (w) => call(composed.nn, w),
      [weights],
    )
  })

  const options: LinearOptions[] = [{ dropout: 3 }, { activation: 'gelu', dropout: 3 }, {}]
  test.each(options)('adds a residual behind %j', async (option) => {
    const inputs = [noise([2, 5, 12], 1), noise([12, 7], 2), noise([7], 3), noise([2, 5, 7], 4)]
    await bothAgree(inputs, (nn, [x, w, b, residual]) => nn.linear(x!, w!, b!, { ...option, residual: residual! }))
  })

  test('leaves dropout out where it is off', async () => {
    const evaluation = createOps(backend, { ...state, training: false })
    const [x, w, b] = [noise([2, 12], 1), noise([12, 7], 2), noise([7], 3)] as const
    expect(await evaluation.nn.linear(x, w, b, { dropout: 3 }).data()).toEqual(await fused.nn.linear(x, w, b).data())
  })
})

describe('linears', () => {
  const kinds = { weights: [12, 7], biases: [7] } as const
  const parameters = (seed: number) => [
    ...[0, 1, 2].map((i) => noise([...kinds.weights], seed + i)),
    ...[3, 4, 5].map((i) => noise([...kinds.biases], seed + i)),
  ]
  const call = (nn: Nn, [x, ...rest]: Tensor[]) => nn.linears(x!, rest.slice(0, 3), rest.slice(3))

  test.each([[2, 5], [131]])('agree with three linear layers beside each other for x %j', async (...leading) => {
    await bothAgree([noise([...leading, 12], 1), ...parameters(2)], call)
  })

  test('read parameters where they lie in one buffer', async () => {
    const separate = parameters(2)
    const buffer = backend.device.createBuffer({
      size: 4096,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    })
    const views = await Promise.all(
      separate.map(async (tensor, i) => {
        // Matrices of 84 floats at multiples of 512 bytes, biases behind them; not in the order of the call.
        const offset = i < 3 ? 512 * ((i + 1) % 3) : 1536 + 256 * (5 - i)
        backend.device.queue.writeBuffer(buffer, offset, await tensor.data<'float32'>())
        return backend.view(buffer, offset, tensor.shape)
      }),
    )
    const x = noise([5, 12], 1)
    const labels: string[] = []
    const run = backend.run.bind(backend)
    backend.run = (program) => {
      labels.push(program.label)
      return run(program)
    }
    const result = call(fused.nn, [x, ...views])
    backend.run = run
    expect(labels).toEqual(['linear'])
    expect(await result.data()).toEqual(await call(fused.nn, [x, ...separate]).data())
  })

  test('refuse other numbers of layers', () => {
    expect(() => fused.nn.linears(noise([1, 2], 1), [noise([2, 2], 2), noise([2, 2], 3)], [])).toThrow(
      /come in threes; the model asks for 2/,
    )
  })
})

describe('masked weights', () => {
  test('count as 0 forwards and backwards, and have dense gradients', async () => {
    // Weights [[1 2] [3 4]] at float 64, so their bits begin at word 2 of the mask: 0b1001 keeps 1 and 4. x = [1 2],
    // bias 0: y = [1 8]; with dy = [1 1], dx = [1 + 0, 0 + 4] and dW = x^T dy = [[1 1] [2 2]].
    const { device } = backend
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    const [weights, words] = [device.createBuffer({ size: 1024, usage }), device.createBuffer({ size: 16, usage })]
    device.queue.writeBuffer(weights, 256, Float32Array.of(1, 2, 3, 4))
    device.queue.writeBuffer(words, 8, Uint32Array.of(0b1001))
    const view = backend.view(weights, 256, [2, 2])
    const masked = { weights, mask: backend.view(words, 0, [4], 'int32') }
    const { nn } = createOps(backend, { ...state, masked })
    const [x, zeros, ones] = [tf.tensor([[1, 2]]), tf.zeros([2]), tf.ones([1, 2])]
    const linear = (input: Tensor, w: Tensor) => nn.linear(input, w, zeros)
    expect(await linear(x, view).array()).toEqual([[1, 8]])
    const gradients = tf.grads(linear)([x, view], ones)
    expect(await Promise.all(gradients.map((g) => g.array()))).toEqual([
      [[1, 4]],
      [
        [1, 1],
        [2, 2],
      ],
    ])
    // The second 64 floats lie beyond the mask, and a tensor elsewhere was never under it.
    expect(
      await linear(
        x,
        tf.tensor([
          [1, 2],
          [3, 4],
        ]),
      ).array(),
    ).toEqual([[7, 10]])
    device.queue.writeBuffer(weights, 512, Float32Array.of(1, 2, 3, 4))
    expect(await linear(x, backend.view(weights, 512, [2, 2])).array()).toEqual([[7, 10]])
  })

  test('of three layers are read each through its own bits', async () => {
    // Three layers of 64 x 1 of ones, of which 1, 2 and 3 are kept; x is ones: [1 2 3].
    const { device } = backend
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    const [weights, words] = [device.createBuffer({ size: 768, usage }), device.createBuffer({ size: 24, usage })]
    device.queue.writeBuffer(weights, 0, new Float32Array(192).fill(1))
    device.queue.writeBuffer(words, 0, Uint32Array.of(1, 0, 0b11, 0, 0, 0b111 << 16))
    const { nn } = createOps(backend, { ...state, masked: { weights, mask: backend.view(words, 0, [6], 'int32') } })
    const views = [0, 1, 2].map((i) => backend.view(weights, 256 * i, [64, 1]))
    expect(await nn.linears(tf.ones([1, 64]), views, [tf.zeros([1]), tf.zeros([1]), tf.zeros([1])]).array()).toEqual([
      [1, 2, 3],
    ])
  })
})

describe('factors of 16 bits', () => {
  const gradientsAt = async (x: number, w: number, outputGrad: number) => {
    const { nn } = createOps(backend, { ...state, factors: 'f16' })
    const linear = (...[a, b, c]: Tensor[]) => nn.linear(a!, b!, c!)
    const inputs = [tf.tensor([x], [1, 1]), tf.tensor([w], [1, 1]), tf.tensor([0.25])]
    const gradients = tf.grads(linear)(inputs, tf.tensor([outputGrad], [1, 1]))
    return Promise.all([linear(...inputs), ...gradients].map(async (tensor) => (await tensor.data())[0]))
  }

  test('are rounded to 11 bits, and gradients too small for 16 bits are not lost', async () => {
    // 1 + 2^-12 becomes 1: y = 1 * 3 + 0.25, dx = dy * 3, dW = dy * 1, db = dy.
    const small = 1.5 * 2 ** -26
    expect(await gradientsAt(1 + 2 ** -12, 3, small)).toEqual([3.25, 3 * small, small, small])
  })

  test('that are too large become the largest, not infinite', async () => {
    // Gradients are stored times 4,096.
    const largest = 65504 / 4096
    expect(await gradientsAt(1e6, 2, 1e6)).toEqual([2 * 65504 + 0.25, 2 * largest, 65504 * largest, largest])
  })
})

describe('every schedule', () => {
  // No block of any schedule divides these.
  const inputs = () => [noise([131, 13], 1), noise([13, 70], 2), noise([70], 3), noise([131, 70], 4)]
  const schedules = [...softwareTiles.products, ...hardwareTiles.products]
  type Call = (nn: Nn, inputs: Tensor[]) => Tensor
  const results = (products: (typeof schedules)[number], count: number, call: Call, own: Partial<OpsState> = {}) => {
    const tiles = { ...tilesFor(backend.device), groups: 1, products: [products] as const }
    const nn = fusedNn(backend, { ...state, ...own }, tiles)
    return evaluate((...xs) => call(nn, xs), inputs().slice(0, count))
  }

  test('gives the same bits, value and gradients', async () => {
    const call = (nn: Nn, [x, w, b, residual]: Tensor[]) =>
      nn.linear(x!, w!, b!, { activation: 'gelu', dropout: 1, residual: residual! })
    const expected = await results(schedules[0]!, 4, call)
    expect(expected[0]!.some((y) => y !== 0)).toBe(true)
    for (const schedule of schedules.slice(1))
      expect(await results(schedule, 4, call), JSON.stringify(schedule)).toEqual(expected)
  }, 300_000)

  // One that reads registers, one that shares blocks, one with two copies of each.
  test('gives the same bits where factors have 16 bits, within 2e-3 of those with 32', async () => {
    const call: Call = (nn, [x, w, b]) => nn.linear(x!, w!, b!)
    const tile = { tileRows: 1, tileColumns: 4, lanes: 4, layers: 4 }
    const [registers, shared, doubled] = [{}, { depth: 4 }, { depth: 4, doubled: true }].map((memory) => ({
      ...tile,
      ...memory,
    }))
    const halves = await results(registers!, 3, call, { factors: 'f16' })
    expect(await results(shared!, 3, call, { factors: 'f16' })).toEqual(halves)
    expect(await results(doubled!, 3, call, { factors: 'f16' })).toEqual(halves)
    const full = await results(registers!, 3, call)
    expect(halves).not.toEqual(full)
    full.forEach((expected, i) => {
      const absolute = 2e-3 * Math.max(...expected.map(Math.abs))
      expectClose(`result ${i}`, halves[i]!, expected, { absolute, relative: 0 })
    })
  }, 300_000)

  test('gives the same bits for three layers', async () => {
    const call = (nn: Nn, [x, w, b]: Tensor[]) => nn.linears(x!, [w!, w!.neg(), w!], [b!, b!, b!.neg()])
    const expected = await results(schedules[0]!, 3, call)
    const shared = schedules.find((schedule) => schedule.depth !== undefined)!
    expect(await results(shared, 3, call)).toEqual(expected)
  }, 300_000)
})
