import { expect, test, vi } from 'vitest'
import { storageBuffer, write } from './buffers'
import { Readback } from './readback'
import { testDevice } from './testing'

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
