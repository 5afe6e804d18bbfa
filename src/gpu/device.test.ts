import { describe, expect, test } from 'vitest'
import { describe as name, openDevice } from './device'
import { dawn, problemOf, testDevice } from './testing'

/** An adapter with the given info; limits and features as far as opening reads them. */
function adapter(
  info: Partial<GPUAdapterInfo>,
  requestDevice: () => Promise<GPUDevice> = () => Promise.reject(new Error('out of handles')),
) {
  return {
    info: { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: false, ...info },
    limits: {},
    features: new Set<string>(),
    requestDevice,
  } as unknown as GPUAdapter
}

const gpuOf = (found: GPUAdapter | null) => ({ requestAdapter: () => Promise.resolve(found) }) as unknown as GPU

describe('each failure has its own sentence', () => {
  test('no WebGPU', async () => {
    expect((await problemOf(openDevice(undefined, { allowSoftware: true }))).what).toContain('navigator.gpu is missing')
  })

  test('no adapter, whether null or a rejection', async () => {
    const rejecting = { requestAdapter: () => Promise.reject(new Error('blocked')) } as unknown as GPU
    for (const gpu of [gpuOf(null), rejecting]) {
      expect((await problemOf(openDevice(gpu, { allowSoftware: true }))).what).toContain('found no adapter')
    }
  })

  test('device refused', async () => {
    const problem = await problemOf(openDevice(gpuOf(adapter({ description: 'Some GPU' })), { allowSoftware: false }))
    expect(problem.what).toBe('The adapter Some GPU refused a device: out of handles.')
  })

  test('software adapter that was not allowed', async () => {
    const problem = await problemOf(
      openDevice(gpuOf(adapter({ description: 'SwiftShader Device (Subzero)' })), { allowSoftware: false }),
    )
    expect(problem.what).toBe(
      'The only WebGPU adapter here is SwiftShader Device (Subzero), which computes on the processor.',
    )
  })
})

test.each([
  [{ architecture: 'swiftshader' }, 'swiftshader', true],
  [{ vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }, 'llvmpipe (LLVM 15.0.6, 256 bits)', true],
  [{ vendor: 'microsoft', description: 'Microsoft Basic Render Driver' }, 'Microsoft Basic Render Driver', true],
  [{ vendor: 'google', isFallbackAdapter: true }, 'google', true],
  [{ vendor: 'apple', architecture: 'metal-3' }, 'apple metal-3', false],
  [{ vendor: 'nvidia', description: 'Warpdrive 9000' }, 'Warpdrive 9000', false],
  [{}, 'an adapter without a name', false],
])('adapter %j is called "%s", software: %s', (info, device, software) => {
  expect(name(adapter(info))).toEqual({ device, software })
})

test('the real device offers what its adapter offers', async () => {
  const device = await testDevice()
  const real = await dawn().requestAdapter()
  expect(device.limits.maxStorageBufferBindingSize).toBe(real?.limits.maxStorageBufferBindingSize)
  expect(device.features.has('timestamp-query')).toBe(real?.features.has('timestamp-query'))
})
