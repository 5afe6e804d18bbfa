import type { RateRange } from '../../../shaders/train/rates'
import { padded, type Layout } from '../../core/layout'
import type { TensorSpec } from '../../core/model'
import type { Training } from '../../core/training'

type Rates = Pick<Training, 'headRate' | 'layerDecay'>

const embeddings = /^(embed|token|positions)(\/|$)/
const block = /^block(\d+)\//
const head = /^head\//

/** The tensors of a model, of which training leaves the embeddings as they are. */
export function withFrozen(tensors: readonly TensorSpec[]): TensorSpec[] {
  return tensors.map((t) => (embeddings.test(t.name) ? { ...t, frozen: true, decay: false } : t))
}

/**
 * At which share of the learning rate the parameters move, as they follow each other in the arena. Parameters after the
 * last range move at the whole rate; without ranges, all do. A layer's share is `layerDecay` to the power of the layers
 * above it (layer-wise decay: Clark et al., arXiv:2003.10555): the head, and what else comes after the blocks, has 1,
 * the last block `layerDecay`, the embeddings the least. The head's is multiplied by `headRate`.
 */
export function rateRanges({ tensors }: Layout, rates: Rates): RateRange[] {
  const blocks = 1 + Math.max(-1, ...tensors.map(({ name }) => blockOf(name) ?? -1))
  const ranges: RateRange[] = []
  for (const { name, offset, size } of tensors) {
    const share = shareOf(name, blocks, rates)
    const end = offset + padded(size)
    if (ranges.at(-1)?.share === share) ranges.pop()
    ranges.push({ end, share })
  }
  if (ranges.at(-1)?.share === 1) ranges.pop()
  return ranges
}

function shareOf(name: string, blocks: number, { headRate, layerDecay }: Rates): number {
  if (embeddings.test(name)) return layerDecay ** (blocks + 1)
  if (head.test(name)) return headRate
  const at = blockOf(name)
  return at === undefined ? 1 : layerDecay ** (blocks - at)
}

/** The number of a tensor's block; undefined outside of the blocks. */
function blockOf(name: string): number | undefined {
  const found = block.exec(name)?.[1]
  return found === undefined ? undefined : Number(found)
}
