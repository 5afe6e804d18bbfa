/** What blocks keep by how many of their scores stand out (Yin et al., arXiv:2310.05175). */
import type { Layout } from '../../core/layout'
import type { Calibration } from '../../core/plan'
import { wholeCounts } from '../../core/scope'

/**
 * Weights that each matrix keeps, by name; as many in all as before. A block's density rises with its share of scores
 * above `times` their mean, over a range of twice `reach`.
 * @param scores of every matrix in the dense model, by name
 */
export function countsByOutliers(
  layout: Layout,
  scores: ReadonlyMap<string, Float32Array>,
  kept: number,
  { times, reach }: NonNullable<Calibration['outliers']>,
): ReadonlyMap<string, number> {
  const { prunable, prunableCount } = layout
  const blockOf = (name: string) => name.split('/')[0] ?? name
  const blocks = [...new Set(prunable.map(({ name }) => blockOf(name)))]
  const shares = blocks.map((block) =>
    outlierShare(
      prunable.flatMap(({ name }) => (blockOf(name) === block ? [scores.get(name) ?? new Float32Array()] : [])),
      times,
    ),
  )
  const [least, most] = [Math.min(...shares), Math.max(...shares)]
  const density = kept / prunableCount
  // No block may end above all or below nothing.
  const range = 2 * Math.min(reach, density / 2, (1 - density) / 2)
  const raised = shares.map((share) => (most > least ? ((share - least) / (most - least)) * range : 0))
  const sizes = blocks.map((block) =>
    prunable.reduce((sum, { name, size }) => sum + (blockOf(name) === block ? size : 0), 0),
  )
  const mean = raised.reduce((sum, raise, i) => sum + raise * (sizes[i] ?? 0), 0) / prunableCount
  const densities = prunable.map(({ name }) => density + (raised[blocks.indexOf(blockOf(name))] ?? 0) - mean)
  const counts = wholeCounts(layout, densities, 1 - density, 'nearest')
  return new Map(prunable.map(({ name }, i) => [name, counts[i] ?? 0]))
}

/** The share of scores that are more than so many times their mean. */
function outlierShare(parts: readonly Float32Array[], times: number): number {
  const [sum, count] = parts.reduce(
    ([all, size], part) => [all + part.reduce((a, b) => a + b, 0), size + part.length],
    [0, 0],
  )
  const bound = (times * sum) / count
  return parts.reduce((above, part) => above + part.filter((score) => score > bound).length, 0) / count
}
