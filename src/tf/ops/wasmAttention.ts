import type { Nn } from '../../core/model'
import type { Tensor } from '../tfjs'
import type { Heap } from '../wasmHeap'
import { differentiable } from './differentiable'

/** `Nn.attention`, head by head: scores, softmax and weighted sum of one before the next. */
export function wasmAttention(heap: Heap): Nn['attention'] {
  const { kernels } = heap
  return (stacked, heads, ids) => {
    const [batch = 1, tokens = 1] = stacked.shape
    const width = stacked.size / (3 * batch * tokens)
    const sizes = [batch, tokens, heads, width / heads] as const
    // Rows of probabilities are padded, so that no vector of four crosses their end.
    const padded = 4 * Math.ceil(tokens / 4)
    // Each thread has scratch memory for products, and after all of that rows of probabilities.
    const scratch = () => heap.scratch(kernels.productScratch + 4 * tokens * padded)
    const rows = heap.threads * kernels.productScratch
    return differentiable([stacked], {
      forward(wanted) {
        const value = heap.tensor([batch, tokens, width])
        const kept = wanted ? heap.tensor([batch, heads, tokens, padded]) : null
        const own = scratch()
        kernels.attention(
          heap.at(stacked),
          ids ? heap.at(ids) : 0,
          heap.at(value),
          kept ? heap.at(kept) : own + rows,
          wanted,
          ...sizes,
          own,
        )
        return { value, keep: kept ? [stacked, kept] : [] }
      },
      backward(valueGrad, kept) {
        const [keptStacked, probabilities] = kept as [Tensor, Tensor]
        const gradient = heap.tensor(stacked.shape)
        const own = scratch()
        kernels.attentionGradient(
          ...heap.all(keptStacked, probabilities, valueGrad, gradient),
          ...sizes,
          own + rows,
          own,
        )
        return [gradient]
      },
    })
  }
}
