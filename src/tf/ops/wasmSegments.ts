import type { Nn } from '../../core/model'
import type { Heap } from '../wasmHeap'

/** `Nn.segments`. */
export function wasmSegments(heap: Heap): Nn['segments'] {
  return (ids) => {
    const value = heap.tensor(ids.shape, 'int32')
    heap.kernels.segments(...heap.all(ids, value), ids.size, ids.shape[1] ?? 1)
    return value
  }
}
