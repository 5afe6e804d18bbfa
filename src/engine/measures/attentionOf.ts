import type { Attention, Read } from '../../core/attempt'
import type { Batch } from '../../data/batches'
import type { Executor } from '../executor/executor'
import { watchAttention } from '../executor/watchAttention'

/** Which attention is asked for; numbers beyond the model's are its last ones. */
interface Place {
  readonly block: number
  readonly head: number
}

/**
 * To which parts of an example one head attends. @param batch the example is its first one
 * @returns undefined where the model has no attention
 */
export async function attentionOf(
  executor: Executor,
  batch: Batch,
  read: Read,
  place: Place,
): Promise<Attention | undefined> {
  const heads: number[] = []
  const watch = watchAttention((block, count) => {
    heads[block] = count
  })
  const stacked = await executor.sums([batch], watch)
  const block = Math.min(place.block, heads.length - 1)
  const found = stacked.get(String(block))
  const count = heads[block] ?? 0
  if (!found || count === 0) return undefined
  const head = Math.min(place.head, count - 1)
  const parts = read.kind === 'image' ? read.rows * read.columns : read.pieces.length
  // Of a text the rest is padding, which nothing attends to; of an image there may be a class token before its parts.
  const tokens = executor.input.task === 'text' ? executor.input.length : tokensOf(executor, parts)
  const known = executor.input.task === 'text' ? parts : tokens
  const weights = headWeights(found, { tokens, known, heads: count, head })
  const isClassToken = read.kind === 'text' || known > parts
  const from = isClassToken ? weights.slice(0, 1) : weights
  const shares = weights.map((_, key) => from.reduce((sum, row) => sum + (row[key] ?? 0), 0) / from.length)
  return {
    block,
    head,
    blocks: heads.length,
    heads: count,
    from: isClassToken ? 'class' : 'all',
    shares: shares.slice(known - parts),
  }
}

/** Tokens of an image: its parts, and perhaps the class token. */
function tokensOf({ layout }: Executor, parts: number): number {
  return parts + (layout.tensors.some(({ name }) => name === 'token') ? 1 : 0)
}

interface Head {
  readonly tokens: number
  /** Tokens that are no padding, which come first. */
  readonly known: number
  readonly heads: number
  readonly head: number
}

/** For every known token the shares that it gives to every known one: softmax of q k / sqrt(width of the head). */
export function headWeights(stacked: ArrayLike<number>, { tokens, known, heads, head }: Head): number[][] {
  const width = stacked.length / tokens / 3
  const size = width / heads
  const at = (token: number, part: number, i: number) =>
    stacked[token * 3 * width + part * width + head * size + i] ?? 0
  const all = Array.from({ length: known }, (_, i) => i)
  const dimensions = Array.from({ length: size }, (_, i) => i)
  return all.map((query) => {
    const logits = all.map(
      (key) => dimensions.reduce((sum, i) => sum + at(query, 0, i) * at(key, 1, i), 0) / Math.sqrt(size),
    )
    const top = Math.max(...logits)
    const shares = logits.map((logit) => Math.exp(logit - top))
    const sum = shares.reduce((a, b) => a + b, 0)
    return shares.map((share) => share / sum)
  })
}
