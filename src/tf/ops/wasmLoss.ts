import type { Tensor } from '../tfjs'
import type { Heap } from '../wasmHeap'
import { differentiable } from './differentiable'

/** `Ops.crossEntropy` in one kernel, which computes the gradient too. */
export function wasmLoss(heap: Heap): (logits: Tensor, labels: Tensor, smoothing: number) => Tensor {
  const { kernels } = heap
  return (logits, labels, smoothing) => {
    const [rows = 1, classes = 1] = logits.shape
    return differentiable([logits], {
      forward() {
        const value = heap.tensor([])
        const gradient = heap.tensor(logits.shape)
        kernels.crossEntropy(...heap.all(logits, labels, value, gradient), rows, classes, smoothing)
        return { value, keep: [gradient] }
      },
      backward(lossGrad, [kept]) {
        const gradient = heap.tensor(logits.shape)
        kernels.scaled(...heap.all(kept as Tensor, lossGrad, gradient), logits.size)
        return [gradient]
      },
    })
  }
}
