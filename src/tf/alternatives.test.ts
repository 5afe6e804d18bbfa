import { beforeAll, describe, expect, it } from 'vitest'
import { models } from '../config/registries'
import { defaults, type Values } from '../core/knob'
import { placeTensors } from '../core/layout'
import type { InputSpec } from '../core/model'
import { storageBuffer, uniformBuffer, write } from '../gpu/buffers'
import { createKernel, encode } from '../gpu/kernel'
import { Readback } from '../gpu/readback'
import { lehmer, testDevice } from '../gpu/testing'
import type { Tunable } from '../gpu/tuner'
import type { ArenaBackend } from './backend'
import { installBackend } from './installBackend'
import { buildGraph, inputShape } from './graph'
import { createOps } from './ops'
import { tf } from './tfjs'

let device: GPUDevice
let backend: ArenaBackend

beforeAll(async () => {
  device = await testDevice()
  backend = await installBackend(device, device.adapterInfo)
})

/** Every buffer's bits after each variant has run on the same numbers. */
async function bits(tunable: Tunable): Promise<Map<string, Uint32Array>[]> {
  const readback = new Readback(device)
  const results = []
  for (const { code, grid } of tunable.variants) {
    const kernel = await createKernel(device, tunable.label, code)
    const bound: Record<string, GPUBuffer> = {}
    for (const [name, { bytes, kind }] of Object.entries(tunable.buffers)) {
      const random = lehmer(bytes)
      const length = bytes / 4
      bound[name] = await storageBuffer(device, name, bytes)
      write(
        device,
        bound[name],
        kind === 'int32' ? Int32Array.from({ length }, (_, i) => i & 1) : Float32Array.from({ length }, random),
      )
    }
    if (tunable.uniform)
      write(device, (bound.shape = await uniformBuffer(device, 'shape', tunable.uniform.byteLength)), tunable.uniform)
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    encode(pass, [kernel.bind(bound, grid)])
    pass.end()
    device.queue.submit([encoder.finish()])
    const result = new Map<string, Uint32Array>()
    for (const [name, { bytes }] of Object.entries(tunable.buffers))
      result.set(name, new Uint32Array(await readback.read(bound[name]!, 0, bytes)))
    results.push(result)
    for (const buffer of Object.values(bound)) buffer.destroy()
  }
  readback.dispose()
  return results
}

async function expectSameBits(tunable: Tunable): Promise<void> {
  const [first, ...others] = await bits(tunable)
  others.forEach((other, i) => {
    for (const [name, expected] of first!)
      expect(other.get(name), `${tunable.name}, ${tunable.variants[i + 1]!.name}: ${name}`).toEqual(expected)
  })
}

/** All kernels with alternatives that a model's training and evaluation run. */
async function tunablesOf(id: string, input: InputSpec, some: Values): Promise<Tunable[]> {
  const found = new Map<string, Tunable>()
  backend.tuner = {
    choice: () => undefined,
    measure: (tunables) => {
      for (const t of tunables) found.set(t.name, t)
      return Promise.resolve()
    },
  }
  const model = models[id]!
  const values = { ...defaults(model.knobs), ...some } as Values
  const layout = placeTensors(model.tensors(values, input))
  const parameters = layout.tensors.map((t) => tf.zeros([...t.shape]))
  const shape = inputShape(input, 6)
  const [x, labels] = [tf.zeros(shape, input.task === 'text' ? 'int32' : 'float32'), tf.zeros([6], 'int32')]
  const ops = createOps(backend, { dropoutRate: 0.1, random: tf.zeros([2], 'int32'), training: true })
  const graph = buildGraph(parameters, { model, values, layout, smoothing: 0.1, training: ops, evaluation: ops })
  await backend.prepare(() => [graph.lossAndGradients(x, labels), graph.logits(x)])
  graph.dispose()
  backend.tuner = null
  return [...found.values()]
}

const cases: [string, InputSpec, Values][] = [
  ['vitTiny', { task: 'image', shape: [12, 12, 3], classes: 5 }, { patch: 4, width: 24, depth: 1, heads: 3 }],
  ['miniBert', { task: 'text', length: 11, vocabulary: 50, classes: 2 }, { width: 20, depth: 1, heads: 2 }],
  ['mlp', { task: 'image', shape: [5, 5, 3], classes: 3 }, { width: 37 }],
]

describe('alternatives of a kernel give the same bits', () => {
  it.each(cases)('%s', async (id, input, some) => {
    for (const tunable of await tunablesOf(id, input, some)) await expectSameBits(tunable)
  })

  it('which is found out: adding in another order is noticed', async () => {
    const sum = (order: string) => `@group(0) @binding(0) var<storage> x: array<f32>;
      @group(0) @binding(1) var<storage, read_write> y: array<f32>;
      @compute @workgroup_size(1) fn main() {
        var sum = 0.0;
        for (var i = 0u; i < 100u; i++) { sum += x[${order}]; }
        y[0] = sum;
      }`
    const variants = ['i', '99u - i'].map((order) => ({ name: order, code: sum(order), grid: [1, 1, 1] as const }))
    const tunable: Tunable = {
      name: 'sum',
      label: 'sum',
      variants,
      buffers: { x: { bytes: 400, kind: 'float32' }, y: { bytes: 4, kind: 'float32' } },
    }
    await expect(expectSameBits(tunable)).rejects.toThrow('sum, 99u - i: y')
  })
})
