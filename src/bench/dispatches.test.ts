import { expect, it } from 'vitest'
import { dawn } from '../gpu/testing'
import { nodeHost } from '../host/node'
import { meterWebGpu } from './meter'
import { openOurs } from './peers/ours'
import { openTask, workloadOf } from './workloads'

/** A device that does not say that it computes on the processor, so that kernels are cut as for a GPU. */
function asHardware(gpu: GPU): GPU {
  const requestAdapter = async (options?: GPURequestAdapterOptions) => {
    const adapter = await gpu.requestAdapter(options)
    const requestDevice = adapter?.requestDevice.bind(adapter)
    return Object.assign(adapter as GPUAdapter, {
      requestDevice: async (wanted?: GPUDeviceDescriptor) =>
        Object.defineProperty((await requestDevice?.(wanted)) as GPUDevice, 'adapterInfo', {
          value: { vendor: 'a GPU' },
        }),
    })
  }
  return { requestAdapter } as GPU
}

/** A dispatch costs a GPU, and the thread that encodes it. */
it.each([
  ['vit-nano', 90],
  ['bert-nano', 60],
])('a step of %s is one submit of at most %i dispatches, cut included', async (name, most) => {
  const gpu = asHardware(dawn())
  const task = await openTask(workloadOf(name), nodeHost({ dataDir: 'no-such-folder' }))
  const peer = await openOurs(task, { gpu, backend: 'webgpu', allowSoftware: true, wasm: '' })
  const meter = meterWebGpu()
  try {
    const commands = meter.listen(() => {
      void peer.step(0)
    })
    expect(meter.tally.submits).toBe(1)
    expect(commands.length).toBeLessThanOrEqual(most)
    // The whole of it: forwards, backwards, update and cut.
    const labels = new Set(commands.map((command) => ('pipeline' in command ? command.pipeline.label : '')))
    for (const label of ['linear', 'linearGradient', 'sumSlices', 'update', 'mask']) expect(labels).toContain(label)
  } finally {
    meter.remove()
    peer.dispose()
  }
})
