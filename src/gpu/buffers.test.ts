import { expect, test } from 'vitest'
import { storageBuffer, uniformBuffer, write } from './buffers'
import { Readback } from './readback'
import { problemOf, testDevice } from './testing'

test('a buffer larger than the device binds is a model that does not fit', async () => {
  const device = await testDevice()
  const most = device.limits.maxStorageBufferBindingSize
  const problem = await problemOf(storageBuffer(device, 'weights', most + 4))
  expect(problem.what).toContain('The model does not fit: buffer "weights" needs')
  expect(problem.what).toContain(`(${most + 4} bytes) and this device binds at most ${(most / 2 ** 20).toFixed(1)} MB`)
})

test('a device without room is a model that does not fit, and the dead buffer is freed', async () => {
  let freed = 0
  const full = {
    limits: { maxStorageBufferBindingSize: 2 ** 31, maxBufferSize: 2 ** 31 },
    pushErrorScope: () => undefined,
    popErrorScope: () => Promise.resolve({ message: 'out of memory' }),
    createBuffer: () => ({
      destroy: () => {
        freed++
      },
    }),
  } as unknown as GPUDevice
  const problem = await problemOf(storageBuffer(full, 'grads', 2 ** 30))
  expect(problem.what).toBe(
    'The model does not fit: buffer "grads" needs 1024.0 MB (1073741824 bytes) and the device has no room for it.',
  )
  expect(freed).toBe(1)
})

test('writes views at an offset; sizes are rounded up, at least 16 bytes, and start as zeros', async () => {
  const device = await testDevice()
  const buffer = await storageBuffer(device, 'small', 6)
  expect(buffer.size).toBe(16)
  expect((await uniformBuffer(device, 'odd', 18)).size).toBe(20)
  write(device, buffer, Uint32Array.of(9, 7, 8).subarray(1), 4)
  const readback = new Readback(device)
  expect([...new Uint32Array(await readback.read(buffer))]).toEqual([0, 7, 8, 0])
  readback.dispose()
})
