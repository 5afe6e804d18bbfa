import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { differentiable, run } from './differentiable'

/** `Nn.tanh`; tfjs's own gradient is three kernels. */
export function fusedTanh(backend: ArenaBackend): Nn['tanh'] {
  return (x) =>
    differentiable([x], {
      forward() {
        const value = x.tanh()
        return { value, keep: [value] }
      },
      backward(outputGrad, kept) {
        const [output] = kept as [Tensor]
        const { inputGrad } = run(backend, {
          label: 'tanhGradient',
          code: shaders.tanhGradient,
          inputs: { outputGrad, output },
          outputs: { inputGrad: { shape: x.shape } },
          grid: workgroups(x.size, 256),
        })
        return [inputGrad]
      },
    })
}
