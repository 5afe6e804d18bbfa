import type { Nn } from '../../core/model'
import type { Tensor } from '../tfjs'
import type { Heap } from '../wasmHeap'
import { differentiable } from './differentiable'
import { dropoutDraw, drops, type OpsState } from './dropout'

/** `Nn.dropout`; the mask is never stored, the gradient hashes it again. */
export function wasmDropout(heap: Heap, state: OpsState): Nn['dropout'] {
  return (x, site) => {
    if (!drops(state)) return x
    const { stream, threshold, kept } = dropoutDraw(state.dropoutRate, site)
    const drop = (numbers: Tensor) => {
      const value = heap.tensor(x.shape)
      heap.kernels.dropout(...heap.all(numbers, value), x.size, heap.at(state.random), stream, threshold, kept)
      return value
    }
    return differentiable([x], {
      forward: () => ({ value: drop(x), keep: [] }),
      backward: (valueGrad) => [drop(valueGrad)],
    })
  }
}
