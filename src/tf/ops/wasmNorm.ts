import type { Nn } from '../../core/model'
import type { Tensor } from '../tfjs'
import type { Heap } from '../wasmHeap'
import { differentiable } from './differentiable'
import type { OpsState } from './dropout'

/** `Nn.layerNorm`: one pass forward and one back. */
export function wasmNorm(heap: Heap, { towards }: Pick<OpsState, 'towards'> = {}): Nn['layerNorm'] {
  const { kernels } = heap
  const frozen = towards === 'images'
  return (x, scale, shift, epsilon) => {
    const width = x.shape.at(-1) ?? 1
    const rows = x.size / width
    return differentiable(frozen ? [x] : [x, scale, shift], {
      forward() {
        const value = heap.tensor(x.shape)
        const moments = heap.tensor([rows, 2])
        kernels.layerNorm(...heap.all(x, scale, shift, value, moments), rows, width, epsilon)
        return { value, keep: [x, scale, moments] }
      },
      backward(valueGrad, kept) {
        const [keptX, keptScale, moments] = kept as [Tensor, Tensor, Tensor]
        const own = [heap.tensor([width]), heap.tensor([width])] as const
        const xGrad = heap.tensor(x.shape)
        kernels.layerNormGradient(...heap.all(keptX, keptScale, moments, valueGrad, xGrad, ...own), rows, width)
        if (!frozen) return [xGrad, ...own]
        for (const gradient of own) gradient.dispose()
        return [xGrad]
      },
    })
  }
}
