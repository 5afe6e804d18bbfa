import { describe, expect, it, vi } from 'vitest'
import { Problem } from '../core/problem'
import { openDevice } from './device'
import { dawn } from './testing'
import { guardMemory, watchDevice } from './watch'

const open = async () => (await openDevice(dawn(), { allowSoftware: true })).device

describe('a watched device', () => {
  it('lets good work through', async () => {
    expect(await watchDevice(await open(), Promise.resolve(7))).toBe(7)
  })

  it('turns its loss into a problem', async () => {
    const device = await open()
    await watchDevice(device, Promise.resolve())
    const buffer = device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
    device.destroy()
    const failure = await watchDevice(device, buffer.mapAsync(GPUMapMode.READ)).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Problem)
    expect((failure as Problem).what).toMatch(/The GPU was lost \(destroyed\)/)
    expect((failure as Problem).fix).toMatch(/Start the run again/)
  })

  it('says which command was refused', async () => {
    const device = await open()
    await watchDevice(device, Promise.resolve())
    device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE })
    await device.queue.onSubmittedWorkDone()
    // No loss is to be waited for.
    const wait = vi.spyOn(globalThis, 'setTimeout')
    await expect(watchDevice(device, Promise.resolve())).rejects.toThrow(/The GPU refused a command/)
    expect(wait).not.toHaveBeenCalled()
    wait.mockRestore()
  })

  it('returns what was made when there is room', async () => {
    const device = await open()
    const buffer = await guardMemory(
      device,
      () => device.createBuffer({ size: 64, usage: GPUBufferUsage.STORAGE }),
      () => expect.fail('freed'),
    )
    expect(buffer.size).toBe(64)
  })
})
