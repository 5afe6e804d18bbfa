/** How many weights take part at some time, where a method lets them change places (docs/algorithms.md 2.14). */
import { countOnes } from '../../core/bits'
import { visit } from '../../../shaders/select/visit'
import type { Executor } from '../executor/executor'

/** What was kept at mask changes and what is kept now, bit-packed. */
export function withMask(visited: Uint32Array, mask: Uint32Array): Uint32Array {
  const all = visited.slice()
  visit(mask, all)
  return all
}

/** Share of the prunable weights that were kept at some training step; null where none change places. */
export async function exploredShare(executor: Executor): Promise<number | null> {
  const visited = await executor.visited()
  return visited && visited.reduce((sum, word) => sum + countOnes(word), 0) / executor.layout.prunableCount
}
