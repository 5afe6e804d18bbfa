import type { Layout } from '../../core/layout'
import { storageBuffer, write } from '../../gpu/buffers'
import type { ArenaBackend } from '../../tf/backend'
import { tf, type Tensor } from '../../tf/tfjs'

/** A model's parameters on the device, apart from any run. */
export interface LoadedParams {
  /** By name. */
  readonly params: Readonly<Record<string, Tensor>>
  dispose(): void
}

/** Uploads parameters. @param weights [layout.length] @throws Problem when the device has no room for them */
export async function loadParams(backend: ArenaBackend, layout: Layout, weights: Float32Array): Promise<LoadedParams> {
  const buffer = await storageBuffer(backend.device, 'parameters', 4 * layout.length)
  write(backend.device, buffer, weights)
  const params = Object.fromEntries(layout.tensors.map((t) => [t.name, backend.view(buffer, 4 * t.offset, t.shape)]))
  return {
    params,
    dispose() {
      tf.dispose(params)
      buffer.destroy()
    },
  }
}
