import { beforeAll, describe, expect, it } from 'vitest'
import { models } from '../config/registries'
import { defaults, type Values } from '../core/knob'
import { placeTensors } from '../core/layout'
import type { InputSpec } from '../core/model'
import { initialWeights } from '../engine/executor/initial'
import { expectClose, testDevice } from '../gpu/testing'
import { Readback } from '../gpu/readback'
import type { ArenaBackend } from './backend'
import { installBackend } from './installBackend'
import { buildGraph, inputShape } from './graph'
import { createOps } from './ops'
import { encodeCommands } from './recording'

let device: GPUDevice
let backend: ArenaBackend

beforeAll(async () => {
  device = await testDevice()
  backend = await installBackend(device, device.adapterInfo)
})

function bufferOf(data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>): GPUBuffer {
  const buffer = device.createBuffer({
    size: data.byteLength,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  })
  device.queue.writeBuffer(buffer, 0, data)
  return buffer
}

const cases: [string, string, InputSpec & { task: 'image' }, Values][] = [
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
  ['MLP', 'mlp', { task: 'image', shape: [4, 4, 3], classes: 3 }, { width: 5 }],
]

describe.each(cases)('the gradient by the images of a %s', (_name, id, input, some) => {
  const model = models[id]!
  const values = { ...defaults(model.knobs), ...some } as Values
  const layout = placeTensors(model.tensors(values, input))
  const size = 3 * input.shape.reduce((a, b) => a * b, 1)

  it('is that of the compositions, and writes no gradient of a parameter', async () => {
    const [weights, grads] = [bufferOf(initialWeights(layout, 3)), bufferOf(new Float32Array(layout.length))]
    const parameters = layout.tensors.map((t) => {
      const parameter = backend.view(weights, 4 * t.offset, t.shape)
      backend.placeGradient(parameter, grads, 4 * t.offset)
      return parameter
    })
    const images = backend.view(
      bufferOf(Float32Array.from({ length: size }, (_, i) => Math.sin(i))),
      0,
      inputShape(input, 3),
    )
    // A label of -1 is padding: its image has no gradient.
    const labels = backend.view(bufferOf(Int32Array.of(0, 2, -1)), 0, [3], 'int32')
    const random = backend.view(bufferOf(Int32Array.of(5, 9)), 0, [2], 'int32')
    const state = { dropoutRate: 0, random, training: false }
    const graphOf = (attacking: ReturnType<typeof createOps>) =>
      buildGraph(parameters, {
        model,
        values,
        spec: input,
        layout,
        smoothing: 0.1,
        training: attacking,
        evaluation: attacking,
        attacking,
      })
    const recording = backend.record(() =>
      graphOf(createOps(backend, { ...state, towards: 'images' })).towardsImages(images, labels),
    )
    const encoder = device.createCommandEncoder()
    encodeCommands(encoder, recording.commands)
    device.queue.submit([encoder.finish()])
    const readback = new Readback(device)
    const { buffer, offset } = backend.binding(recording.value)
    const found = new Float32Array(await readback.read(buffer, offset, 4 * size))
    const expected = (await graphOf(createOps(null, state)).towardsImages(images, labels).data()) as Float32Array
    expectClose('gradient', found, expected, { absolute: 1e-6, relative: 1e-4 })
    expect(Math.max(...found)).toBeGreaterThan(1e-4)
    expect(found.slice(-size / 3).every((g) => g === 0)).toBe(true)
    expect(new Float32Array(await readback.read(grads)).every((g) => g === 0)).toBe(true)
    recording.dispose()
  })
})
