import type { LinearOptions } from '../../core/model'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { SlicePlace } from '../program'
import type { Tensor } from '../tfjs'
import { dropoutDraw, type OpsState } from './dropout'
import type { Span } from './span'
import type { Tiles } from './tiles'

/** What the calls of an `Nn` have in common. */
export interface Context {
  readonly backend: ArenaBackend
  readonly tiles: Tiles
  readonly state: OpsState
}

/** One call: layers of one size on the same x, and what follows them. */
export interface Call extends Context {
  readonly weights: readonly Tensor[]
  readonly biases: readonly Tensor[]
  /** `width` is that of all outputs beside each other. */
  readonly size: { readonly rows: number; readonly fanIn: number; readonly fanOut: number; readonly width: number }
  readonly options: LinearOptions
}

/** The mask of these weights, if there is one and they lie under it. */
export function maskOf(
  { backend, state: { masked } }: Call,
  { tensor }: Span,
): { readonly inputs: { readonly mask: Tensor }; readonly start: number } | null {
  const { buffer, offset, size } = backend.binding(tensor)
  if (!masked || buffer !== masked.weights || offset + size > 128 * masked.mask.size) return null
  return { inputs: { mask: masked.mask }, start: offset / 128 }
}

/** What a kernel of a call needs to know beside its sizes; what is left out is 0. */
export interface Parts {
  readonly weights?: Span | undefined
  readonly bias?: Span
  readonly maskStart?: number | undefined
  readonly sliceRows?: number
  /** Of the weights' gradients, then of the biases'. */
  readonly gradients?: SlicePlace
}

/** The uniform of a kernel of a call. */
export function uniformOf(
  { size, state, weights, options: { dropout } }: Call,
  { weights: read, bias, maskStart = 0, sliceRows = 0, gradients }: Parts,
): ArrayBuffer {
  const [weights0 = 0, weights1 = 0, weights2 = 0] = read?.starts ?? []
  const [bias0 = 0, bias1 = 0, bias2 = 0] = bias?.starts ?? []
  const [weightsGrad0 = 0, weightsGrad1 = 0, weightsGrad2 = 0] = gradients?.starts.slice(0, weights.length) ?? []
  const [biasGrad0 = 0, biasGrad1 = 0, biasGrad2 = 0] = gradients?.starts.slice(weights.length) ?? []
  return shaders.linearShape.write({
    ...size,
    ...{ sliceRows, maskStart, weights0, weights1, weights2, bias0, bias1, bias2 },
    ...{ weightsGrad0, weightsGrad1, weightsGrad2, biasGrad0, biasGrad1, biasGrad2 },
    gradStride: gradients?.stride ?? 0,
    ...(dropout === undefined ? { stream: 0, threshold: 0, kept: 1 } : dropoutDraw(state.dropoutRate, dropout)),
  })
}
