import { randomBits } from './random'
import type { Matrix } from './weightMap'

/** Weights of a matrix whose numbers are recorded. */
const perMatrix = 4000

/**
 * Flat indices of a sample of weights, in rising order: of every matrix up to 4,000, spread evenly. Stored records hold
 * numbers in this order, so that it never changes.
 */
export function sampledIndices(matrices: readonly Matrix[]): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(
    matrices.flatMap(({ offset, size }) => {
      if (size <= perMatrix) return Array.from({ length: size }, (_, i) => offset + i)
      // One of every stretch, at random: a fixed distance would meet the same columns again and again.
      const start = (i: number) => Math.floor((i * size) / perMatrix)
      const within = (i: number) => start(i) + (randomBits(0, offset, i) % (start(i + 1) - start(i)))
      return Array.from({ length: perMatrix }, (_, i) => offset + within(i))
    }),
  )
}
