import { expect, it } from 'vitest'
import { napWhileWaiting } from './napping'

it('waits in naps and still answers, or fails, as before', async () => {
  class GPUBuffer {
    constructor(private readonly label: string) {}
    mapAsync(mode: number) {
      return new Promise((resolve, reject) => { setTimeout(() => { if (mode) resolve(`${this.label} ${mode}`); else reject(new Error('lost')) }, 100) })
    }
  }
  class GPUQueue { onSubmittedWorkDone() { return Promise.resolve() } }
  class GPUDevice { createComputePipelineAsync() { return Promise.resolve() } }
  napWhileWaiting({ GPUBuffer, GPUQueue, GPUDevice })
  napWhileWaiting({ GPUBuffer, GPUQueue, GPUDevice })
  const before = process.cpuUsage()
  let polling = true
  // The loop of Dawn's binding.
  const poll = () => { if (polling) setImmediate(poll) }
  poll()
  expect(await new GPUBuffer('staging').mapAsync(1)).toBe('staging 1')
  await expect(new GPUBuffer('staging').mapAsync(0)).rejects.toThrow('lost')
  polling = false
  // 200 ms of waiting; without naps the loop takes most of a core.
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(120)
})
