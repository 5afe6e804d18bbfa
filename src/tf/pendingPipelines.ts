import { messageOf, Problem } from '../core/problem'
import { countCompilation } from '../gpu/compiling'

/** tfjs's cache of pipelines: promises while they compile. */
export type PipelineCache = Record<string, GPUComputePipeline | Promise<GPUComputePipeline>>

/**
 * tfjs's own programs that compile; in its cache, promises give way to what they promise.
 * @throws Problem, in a promise, when one does not compile
 */
export function pendingPipelines(device: GPUDevice, cache: PipelineCache): Promise<void>[] {
  return Object.entries(cache).flatMap(([key, pipeline]) =>
    pipeline instanceof Promise ? [cachePipeline(device, cache, key, pipeline)] : [],
  )
}

async function cachePipeline(
  device: GPUDevice,
  cache: PipelineCache,
  key: string,
  pending: Promise<GPUComputePipeline>,
): Promise<void> {
  try {
    cache[key] = await countCompilation(device, pending)
  } catch (error) {
    Reflect.deleteProperty(cache, key)
    throw new Problem(
      `A kernel of tfjs does not compile: ${messageOf(error)}`,
      'Take the wasm backend, and please report this with the name of the GPU.',
      { cause: error },
    )
  }
}
