import { countOnes } from '../core/bits'
import type { Matrix } from '../core/weightMap'
import type { Pair } from './paintPair'

/** Weights of one matrix, or of all of them, by what two masks keep. */
export interface Overlap {
  readonly name: string
  readonly size: number
  readonly a: number
  readonly b: number
  readonly both: number
  /** Weights that both would keep if each had drawn its own at random, as many of every matrix as it keeps there. */
  readonly chance: number
}

/** What two masks keep of every matrix. */
export function overlaps(matrices: readonly Matrix[], [a, b]: Pair): readonly Overlap[] {
  return matrices.map(({ name, offset, size }) => {
    const counts = { a: 0, b: 0, both: 0 }
    // Matrices begin at words, and bits of padding are 0.
    for (let word = offset / 32; word < Math.ceil((offset + size) / 32); word++) {
      const [x, y] = [a[word] ?? 0, b[word] ?? 0]
      counts.a += countOnes(x)
      counts.b += countOnes(y)
      counts.both += countOnes(x & y)
    }
    return { name, size, ...counts, chance: (counts.a * counts.b) / size }
  })
}

/** Of all matrices together. */
export function overlapOf(parts: readonly Overlap[]): Overlap {
  const sum = (read: (part: Overlap) => number) => parts.reduce((total, part) => total + read(part), 0)
  return {
    name: 'All layers',
    size: sum(({ size }) => size),
    a: sum((part) => part.a),
    b: sum((part) => part.b),
    both: sum(({ both }) => both),
    chance: sum(({ chance }) => chance),
  }
}

/** Share of the weights that either keeps which both keep (Jaccard); null where neither keeps any. */
export function agreement({ a, b, both }: Overlap): number | null {
  const either = a + b - both
  return either === 0 ? null : both / either
}
