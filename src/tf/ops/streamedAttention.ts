import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { differentiable, run } from './differentiable'
import type { Tiles } from './tiles'

/** One call of attention: its sizes and what its kernels have in common. */
interface Call {
  readonly backend: ArenaBackend
  readonly batch: number
  readonly tokens: number
  readonly heads: number
  readonly headWidth: number
  readonly constants: string
  readonly kernels: (typeof shaders.streamed)['every' | 'real']
  readonly uniform: ArrayBuffer
  readonly grid: readonly [number, number, number]
}

/**
 * `Nn.attention` without matrices of tokens x tokens, for sequences where these are too large: probabilities are
 * recomputed.
 */
export function streamedAttention(backend: ArenaBackend, tiles: Tiles): Nn['attention'] {
  return (stacked, heads, ids) => {
    const call = callOf(backend, tiles, stacked.shape, heads, ids !== undefined)
    return differentiable([stacked], {
      forward() {
        const { output, softmax } = mix(call, stacked, ids)
        return { value: output, keep: [stacked, output, softmax, ...(ids ? [ids] : [])] }
      },
      backward: (outputGrad, kept) => [gradient(call, kept, outputGrad)],
    })
  }
}

function callOf(backend: ArenaBackend, { streamed }: Tiles, shape: number[], heads: number, real: boolean): Call {
  const [batch = 1, tokens = 1, width = 3] = shape
  const headWidth = width / 3 / heads
  const threads = batch * heads * Math.ceil(tokens / streamed.tile)
  return {
    backend,
    batch,
    tokens,
    heads,
    headWidth,
    constants: shaders.constants({ ...streamed, headWidth }),
    kernels: real ? shaders.streamed.real : shaders.streamed.every,
    uniform: shaders.attentionShape.write({ batch, tokens, heads, headWidth, scale: 1 / Math.sqrt(headWidth) }),
    grid: workgroups(threads, streamed.threads),
  }
}

function mix(call: Call, stacked: Tensor, ids: Tensor | undefined): { output: Tensor; softmax: Tensor } {
  const { backend, constants, kernels, uniform, grid, batch, tokens, heads, headWidth } = call
  return run(backend, {
    label: 'streamed',
    code: constants + kernels.forward,
    inputs: { stacked, ...(ids ? { ids } : {}) },
    outputs: { output: { shape: [batch, tokens, heads * headWidth] }, softmax: { shape: [batch, tokens, heads, 2] } },
    uniform,
    grid,
  })
}

function gradient(call: Call, kept: readonly Tensor[], outputGrad: Tensor): Tensor {
  const { backend, constants, kernels, uniform, grid } = call
  const [stacked, output, softmax, ids] = kept as [Tensor, Tensor, Tensor, Tensor?]
  const rows = rowsOf(call, output, outputGrad, softmax)
  const inputs = { stacked, outputGrad, rows, ...(ids ? { ids } : {}) }
  const { stackedGrad } = run(backend, {
    label: 'streamedQuery',
    code: constants + kernels.query,
    inputs,
    outputs: { stackedGrad: { shape: stacked.shape } },
    uniform,
    grid,
  })
  run(backend, {
    label: 'streamedKeyValue',
    code: constants + kernels.keyValue,
    inputs: { ...inputs, stackedGrad },
    outputs: {},
    uniform,
    grid,
  })
  rows.dispose()
  return stackedGrad
}

function rowsOf(
  { backend, batch, tokens, heads, headWidth }: Call,
  output: Tensor,
  outputGrad: Tensor,
  softmax: Tensor,
): Tensor {
  return run(backend, {
    label: 'streamedRows',
    code: shaders.constants({ headWidth }) + shaders.streamedRows,
    inputs: { output, outputGrad, softmax },
    outputs: { rows: { shape: [batch, tokens, heads, 4] } },
    grid: workgroups(batch * tokens * heads, 256),
  }).rows
}
