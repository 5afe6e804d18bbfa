/**
 * tfjs's backends that run everywhere: WebAssembly with SIMD, and plain JavaScript. What our kernels compute is shared
 * among threads of our own; tfjs's would find nothing to do.
 */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { count } from '../core/figures'
import { Problem } from '../core/problem'
import { tf } from './tfjs'
import { openWasmHeap } from './wasmHeap'

/** What tfjs wants to know the address of, and never loads: its build with threads. */
const unused = { 'tfjs-backend-wasm-threaded-simd.wasm': '' }

export type PortableBackend = 'wasm' | 'cpu'

/**
 * Makes tfjs run on the backend and says on what. `wasm` tells where the binaries lie; an empty string leaves it to
 * tfjs, which finds its own files in Node.
 * @param threads of our kernels
 * @throws Problem when the backend does not start
 */
export async function startPortableBackend(
  kind: PortableBackend,
  wasm: string | Readonly<Record<string, string>>,
  threads = 1,
): Promise<string> {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  if (kind === 'cpu') await import('@tensorflow/tfjs-backend-cpu')
  if (kind === 'wasm' && wasm !== '') setWasmPaths(typeof wasm === 'string' ? wasm : { ...unused, ...wasm })
  const started = await tf.setBackend(kind).catch(() => false)
  if (!started) {
    throw new Problem(
      `The ${kind} backend of tfjs does not start here.`,
      kind === 'wasm' ? 'Update the browser to one with WebAssembly SIMD.' : 'Reload the page.',
    )
  }
  if (kind === 'cpu') return 'JavaScript'
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) return 'no SIMD'
  openWasmHeap()
  return threads > 1 ? `SIMD, ${count(threads)} threads` : 'SIMD'
}
