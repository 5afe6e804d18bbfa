import { expect, test } from 'vitest'
import { placeTensors } from '../src/core/layout'
import { createKernel } from '../src/gpu/kernel'
import { Readback } from '../src/gpu/readback'
import { lehmer, testDevice } from '../src/gpu/testing'
import { largest as text } from '.'
import { largest } from './largest'

test.each([[1], [64, 65], [255, 256, 257], [4099, 3]])('the largest magnitude of each tensor of %j, %j, ... floats, for each of its tiles', async (...sizes) => {
  const device = await testDevice()
  const { prunable, prunableLength } = placeTensors(sizes.map((size, i) => ({ name: String(i), shape: [size], init: { kind: 'constant', value: 0 }, prunable: true, decay: true })))
  const random = lehmer(3)
  const weights = new Float32Array(prunableLength)
  for (const { offset, size } of prunable) for (let i = 0; i < size; i++) weights[offset + i] = random()
  // The last weight of each tensor is its largest, and negative.
  for (const { offset, size } of prunable) weights[offset + size - 1] = -2 - offset
  const upload = (data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) => {
    const buffer = device.createBuffer({ size: data.byteLength, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST })
    device.queue.writeBuffer(buffer, 0, data)
    return buffer
  }
  const found = upload(new Float32Array(prunableLength / 64))
  const places = upload(Uint32Array.from(prunable.flatMap(({ offset, size }) => [offset, size])))
  const { pipeline, bindGroup, grid } = (await createKernel(device, 'largest', text)).bind({ weights: upload(weights), places, largest: found }, [prunable.length])
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, bindGroup)
  pass.dispatchWorkgroups(...grid)
  pass.end()
  device.queue.submit([encoder.finish()])
  const twin = new Float32Array(prunableLength / 64)
  largest(weights, prunable, twin)
  const expected = prunable.flatMap(({ offset, size }) => Array.from({ length: Math.ceil(size / 64) }, () => 2 + offset))
  expect([...twin]).toEqual(expected)
  expect([...new Float32Array(await new Readback(device).read(found))].slice(0, expected.length)).toEqual(expected)
})
