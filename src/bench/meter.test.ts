import { describe, expect, it } from 'vitest'
import { testDevice } from '../gpu/testing'
import { meterWebGpu } from './meter'

const size = { size: 256, usage: 0x8c }

describe('the meter', () => {
  it('counts bytes by owner, made and not destroyed, and leaves others alone', async () => {
    const device = await testDevice()
    const meter = meterWebGpu()
    meter.own('a')
    const [kept, gone] = [device.createBuffer(size), device.createBuffer(size)]
    meter.own('b')
    const other = device.createBuffer({ ...size, size: 512 })
    expect([meter.bytes('a'), meter.bytes('b')]).toEqual([512, 512])
    gone.destroy()
    // Destroying twice frees once.
    gone.destroy()
    expect([meter.bytes('a'), meter.bytes('b')]).toEqual([256, 512])
    meter.remove()
    device.createBuffer(size).destroy()
    for (const buffer of [kept, other]) buffer.destroy()
    expect([meter.bytes('a'), meter.bytes('b')]).toEqual([256, 512])
  })

  it('counts dispatches and submits, and lists what was dispatched', async () => {
    const device = await testDevice()
    const meter = meterWebGpu()
    const module = device.createShaderModule({ code: '@compute @workgroup_size(1) fn main() {}' })
    const pipeline = device.createComputePipeline({ label: 'nothing', layout: 'auto', compute: { module } })
    const bindGroup = device.createBindGroup({ layout: device.createBindGroupLayout({ entries: [] }), entries: [] })
    const listed = meter.listen(() => {
      const encoder = device.createCommandEncoder()
      const pass = encoder.beginComputePass()
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, bindGroup)
      pass.dispatchWorkgroups(2, 3)
      pass.dispatchWorkgroups(1)
      pass.end()
      device.queue.submit([encoder.finish()])
    })
    meter.remove()
    expect(meter.tally).toEqual({ dispatches: 2, submits: 1 })
    expect(listed.map((c) => 'grid' in c && [c.pipeline.label, ...c.grid])).toEqual([
      ['nothing', 2, 3, 1],
      ['nothing', 1, 1, 1],
    ])
  })
})
