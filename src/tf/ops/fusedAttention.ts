import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { differentiable, run } from './differentiable'
import { streamedAttention } from './streamedAttention'
import type { Tiles } from './tiles'

/** One call of attention: its sizes, and the backend that runs it. */
interface Call {
  readonly backend: ArenaBackend
  readonly tiles: Tiles
  /** [batch, tokens, width] of query, key and value. */
  readonly shape: number[]
  readonly size: { readonly batch: number; readonly tokens: number; readonly heads: number; readonly headWidth: number }
}

/**
 * `Nn.attention` on interleaved heads, without transposed copies. Probabilities are kept for the gradient: on lavapipe
 * recomputing them took twice as long. Where they would fill too much memory, they are recomputed all the same.
 */
export function fusedAttention(backend: ArenaBackend, tiles: Tiles): Nn['attention'] {
  const streamed = streamedAttention(backend, tiles)
  return (query, key, value, heads, ids) => {
    const [batch = 1, tokens = 1, width = 1] = query.shape
    if (4 * batch * heads * tokens * tokens > tiles.keptBytes) return streamed(query, key, value, heads, ids)
    const call: Call = { backend, tiles, shape: query.shape, size: { batch, tokens, heads, headWidth: width / heads } }
    return differentiable([query, key, value], {
      forward() {
        const probabilities = softmax(call, scores(call, query, key, scaleOf(call), ids))
        return { value: mix(call, probabilities, value, 1, 'rows'), keep: [query, key, value, probabilities] }
      },
      backward: (outputGrad, kept) => gradients(call, kept, outputGrad),
    })
  }
}

function gradients(call: Call, kept: readonly Tensor[], outputGrad: Tensor): Tensor[] {
  const [query, key, value, probabilities] = kept as [Tensor, Tensor, Tensor, Tensor]
  const scoresGrad = softmaxGradient(call, probabilities, scores(call, outputGrad, value, 1))
  const queryGrad = mix(call, scoresGrad, key, scaleOf(call), 'rows')
  const keyGrad = mix(call, scoresGrad, query, scaleOf(call), 'columns')
  scoresGrad.dispose()
  return [queryGrad, keyGrad, mix(call, probabilities, outputGrad, 1, 'columns')]
}

function scaleOf({ size }: Call): number {
  return 1 / Math.sqrt(size.headWidth)
}

/** scale left . right for all pairs of tokens of a head: [batch, heads, tokens, tokens]. */
function scores({ backend, tiles, size }: Call, left: Tensor, right: Tensor, scale: number, ids?: Tensor): Tensor {
  const { batch, heads, tokens } = size
  return run(backend, {
    label: 'attentionScores',
    code: shaders.specialise(shaders.attentionScores[ids ? 'real' : 'every'], tiles.pairs),
    inputs: { left, right, ...(ids ? { ids } : {}) },
    outputs: { scores: { shape: [batch, heads, tokens, tokens] } },
    uniform: shaders.pairsShape.write({ ...size, scale, rowStride: 0, sumStride: 0 }),
    grid: gridOf(tiles, size, tokens),
  }).scores
}

/** Turns scores into probabilities in place. */
function softmax({ backend, tiles, size }: Call, scoresTensor: Tensor): Tensor {
  run(backend, {
    label: 'attentionSoftmax',
    code: shaders.constants({ threads: tiles.pairs.threads }) + shaders.attentionSoftmax,
    inputs: { scores: scoresTensor },
    outputs: {},
    uniform: shaders.pairsShape.write({ ...size, scale: 1, rowStride: 0, sumStride: 0 }),
    grid: workgroups(size.batch * size.heads * size.tokens, tiles.pairs.threads),
  })
  return scoresTensor
}

/** Turns gradients of probabilities into gradients of scores in place. */
function softmaxGradient({ backend, tiles, size }: Call, probabilities: Tensor, scoresGrad: Tensor): Tensor {
  run(backend, {
    label: 'attentionSoftmaxGrad',
    code: shaders.constants({ threads: tiles.pairs.threads }) + shaders.attentionSoftmaxGrad,
    inputs: { probabilities, scoresGrad },
    outputs: {},
    uniform: shaders.pairsShape.write({ ...size, scale: 1, rowStride: 0, sumStride: 0 }),
    grid: workgroups(size.batch * size.heads * size.tokens, tiles.pairs.threads),
  })
  return scoresGrad
}

/** scale pairs vectors for each head, where the result's tokens are the rows or the columns of pairs. */
function mix(
  { backend, tiles, shape, size }: Call, pairs: Tensor, vectors: Tensor, scale: number, tokensAre: 'rows' | 'columns',
): Tensor {
  const [rowStride, sumStride] = tokensAre === 'rows' ? [size.tokens, 1] : [1, size.tokens]
  return run(backend, {
    label: 'attentionMix',
    code: shaders.specialise(shaders.attentionMix, tiles.pairs),
    inputs: { pairs, vectors },
    outputs: { output: { shape } },
    uniform: shaders.pairsShape.write({ ...size, scale, rowStride, sumStride }),
    grid: gridOf(tiles, size, size.headWidth),
  }).output
}

/** Workgroups for one [tokens, columns] result a head. */
function gridOf({ pairs }: Tiles, { batch, heads, tokens }: Call['size'], columns: number): readonly [number, number, number] {
  const tiles = Math.ceil(tokens / pairs.tileRows) * Math.ceil(columns / pairs.tileColumns)
  return workgroups(batch * heads * tiles, pairs.threads)
}
