import { beforeAll, describe, expect, it, vi } from 'vitest'
import { models } from '../config/registries'
import { defaults, type Values } from '../core/knob'
import { placeTensors } from '../core/layout'
import type { InputSpec } from '../core/model'
import { initialWeights } from '../engine/executor/initial'
import { problemOf, testDevice } from '../gpu/testing'
import { Readback } from '../gpu/readback'
import type { ArenaBackend, Recording } from './backend'
import { installBackend } from './installBackend'
import { buildGraph, inputShape } from './graph'
import { createOps } from './ops'
import { encodeCommands } from './recording'
import { tf, type Tensor, type TensorInfo } from './tfjs'

let device: GPUDevice
let backend: ArenaBackend
let readback: Readback

beforeAll(async () => {
  device = await testDevice()
  backend = await installBackend(device, device.adapterInfo)
  readback = new Readback(device)
})

const usage = () => GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST

function bufferOf(data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>): GPUBuffer {
  const buffer = device.createBuffer({ size: data.byteLength, usage: usage() })
  device.queue.writeBuffer(buffer, 0, data)
  return buffer
}

async function numbers(tensor: Tensor): Promise<number[]> {
  const { buffer, offset, size } = backend.binding(tensor)
  backend.flush()
  return [...new Float32Array(await readback.read(buffer, offset, size))]
}

function replay(recording: Recording<unknown>): void {
  const encoder = device.createCommandEncoder()
  encodeCommands(encoder, recording.commands)
  device.queue.submit([encoder.finish()])
}

describe('views', () => {
  it('read and differentiate where they lie in a larger buffer', async () => {
    const buffer = bufferOf(Float32Array.from({ length: 128 }, (_, i) => i))
    const view = backend.view(buffer, 256, [2, 2])
    expect(await numbers(view.mul(2))).toEqual([128, 130, 132, 134])
    const variable = tf.variable(view)
    const { grads } = tf.variableGrads(() => variable.square().sum().asScalar(), [variable])
    expect(await numbers(grads[variable.name]!)).toEqual([128, 130, 132, 134])
    variable.dispose()
  })
})

describe('recordings', () => {
  it('do nothing until they are replayed, and then read the inputs of that moment', async () => {
    const buffer = bufferOf(Float32Array.of(1, 2, 3, 4))
    const x = backend.view(buffer, 0, [4])
    const recording = backend.record(() => tf.tidy(() => x.add(tf.tensor1d([10, 20, 30, 40])).mul(2)))
    expect(await numbers(recording.value)).toEqual([0, 0, 0, 0])
    replay(recording)
    expect(await numbers(recording.value)).toEqual([22, 44, 66, 88])
    device.queue.writeBuffer(buffer, 0, Float32Array.of(0, 0, 0, 1))
    replay(recording)
    // The constant [10, 20, 30, 40] was uploaded while recording and must have survived the first replay.
    expect(await numbers(recording.value)).toEqual([20, 40, 60, 82])
  })

  it('reuse the buffers of tensors that were disposed on the way', () => {
    const x = backend.view(bufferOf(new Float32Array(1024)), 0, [1024])
    const long = backend.record(() =>
      tf.tidy(() => {
        let y: Tensor = x
        for (let i = 0; i < 50; i++) {
          const next = y.add(1)
          if (y !== x) y.dispose()
          y = next
        }
        return y
      }),
    )
    expect(long.commands).toHaveLength(50)
    // Two buffers in turn, the uniforms of fifty operations, and constants: far from fifty results of 4 KB.
    expect(long.bytes).toBeLessThan(4 * 4096 + 50 * 128)
    long.dispose()
  })

  it('leave tfjs in order: eager operations work after one, also after one that threw', async () => {
    expect(() =>
      backend.record(() => {
        tf.ones([3]).add(1)
        throw new Error('stop')
      }),
    ).toThrow('stop')
    expect(await numbers(tf.ones([3]).add(1))).toEqual([2, 2, 2])
  })
})

