import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { differentiable, run } from './differentiable'
import { dropoutDraw, drops, type OpsState } from './dropout'

/** `Nn.dropout`; the mask is never stored, the gradient hashes it again. */
export function fusedDropout(backend: ArenaBackend, state: OpsState): Nn['dropout'] {
  return (x, site) => {
    if (!drops(state)) return x
    return differentiable([x], {
      forward: () => ({ value: drop(backend, state, x, site), keep: [] }),
      backward: (outputGrad) => [drop(backend, state, outputGrad, site)],
    })
  }
}

/** x times the dropout mask of a site. */
export function drop(backend: ArenaBackend, state: OpsState, x: Tensor, site: number): Tensor {
  return run(backend, {
    label: 'dropout',
    code: shaders.dropout,
    inputs: { random: state.random, x },
    outputs: { output: { shape: x.shape } },
    uniform: shaders.dropoutShape.write({ ...dropoutDraw(state.dropoutRate, site) }),
    grid: workgroups(x.size, 256),
  }).output
}
