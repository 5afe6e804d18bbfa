/** A software GPU and wasm compute on the same processor: which of them is faster here. */
import type { Threads } from '../../core/host'
import type { ProductSize } from '../../core/product'
import { productRate as gpuRate } from '../../tf/productRate'
import { productRate as wasmRate } from '../../wasm/productRate'
import type { ArenaBackend } from '../../tf/backend'

/** What a layer of a small model computes for a batch. */
const size: ProductSize = { m: 1024, k: 64, n: 128 }

/** Milliseconds that each of the two is timed. */
const budgetMs = 400

export interface Rates {
  /** GFLOP/s. */
  readonly gpu: number
  readonly wasm: number
}

/** Times the product that takes most of a step on both, for less than a second. */
export async function ratesOf(backend: ArenaBackend, threads?: Threads): Promise<Rates> {
  const gpu = await gpuRate(backend, size, { rounds: 9, budgetMs })
  return { gpu, wasm: await wasmRate(size, budgetMs, threads) }
}

/** Why the one that is faster runs, for people. @param device the software adapter */
export function reasonFor(device: string, { gpu, wasm }: Rates): string {
  const figures = `(products: ${gpu.toFixed(1)} GFLOP/s there, ${wasm.toFixed(1)} in WebAssembly)`
  const adapter = `The only WebGPU adapter here is ${device}, which computes on the processor`
  return wasm >= gpu
    ? `${adapter}, and WebAssembly is faster ${figures}.`
    : `${adapter}, but faster than WebAssembly ${figures}.`
}