describe('preparing', () => {
  const compiled = () =>
    [vi.spyOn(device, 'createComputePipeline'), vi.spyOn(device, 'createComputePipelineAsync')] as const
  const operation = (code: string, x: TensorInfo) =>
    backend.run({ label: 'triple', code, inputs: { x }, outputs: { y: { shape: x.shape } }, grid: [1, 1, 1] }).y!
  const triple = `@group(0) @binding(0) var<storage> x: array<f32>;
    @group(0) @binding(1) var<storage, read_write> y: array<f32>;
    @compute @workgroup_size(4) fn main(@builtin(global_invocation_id) id: vec3u) { y[id.x] = 3.0 * x[id.x]; }`

  it('compiles all that a recording needs, not waiting for one after the other, and allocates nothing', async () => {
    const x = backend.view(bufferOf(Float32Array.of(1, 2, 3, 4)), 0, [4])
    const constant = tf.tensor1d([1, 1, 1, 2])
    // Shapes that no other test has: tfjs keys its programs by them. Small tensors without a buffer would be computed
    // on the CPU.
    const f = () =>
      tf.tidy(() =>
        tf
          .engine()
          .makeTensorFromTensorInfo(operation(triple, x))
          .add(constant)
          .reshape([1, 4, 1, 1])
          .tile([2, 1, 1, 3])
          .mul(tf.ones([2, 4, 1, 3]))
          .sum(),
      )
    const [now, later] = compiled()
    const allocated = vi.spyOn(device, 'createBuffer')
    const tensors = tf.memory().numTensors
    await backend.prepare(f)
    expect(now).not.toHaveBeenCalled()
    expect(later.mock.calls.length).toBeGreaterThan(3)
    expect(allocated).not.toHaveBeenCalled()
    expect(tf.memory().numTensors).toBe(tensors)
    later.mockClear()
    const recording = backend.record(f)
    expect(now).not.toHaveBeenCalled()
    expect(later).not.toHaveBeenCalled()
    for (const spy of [now, later, allocated]) spy.mockRestore()
    replay(recording)
    // (3 + 1 + 6 + 1 + 9 + 1 + 12 + 2) * 6 copies.
    expect(await numbers(recording.value)).toEqual([210])
    recording.dispose()
  })

  it('says which line of a kernel does not compile, and leaves tfjs in order', async () => {
    const x = tf.ones([4])
    const problem = await problemOf(backend.prepare(() => operation(triple.replace('3.0 *', '3.0 & '), x)))
    expect(problem.what).toMatch(/^Kernel "triple" does not compile: line 3: /)
    expect(await numbers(x.add(1))).toEqual([2, 2, 2, 2])
  })

  it('leaves tfjs in order when the function throws', async () => {
    await expect(
      backend.prepare(() => {
        tf.ones([3]).add(1)
        throw new Error('stop')
      }),
    ).rejects.toThrow('stop')
    expect(await numbers(tf.ones([3]).add(1))).toEqual([2, 2, 2])
  })
})

