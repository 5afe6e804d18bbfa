import { expect, test } from 'vitest'
import { napWhileWaiting } from './napping'

test('a hundred waits later a wait naps no longer than the first', async () => {
  // Work that is done at the second look, as Dawn looks: once in a turn of the event loop.
  class GPUQueue {
    looks = 0
    async onSubmittedWorkDone(): Promise<void> {
      for (let i = 0; i < 2; i++) {
        await new Promise((resolve) => setImmediate(resolve))
        this.looks++
      }
    }
  }
  class GPUBuffer {
    mapAsync = () => Promise.resolve()
  }
  class GPUDevice {
    createComputePipelineAsync = () => Promise.resolve()
  }
  napWhileWaiting({ GPUQueue, GPUBuffer, GPUDevice })
  const queue = new GPUQueue()
  const wait = async () => {
    const begun = performance.now()
    await queue.onSubmittedWorkDone()
    return performance.now() - begun
  }
  for (let i = 0; i < 100; i++) await wait()
  const times: number[] = []
  for (let i = 0; i < 9; i++) times.push(await wait())
  // Two looks are at most three naps of 0.25 ms; a hundred chains of naps were 25 ms and more.
  expect(times.sort((a, b) => a - b)[4]).toBeLessThan(10)
  expect(queue.looks).toBe(218)
})
