import { expect, test } from 'vitest'
import { testDevice } from '../../src/gpu/testing'
import { createKernel, workgroups } from '../../src/gpu/kernel'
import { Readback } from '../../src/gpu/readback'
import { randomBits, uniform } from '../../src/core/random'
import { attack } from '..'
import { attackStruct, climb, start, type AttackBuffers, type AttackSettings } from './attack'

/** Channels with means 0.5 and 0.25 and deviations 0.25 and 0.5: numbers from -2 to 2, and from -0.5 to 1.5. */
const levels = Float32Array.from({ length: 512 }, (_, i) =>
  i < 256 ? (i / 255 - 0.5) / 0.25 : ((i - 256) / 255 - 0.25) / 0.5,
)
const plain = { radius: 0.1, stride: 0.06, spread: 0, channels: 2, stream: 7 }

test('moves by the sign of the gradient, within the radius and the range, by hand', () => {
  // Two pixels of two channels. A stride of 0.06 is 0.24 and 0.12 in normalised numbers, a radius of 0.1 is 0.4 and
  // 0.2.
  const clean = Float32Array.of(0, 0, 1.9, -0.5)
  const images = new Float32Array(4)
  const buffers = { levels, clean, images }
  const settings = { ...plain, length: 4 }
  start(buffers, settings, () => 0.9)
  expect([...images]).toEqual([...clean])
  climb(buffers, settings, [3, -1e-9, 1, -1])
  // 1.9 + 0.24 is over the channel's largest number 2, -0.5 - 0.12 under its smallest.
  expect([...images].map((x) => Number(x.toFixed(6)))).toEqual([0.24, -0.12, 2, -0.5])
  climb(buffers, settings, [3, -1e-9, 0, 1])
  // Two steps would be 0.48 and -0.24: the radius ends them at 0.4 and -0.2. No gradient, no step.
  expect([...images].map((x) => Number(x.toFixed(6)))).toEqual([0.4, -0.2, 2, -0.38])
})

test('starts at a random place within the radius and the range', () => {
  const buffers = { levels, clean: Float32Array.of(0, 0, 2), images: new Float32Array(3) }
  start(buffers, { ...plain, spread: 0.1, length: 3 }, (i) => [0, 0.75, 1][i]!)
  // 2 u - 1 = -1, 0.5, 1 times 0.1 of the ranges 4, 2, 4.
  expect([...buffers.images].map((x) => Number(x.toFixed(6)))).toEqual([-0.4, 0.1, 2])
})

test.each([1, 255, 256, 257, 4099])('the kernel does what its twin does, %i numbers', async (length) => {
  const device = await testDevice()
  const settings: AttackSettings = { ...plain, spread: 0.1, length }
  const random = Int32Array.of(3, 11)
  const clean = Float32Array.from({ length }, (_, i) => (i % 2 ? 0.5 + Math.sin(i * 1.7) : 2 * Math.sin(i * 1.7)))
  const gradient = Float32Array.from({ length }, (_, i) => (i % 5 === 0 ? 0 : Math.cos(i * 2.3)))
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  const bufferOf = (data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | ArrayBuffer, kind = usage) => {
    const buffer = device.createBuffer({ size: data.byteLength, usage: kind })
    device.queue.writeBuffer(buffer, 0, data)
    return buffer
  }
  const bound = {
    shape: bufferOf(attackStruct.write({ ...settings }), GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST),
    levels: bufferOf(levels),
    clean: bufferOf(clean),
    gradient: bufferOf(gradient),
    random: bufferOf(random),
    images: bufferOf(new Float32Array(length + 1).fill(9)),
  }
  const encoder = device.createCommandEncoder()
  for (const entryPoint of ['start', 'climb', 'climb']) {
    const { pipeline, bindGroup, grid } = (await createKernel(device, 'attack', attack, { entryPoint })).bind(
      bound,
      workgroups(length, 256),
    )
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, bindGroup)
    pass.dispatchWorkgroups(...grid)
    pass.end()
  }
  device.queue.submit([encoder.finish()])
  const found = new Float32Array(await new Readback(device).read(bound.images))
  const twin: AttackBuffers = { levels, clean, images: new Float32Array(length) }
  start(twin, settings, (i) => uniform(randomBits(3, 7, 11), 7, i))
  climb(twin, settings, gradient)
  climb(twin, settings, gradient)
  for (let i = 0; i < length; i++) expect(Math.abs(found[i]! - twin.images[i]!), `number ${i}`).toBeLessThan(1e-6)
  // What lies behind the end is not touched.
  expect(found[length]).toBe(9)
  // The radius holds to the last bits of a float: 0.1 of a range of 4 or 2.
  expect(
    Math.max(...found.slice(0, length).map((x, i) => Math.abs(x - clean[i]!) / (i % 2 ? 0.2 : 0.4))),
  ).toBeLessThanOrEqual(1 + 1e-6)
})
