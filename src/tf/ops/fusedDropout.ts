import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { differentiable, run } from './differentiable'
import { dropoutStream, dropoutThreshold, type OpsState } from './dropout'

/** `Nn.dropout`; the mask is never stored, the gradient hashes it again. */
export function fusedDropout(backend: ArenaBackend, state: OpsState): Nn['dropout'] {
  return (x, site) => {
    const { dropoutRate: rate, random, training } = state
    if (!training || rate === 0) return x
    const threshold = dropoutThreshold(rate)
    const uniform = shaders.dropoutShape.write({ stream: dropoutStream(site), threshold, kept: 1 / (1 - rate) })
    const drop = (tensor: Tensor) => run(backend, {
      label: 'dropout',
      code: shaders.dropout,
      inputs: { random, x: tensor },
      outputs: { output: { shape: tensor.shape } },
      uniform,
      grid: workgroups(tensor.size, 256),
    }).output
    return differentiable([x], { forward: () => ({ value: drop(x), keep: [] }), backward: (outputGrad) => [drop(outputGrad)] })
  }
}
