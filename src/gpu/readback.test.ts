import { expect, test, vi } from 'vitest'
import { storageBuffer, write } from './buffers'
import { Readback } from './readback'
import { countBytes, problemOf, testDevice } from './testing'

test('reads ranges, odd lengths included, and overlapping reads do not mix', async () => {
  const device = await testDevice()
  const buffer = await storageBuffer(device, 'bytes', 64)
  write(
    device,
    buffer,
    Uint8Array.from({ length: 64 }, (_, i) => i),
  )
  const readback = new Readback(device)
  const [all, part, odd] = await Promise.all([
    readback.read(buffer),
    readback.read(buffer, 8, 4),
    readback.read(buffer, 4, 5),
  ])
  expect(new Uint8Array(all).length).toBe(64)
  expect([...new Uint8Array(part)]).toEqual([8, 9, 10, 11])
  expect([...new Uint8Array(odd)]).toEqual([4, 5, 6, 7, 8])
  readback.dispose()
})

test('a read sees what was submitted before it, not what came after', async () => {
  const device = await testDevice()
  const buffer = await storageBuffer(device, 'value', 16)
  const readback = new Readback(device)
  write(device, buffer, Uint32Array.of(1))
  const first = readback.read(buffer, 0, 4)
  write(device, buffer, Uint32Array.of(2))
  const second = readback.read(buffer, 0, 4)
  expect([new Uint32Array(await first)[0], new Uint32Array(await second)[0]]).toEqual([1, 2])
  readback.dispose()
})

test('staging buffers are reused, one for reads in turn and one more for each that overlaps', async () => {
  const device = await testDevice()
  const buffer = await storageBuffer(device, 'value', 64)
  const readback = new Readback(device)
  const made = vi.spyOn(device, 'createBuffer')
  for (let i = 0; i < 5; i++) await readback.read(buffer, 0, 4 + i * 4)
  expect(made).toHaveBeenCalledTimes(1)
  await Promise.all([readback.read(buffer), readback.read(buffer)])
  expect(made).toHaveBeenCalledTimes(2)
  made.mockRestore()
  readback.dispose()
})

test('copies many buffers with one submit, as they were then, and frees what it took', async () => {
  const device = await testDevice()
  const buffers = await Promise.all([16, 64].map((bytes) => storageBuffer(device, 'value', bytes)))
  const readback = new Readback(device)
  const submit = vi.spyOn(device.queue, 'submit')
  const memory = countBytes(device)
  for (const buffer of buffers) write(device, buffer, Uint32Array.of(1))
  const copied = readback.copy(buffers)
  for (const buffer of buffers) write(device, buffer, Uint32Array.of(2))
  expect((await copied).map((bytes) => [bytes.byteLength, new Uint32Array(bytes)[0]])).toEqual([
    [16, 1],
    [64, 1],
  ])
  expect(submit).toHaveBeenCalledTimes(1)
  expect(memory.live()).toBe(0)
  memory.end()
  submit.mockRestore()
  readback.dispose()
})

test('does not take a copy that is refused for a lack of room, and goes on', async () => {
  const device = await testDevice()
  const buffer = await storageBuffer(device, 'value', 16)
  const readback = new Readback(device)
  const uncopied = device.createBuffer({ size: 16, usage: GPUBufferUsage.STORAGE })
  const memory = countBytes(device)
  expect((await problemOf(readback.copy([buffer, uncopied]))).what).toMatch(/^The GPU refused a command: /)
  expect(memory.live()).toBe(0)
  memory.end()
  expect((await readback.read(buffer)).byteLength).toBe(16)
  readback.dispose()
})

test('says so when the device has no room for the copies, and goes on', async () => {
  const device = await testDevice()
  const buffer = await storageBuffer(device, 'value', 16)
  const readback = new Readback(device)
  const [create, pop] = [device.createBuffer.bind(device), device.popErrorScope.bind(device)]
  // In the place of a device that is full: the buffer cannot be used, and the first scope says that there was no room.
  const made = vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
    device.pushErrorScope('validation')
    const unusable = create({ ...descriptor, size: 2 ** 46 })
    void pop()
    return unusable
  })
  const popped = vi.spyOn(device, 'popErrorScope').mockImplementationOnce(async () => {
    await pop()
    return { message: 'full' }
  })
  const { what } = await problemOf(readback.copy([buffer]))
  for (const spy of [made, popped]) spy.mockRestore()
  expect(what).toBe("The device has no room for a copy of the run's state (16 bytes).")
  expect((await readback.read(buffer)).byteLength).toBe(16)
  readback.dispose()
})
