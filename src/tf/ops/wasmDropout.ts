import { randomBits } from '../../core/random'
import type { Nn } from '../../core/model'
import type { Tensor } from '../tfjs'
import type { WasmHeap } from '../wasmHeap'
import { differentiable } from './differentiable'
import { dropoutStream, dropoutThreshold, type OpsState } from './dropout'

/** `Nn.dropout`; the mask is never stored, the gradient hashes it again. */
export function wasmDropout(heap: WasmHeap, state: OpsState): Nn['dropout'] {
  return (x, site) => {
    const { dropoutRate: rate, training, random } = state
    if (!training || rate === 0) return x
    const [seed = 0, step = 0] = random.dataSync()
    const stream = dropoutStream(site)
    const drop = (numbers: Tensor) => {
      const value = heap.tensor(x.shape)
      heap.kernels.dropout(
        ...heap.all(numbers, value),
        x.size,
        randomBits(seed, stream, step),
        stream,
        dropoutThreshold(rate),
        1 / (1 - rate),
      )
      return value
    }
    return differentiable([x], {
      forward: () => ({ value: drop(x), keep: [] }),
      backward: (valueGrad) => [drop(valueGrad)],
    })
  }
}
