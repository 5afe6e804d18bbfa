import type { Nn } from '../../core/model'
import type { Tensor } from '../tfjs'
import type { Heap } from '../wasmHeap'
import { differentiable } from './differentiable'

/** `Nn.embedding`; the gradient adds rows in order of position. */
export function wasmEmbedding(heap: Heap): Nn['embedding'] {
  const { kernels } = heap
  return (table, ids) => {
    const [size = 1, width = 1] = table.shape
    return differentiable([table], {
      forward() {
        const value = heap.tensor([...ids.shape, width])
        kernels.gatherRows(...heap.all(table, ids, value), ids.size, width)
        return { value, keep: [ids] }
      },
      backward(valueGrad, [keptIds]) {
        const gradient = heap.tensor(table.shape)
        kernels.scatterRows(...heap.all(valueGrad, keptIds as Tensor, gradient), ids.size, width, size)
        return [gradient]
      },
    })
  }
}
