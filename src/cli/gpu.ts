import { napWhileWaiting } from './napping'

/** Dawn's `gpu`, kept reachable: when it is collected, the process dies. */
const kept: { gpu?: GPU } = {}

/**
 * WebGPU in Node through the package `webgpu` (Dawn); undefined where it is not installed or has no build for this
 * machine.
 */
export async function openDawn(): Promise<GPU | undefined> {
  try {
    const { create, globals } = await import('webgpu')
    Object.assign(globalThis, globals)
    napWhileWaiting(globals as Readonly<Record<string, unknown>>)
    // Browsers round timestamps for privacy; here they may be exact.
    kept.gpu ??= create(['disable-dawn-features=timestamp_quantization'])
    Object.assign(globalThis, { playgroundGpu: kept.gpu })
    return kept.gpu
  } catch {
    return undefined
  }
}
