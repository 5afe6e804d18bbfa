import { ArenaBackend } from './backend'
import { tf } from './tfjs'

/** Makes tfjs run on our device: tfjs asks for too few limits when it makes its own. */
export async function installBackend(device: GPUDevice, info: GPUAdapterInfo): Promise<ArenaBackend> {
  // tfjs registers its own only where it sees WebGPU when it loads; its typings do not say so.
  const registered: unknown = tf.findBackendFactory('webgpu')
  if (registered) tf.removeBackend('webgpu')
  pretendNavigator()
  const backend = new ArenaBackend(device, info)
  tf.registerBackend('webgpu', () => backend as unknown as ReturnType<typeof tf.backend>, 10)
  await backend.activate()
  return backend
}

/** In Node there is no navigator.gpu; tfjs refuses to start without one, though it uses the device only. */
function pretendNavigator(): void {
  if ((globalThis.navigator as Navigator | undefined)?.gpu) return
  Object.defineProperty(globalThis, 'navigator', { value: { gpu: {}, userAgent: 'node' }, configurable: true })
}
