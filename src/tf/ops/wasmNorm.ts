import type { Nn } from '../../core/model'
import type { Tensor } from '../tfjs'
import type { WasmHeap } from '../wasmHeap'
import { differentiable } from './differentiable'

/** `Nn.layerNorm`: one pass forward and one back. */
export function wasmNorm(heap: WasmHeap): Nn['layerNorm'] {
  const { kernels } = heap
  return (x, scale, shift, epsilon) => {
    const width = x.shape.at(-1) ?? 1
    const rows = x.size / width
    return differentiable([x, scale, shift], {
      forward() {
        const value = heap.tensor(x.shape)
        const moments = heap.tensor([rows, 2])
        kernels.layerNorm(...heap.all(x, scale, shift, value, moments), rows, width, epsilon)
        return { value, keep: [x, scale, moments] }
      },
      backward(valueGrad, kept) {
        const [keptX, keptScale, moments] = kept as [Tensor, Tensor, Tensor]
        const gradients = [heap.tensor(x.shape), heap.tensor([width]), heap.tensor([width])] as const
        kernels.layerNormGradient(...heap.all(keptX, keptScale, moments, valueGrad, ...gradients), rows, width)
        return gradients
      },
    })
  }
}
