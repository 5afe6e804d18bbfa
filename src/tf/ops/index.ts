/**
 * The operations that models are made of, in three kinds that agree to 1e-4: fused kernels on our WebGPU backend,
 * kernels in the memory of tfjs-wasm, and compositions of tfjs operations everywhere else. All are differentiable and
 * deterministic.
 */
import type { Nn } from '../../core/model'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { wasmHeap, type Heap } from '../wasmHeap'
import { compositions, crossEntropy, linearCompositions } from './compositions'
import { withoutGradient } from './differentiable'
import { dropoutComposition, type OpsState } from './dropout'
import { fusedAttention } from './fusedAttention'
import { fusedChoices } from './fusedChoices'
import { fusedDropout } from './fusedDropout'
import { fusedEmbedding } from './fusedEmbedding'
import { fusedImages } from './fusedImages'
import { fusedLinear } from './fusedLinear'
import { fusedLoss } from './fusedLoss'
import { fusedNorm } from './fusedNorm'
import { fusedSegments } from './fusedSegments'
import { replaceKernels } from './replacements'
import { fusedTanh } from './fusedTanh'
import { tilesFor } from './tiles'
import { wasmAttention } from './wasmAttention'
import { wasmDropout } from './wasmDropout'
import { wasmEmbedding } from './wasmEmbedding'
import { wasmLinear } from './wasmLinear'
import { wasmLoss } from './wasmLoss'
import { wasmNorm } from './wasmNorm'
import { wasmSegments } from './wasmSegments'

export type { OpsState } from './dropout'
export { rawImages } from './fusedImages'

/** What a training step is built of. */
export interface Ops {
  readonly nn: Nn
  /**
   * Mean loss (scalar) of logits [batch, classes] against class numbers [batch] (int32; -1 counts nothing).
   * @param smoothing share of the target that is spread over all classes, in [0, 1)
   */
  crossEntropy(logits: Tensor, labels: Tensor, smoothing: number): Tensor
}

/** The operations for our WebGPU backend; null takes what is there for tfjs's current one. */
export function createOps(backend: ArenaBackend | null, state: OpsState): Ops {
  if (!backend) {
    const heap = wasmHeap()
    return heap ? { nn: wasmNn(heap, state), crossEntropy: wasmLoss(heap) } : { nn: composedNn(state), crossEntropy }
  }
  const tiles = tilesFor(backend.device)
  return { nn: fusedNn(backend, state, tiles), crossEntropy: fusedLoss(backend, tiles) }
}

/** `Nn` as compositions of tfjs operations. */
export function composedNn(state: OpsState): Nn {
  const dropout: Nn['dropout'] = (x, site) => dropoutComposition(x, site, state)
  return { ...compositions, ...linearCompositions(dropout), dropout }
}

/** `Nn` as kernels of ours in tfjs-wasm's memory; what is not worth one stays a composition. */
export function wasmNn(heap: Heap, state: OpsState): Nn {
  const dropout = wasmDropout(heap, state)
  return {
    ...composedNn(state),
    ...wasmLinear(heap, dropout, state),
    dropout,
    layerNorm: wasmNorm(heap, state),
    attention: wasmAttention(heap),
    embedding: wasmEmbedding(heap),
    segments: wasmSegments(heap),
    ...(state.towards === 'images' ? {} : constantImages),
  }
}

/** Where nobody asks for the gradient of images. */
const constantImages: Pick<Nn, 'patches' | 'pixels'> = {
  patches: (images, size, side) => withoutGradient(compositions.patches(images, size, side)),
  pixels: (images) => withoutGradient(compositions.pixels(images)),
}

/** `Nn` as our kernels, cut for the device if `tiles` does not say otherwise. */
export function fusedNn(backend: ArenaBackend, state: OpsState, tiles = tilesFor(backend.device)): Nn {
  replaceKernels(tiles)
  return {
    ...fusedLinear(backend, tiles, state),
    tanh: fusedTanh(backend),
    layerNorm: fusedNorm(backend, tiles, state),
    attention: fusedAttention(backend, tiles, state.precision),
    embedding: fusedEmbedding(backend),
    segments: fusedSegments(backend),
    dropout: fusedDropout(backend, state),
    units: compositions.units,
    penalise: compositions.penalise,
    among: compositions.among,
    ...fusedChoices(backend, tiles),
    ...fusedImages(backend, state),
  }
}
