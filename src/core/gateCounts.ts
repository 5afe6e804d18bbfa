import type { Layout } from './layout'

/** Bins of the histogram of gates, evenly over [0, top]. */
export const gateBins = 50

/** How large the gates of a model are. */
export interface GateCounts {
  /** Gates by size |gate|, [gateBins]; those at 0 exactly are in `cut` alone. */
  readonly counts: readonly number[]
  /** Upper end of the last bin: 1, or the largest gate if that is more. */
  readonly top: number
  readonly total: number
  /** Gates at 0 exactly, whose units have no effect. */
  readonly cut: number
  /** Mean size, of those at 0 too. */
  readonly mean: number
}

/** @param gates every float from `layout.gatesFrom` on, [layout.length - layout.gatesFrom] */
export function countGates({ tensors, gatesFrom }: Layout, gates: Float32Array): GateCounts {
  const sizes = tensors
    .filter((t) => t.gate)
    .flatMap(({ offset, size }) => Array.from(gates.subarray(offset - gatesFrom, offset - gatesFrom + size), Math.abs))
  const top = sizes.reduce((most, size) => Math.max(most, size), 1)
  const counts = new Array<number>(gateBins).fill(0)
  for (const size of sizes) {
    if (size === 0) continue
    const bin = Math.min(gateBins - 1, Math.floor((size / top) * gateBins))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return {
    counts,
    top,
    total: sizes.length,
    cut: sizes.filter((size) => size === 0).length,
    mean: sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, sizes.length),
  }
}