describe('alternatives', () => {
  const times = (factor: string) => `@group(0) @binding(0) var<storage> x: array<f32>;
    @group(0) @binding(1) var<storage, read_write> y: array<f32>;
    @compute @workgroup_size(4) fn main(@builtin(global_invocation_id) id: vec3u) { y[id.x] = ${factor} * x[id.x]; }`
  const program = (x: TensorInfo) => ({
    label: 'times',
    code: times('2.0'),
    inputs: { x },
    outputs: { y: { shape: x.shape } },
    grid: [1, 1, 1] as const,
    // They would give the same numbers; here they tell which one ran.
    alternatives: [
      { name: 'three', code: times('3.0'), grid: [1, 1, 1] as const },
      { name: 'four', code: times('4.0'), grid: [1, 1, 1] as const },
    ],
  })
  const y = (x: TensorInfo) => tf.engine().makeTensorFromTensorInfo(backend.run(program(x)).y!)
  const x = () => backend.view(bufferOf(Float32Array.of(1, 2, 3, 4)), 0, [4])

  it.each([
    ['three', 3],
    ['four', 4],
    ['default', 2],
    ['gone since', 2],
  ])('the tuner chooses %s', async (variant, factor) => {
    const seen: string[] = []
    const choice = { variant, ns: 1, defaultNs: 2 }
    backend.tuner = {
      choice: () => choice,
      measure: (tunables) => {
        seen.push(...tunables.map((t) => t.name))
        return Promise.resolve()
      },
    }
    const view = x()
    expect(await backend.prepare(() => y(view))).toEqual({ 'times 4 -> 4': choice })
    expect(seen).toEqual(['times 4 -> 4'])
    const compiled = vi.spyOn(device, 'createComputePipeline')
    const recording = backend.record(() => y(view))
    expect(compiled).not.toHaveBeenCalled()
    compiled.mockRestore()
    backend.tuner = null
    replay(recording)
    expect(await numbers(recording.value)).toEqual([factor, 2 * factor, 3 * factor, 4 * factor])
    recording.dispose()
  })

  it('run as their default without a tuner', async () => {
    expect(await backend.prepare(() => y(x()))).toEqual({})
    expect(await numbers(y(x()))).toEqual([2, 4, 6, 8])
  })
})

const cases: [string, string, InputSpec, Values][] = [
  [
    'ViT',
    'vitTiny',
    { task: 'image', shape: [8, 8, 3], classes: 5 },
    { patch: 4, width: 8, depth: 2, heads: 2, ratio: 2 },
  ],
  [
    'ViT with a class token',
    'vitTiny',
    { task: 'image', shape: [8, 8, 3], classes: 5 },
    { patch: 4, width: 8, depth: 1, heads: 2, pool: 'class' },
  ],
  [
    'BERT',
    'miniBert',
    { task: 'text', vocabulary: 40, length: 7, classes: 2 },
    { width: 8, depth: 2, heads: 2, ratio: 2 },
  ],
  ['MLP', 'mlp', { task: 'image', shape: [4, 4, 3], classes: 3 }, { width: 5 }],
]

describe.each(cases)('%s', (_name, id, input, some) => {
  const model = models[id]!
  const values = { ...defaults(model.knobs), ...some } as Values
  const layout = placeTensors(model.tensors(values, input))
  const shape = inputShape(input, 4)
  const size = shape.reduce((a, b) => a * b, 1)

  it('replays its step as eager runs it, bit for bit, loss and every gradient', async () => {
    const weights = bufferOf(initialWeights(layout, 3))
    const parameters = layout.tensors.map((t) => backend.view(weights, 4 * t.offset, t.shape))
    const x =
      input.task === 'image'
        ? backend.view(bufferOf(Float32Array.from({ length: size }, (_, i) => Math.sin(i))), 0, shape)
        : backend.view(bufferOf(Int32Array.from({ length: size }, (_, i) => (i * 7) % 40)), 0, shape, 'int32')
    const labels = backend.view(bufferOf(Int32Array.of(0, 1, 1, 0)), 0, [4], 'int32')
    const random = backend.view(bufferOf(Int32Array.of(5, 9)), 0, [2], 'int32')
    const ops = createOps(backend, { dropoutRate: 0.2, random, training: true })
    const graph = buildGraph(parameters, {
      model,
      values,
      spec: input,
      layout,
      smoothing: 0.1,
      training: ops,
      evaluation: ops,
    })
    const eager = graph.lossAndGradients(x, labels)
    const expected = [
      await numbers(eager.loss),
      ...(await Promise.all(eager.gradients.map((gradient) => numbers(gradient!)))),
    ]
    const recording = backend.record(() => graph.lossAndGradients(x, labels))
    for (let time = 0; time < 2; time++) {
      replay(recording)
      expect(await numbers(recording.value.loss)).toEqual(expected[0])
      for (const [i, gradient] of recording.value.gradients.entries())
        expect(await numbers(gradient!), layout.tensors[i]!.name).toEqual(expected[i + 1])
    }
    graph.dispose()
    recording.dispose()
  })
})
