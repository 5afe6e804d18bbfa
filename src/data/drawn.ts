import { randomStream } from '../core/random'

/** Random lane for the held-out examples of the user's files. */
const lane = 3

/**
 * Disjoint choices of the given sizes, drawn by the seed, each in the order of the examples. Each class has its share
 * of every choice, and at least one example where there are enough; a class of a single example is only in the last
 * choice.
 */
export function drawn<T extends { readonly label: string }>(
  examples: readonly T[],
  sizes: readonly number[],
  seed: number,
): T[][] {
  const order = [...randomStream(seed, 'data', lane).permutation(examples.length)]
  let left = byLabel(order, examples)
  return sizes.map((size, i) => {
    const later = sizes.length - 1 - i
    const counts = shares(
      [...left.values()].map((rows) => rows.length),
      size,
      later,
    )
    const chosen = new Set([...left.values()].flatMap((rows, c) => rows.slice(0, counts[c])))
    left = new Map<string, number[]>([...left].map(([label, rows], c) => [label, rows.slice(counts[c])]))
    return examples.filter((_, at) => chosen.has(at))
  })
}

function byLabel(order: readonly number[], examples: readonly { readonly label: string }[]): Map<string, number[]> {
  // Classes in the order of the examples, so that rounding does not depend on the seed.
  const groups = new Map<string, number[]>(examples.map(({ label }) => [label, []]))
  for (const at of order) groups.get(examples[at]?.label ?? '')?.push(at)
  return groups
}

/**
 * How many of `size` examples each class gives: in proportion to its count, rounded so that the sum is right (largest
 * remainders), at least 1 and leaving at least `spare`, where both are possible.
 */
function shares(counts: readonly number[], size: number, spare: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const parts = counts.map((count) => {
    const most = Math.max(0, count - spare)
    const share = (Math.min(size, total) * count) / Math.max(1, total)
    return { most, share, given: Math.min(most, Math.max(1, Math.floor(share))) }
  })
  const sum = () => parts.reduce((all, { given }) => all + given, 0)
  const byNeed = () => parts.toSorted((a, b) => b.share - b.given - (a.share - a.given))
  while (sum() < Math.min(size, total)) {
    const next = byNeed().find(({ given, most }) => given < most)
    if (!next) break
    next.given++
  }
  while (sum() > size) {
    const last = byNeed().findLast(({ given }) => given > 0)
    if (!last) break
    last.given--
  }
  return parts.map(({ given }) => given)
}
