/**
 * tfjs's backends that run everywhere: WebAssembly with SIMD (and threads on an isolated page), and plain JavaScript.
 */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { Problem } from '../core/problem'
import { tf } from './tfjs'
import { openWasmHeap } from './wasmHeap'

export type PortableBackend = 'wasm' | 'cpu'

/**
 * Makes tfjs run on the backend and says on what. `wasm` tells where the binaries lie; an empty string leaves it to
 * tfjs, which finds its own files in Node.
 * @throws Problem when the backend does not start
 */
export async function startPortableBackend(
  kind: PortableBackend,
  wasm: string | Readonly<Record<string, string>>,
): Promise<string> {
  if (kind === 'wasm' && wasm !== '') setWasmPaths(typeof wasm === 'string' ? wasm : { ...wasm })
  const started = await tf.setBackend(kind).catch(() => false)
  if (!started) {
    throw new Problem(
      `The ${kind} backend of tfjs does not start here.`,
      kind === 'wasm' ? 'Update the browser to one with WebAssembly SIMD.' : 'Reload the page.',
    )
  }
  if (kind === 'cpu') return 'JavaScript'
  if (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) openWasmHeap()
  return await describeWasm()
}

async function describeWasm(): Promise<string> {
  const [simd, threads] = await Promise.all([
    tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'),
    tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT'),
  ])
  return [simd ? 'SIMD' : '', threads ? 'threads' : ''].filter(Boolean).join(', ') || 'no SIMD'
}
