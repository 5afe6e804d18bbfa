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
import { createOps, fusedNn } from './ops'
import { fusedLoss } from './ops/fusedLoss'
import { hardwareTiles } from './ops/tiles'
import { tf, type Tensor } from './tfjs'

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

/** All kernels with alternatives that a function runs. */
async function tunablesOf(f: () => unknown): Promise<Tunable[]> {
  const found = new Map<string, Tunable>()
  backend.tuner = {
    choice: () => undefined,
    measure: (tunables) => {
      for (const t of tunables) found.set(t.name, t)
      return Promise.resolve()
    },
  }
  await backend.prepare(f)
  backend.tuner = null
  return [...found.values()]
}

/** Those of a model's training and evaluation. */
async function tunablesOfModel(id: string, input: InputSpec, some: Values): Promise<Tunable[]> {
  const model = models[id]!
  const values = { ...defaults(model.knobs), ...some } as Values
  const layout = placeTensors(model.tensors(values, input))
  const parameters = layout.tensors.map((t) => tf.zeros([...t.shape]))
  const shape = inputShape(input, 6)
  const [x, labels] = [tf.zeros(shape, input.task === 'text' ? 'int32' : 'float32'), tf.zeros([6], 'int32')]
  const ops = createOps(backend, { dropoutRate: 0.1, random: tf.zeros([2], 'int32'), training: true })
  const graph = buildGraph(parameters, {
    model,
    values,
    spec: input,
    layout,
    smoothing: 0.1,
    training: ops,
    evaluation: ops,
  })
  const tunables = await tunablesOf(() => [graph.lossAndGradients(x, labels), graph.logits(x)])
  graph.dispose()
  return tunables
}

const cases: [string, InputSpec, Values][] = [
  ['vitTiny', { task: 'image', shape: [12, 12, 3], classes: 5 }, { patch: 4, width: 24, depth: 1, heads: 3 }],
  ['miniBert', { task: 'text', length: 11, vocabulary: 50, classes: 2 }, { width: 20, depth: 1, heads: 2 }],
  ['mlp', { task: 'image', shape: [5, 5, 3], classes: 3 }, { width: 37 }],
]

describe('alternatives of a kernel give the same bits', () => {
  it.each(cases)('%s', async (id, input, some) => {
    for (const tunable of await tunablesOfModel(id, input, some)) await expectSameBits(tunable)
  })

  // Three layers beside each other, sums over 130 rows in slices, blocks that hang over every edge.
  it('linear layers, with the tiles of hardware', async () => {
    const state = { dropoutRate: 0, random: tf.zeros([2], 'int32'), training: true }
    const nn = fusedNn(backend, state, hardwareTiles)
    const parameters = [1, 2, 3].flatMap(() => [tf.zeros([21, 70]), tf.zeros([70])])
    const every = (first: number) => (_: Tensor, i: number) => i % 2 === first
    const gradients = tf.grads((x: Tensor, ...own: Tensor[]) =>
      nn.linears(x, own.filter(every(0)), own.filter(every(1))),
    )
    const tunables = await tunablesOf(() => gradients([tf.zeros([130, 21]), ...parameters], tf.ones([130, 210])))
    const names = new Set(tunables.flatMap(({ variants }) => variants.map(({ name }) => name)))
    expect([...names].filter((name) => name.includes('doubled'))).toHaveLength(2)
    for (const tunable of tunables) await expectSameBits(tunable)
  })

  it('rows that lanes share, with more lanes than one of a CPU', async () => {
    const tiles = { ...hardwareTiles, norm: { threads: 64, lanes: 8 } }
    const nn = fusedNn(backend, { dropoutRate: 0, random: tf.zeros([2], 'int32'), training: true }, tiles)
    const loss = fusedLoss(backend, tiles)
    const gradients = tf.grads((x: Tensor, scale: Tensor, shift: Tensor) =>
      loss(nn.strongest(nn.layerNorm(x, scale, shift, 1e-6), 9), tf.zeros([37], 'int32'), 0.1),
    )
    const tunables = await tunablesOf(() => gradients([tf.zeros([37, 21]), tf.zeros([21]), tf.zeros([21])]))
    // Where a device has subgroups of one size.
    const inSubgroups = tunables.filter(({ variants }) => variants.some(({ name }) => name === 'in subgroups'))
    const { subgroupMinSize, subgroupMaxSize } = device.adapterInfo
    const able = device.features.has('subgroups') && subgroupMinSize === subgroupMaxSize
    expect(inSubgroups).toHaveLength(able ? 4 : 0)
    for (const tunable of tunables) await expectSameBits(tunable)
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
      buffers: { x: { bytes: 400, kind: 'float32' }, y: { bytes: 4, kind: 'float32', written: true } },
    }
    await expect(expectSameBits(tunable)).rejects.toThrow('sum, 99u - i: y')
  })
})
