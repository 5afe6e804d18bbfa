import type { Threads } from '../core/host'
import { gflopsOf, type ProductSize } from '../core/product'
import { OwnMemory } from './ownMemory'

/** More than `productScratch`, which is known once there is a memory. */
const scratchBytes = 2 ** 20

/**
 * GFLOP/s of a product by our kernels; 0 where they do not run. The first half of the time goes to threads that are
 * still starting, the median of the rest counts.
 */
export async function productRate(size: ProductSize, budgetMs: number, threads?: Threads): Promise<number> {
  const { m, k, n } = size
  const scratch = scratchBytes * (threads?.count ?? 1)
  const memory = open(4 * (m * k + k * n + m * n) + scratch + 4096, threads)
  if (!memory) return 0
  const [a, b, c] = [m * k, k * n, m * n].map((length) => memory.floats(length).byteOffset) as [number, number, number]
  const own = memory.floats(scratch / 4).byteOffset
  const times: number[] = []
  const end = performance.now() + budgetMs
  do {
    const begun = performance.now()
    memory.kernels.product(a, 4 * k, 4, b, 4 * n, 4, c, 4 * n, m, n, k, false, own)
    times.push(performance.now() - begun)
    // Threads of a page start when its worker is idle.
    await new Promise((resolve) => setTimeout(resolve))
  } while (performance.now() < end)
  memory.close()
  const counted = times.slice(times.length >> 1).sort((x, y) => x - y)
  return gflopsOf(size, 1e6 * (counted[counted.length >> 1] ?? Infinity))
}

function open(bytes: number, threads?: Threads): OwnMemory | null {
  try {
    return new OwnMemory(bytes, threads)
  } catch {
    return null
  }
}
