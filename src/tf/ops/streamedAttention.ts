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
  readonly shape: number[]
}

/** `Nn.attention` without matrices of tokens x tokens, for sequences where these are too large: probabilities are recomputed. */
export function streamedAttention(backend: ArenaBackend, tiles: Tiles): Nn['attention'] {
  return (query, key, value, heads, ids) => {
    const call = callOf(backend, tiles, query.shape, heads, ids !== undefined)
    return differentiable([query, key, value], {
      forward() {
        const { output, softmax } = mix(call, query, key, value, ids)
        return { value: output, keep: [query, key, value, output, softmax, ...(ids ? [ids] : [])] }
      },
      backward: (outputGrad, kept) => gradients(call, kept, outputGrad),
    })
  }
}

function callOf(backend: ArenaBackend, { streamed }: Tiles, shape: number[], heads: number, real: boolean): Call {
  const [batch = 1, tokens = 1, width = 1] = shape
  const headWidth = width / heads
  const threads = batch * heads * Math.ceil(tokens / streamed.tile)
  return {
    backend, batch, tokens, heads, headWidth, shape,
    constants: shaders.constants({ ...streamed, headWidth }),
    kernels: real ? shaders.streamed.real : shaders.streamed.every,
    uniform: shaders.streamedShape.write({ batch, tokens, heads, scale: 1 / Math.sqrt(headWidth) }),
    grid: workgroups(threads, streamed.threads),
  }
}

function mix(call: Call, query: Tensor, key: Tensor, value: Tensor, ids: Tensor | undefined) {
  const { backend, constants, kernels, uniform, grid, ...size } = call
  return run(backend, {
    label: 'streamed',
    code: constants + kernels.forward,
    inputs: { query, key, value, ...(ids ? { ids } : {}) },
    outputs: { output: { shape: size.shape }, softmax: { shape: [size.batch, size.tokens, size.heads, 2] } },
    uniform,
    grid,
  })
}

function gradients(call: Call, kept: readonly Tensor[], outputGrad: Tensor): Tensor[] {
  const { backend, constants, kernels, uniform, grid, shape } = call
  const [query, key, value, output, softmax, ids] = kept as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor?]
  const rows = rowsOf(call, output, outputGrad, softmax)
  const inputs = { query, key, value, outputGrad, rows, ...(ids ? { ids } : {}) }
  const { queryGrad } = run(backend, {
    label: 'streamedQuery', code: constants + kernels.query, inputs, outputs: { queryGrad: { shape } }, uniform, grid,
  })
  const { keyGrad, valueGrad } = run(backend, {
    label: 'streamedKeyValue',
    code: constants + kernels.keyValue,
    inputs,
    outputs: { keyGrad: { shape }, valueGrad: { shape } },
    uniform,
    grid,
  })
  rows.dispose()
  return [queryGrad, keyGrad, valueGrad]
}

function rowsOf({ backend, batch, tokens, heads, headWidth }: Call, output: Tensor, outputGrad: Tensor, softmax: Tensor): Tensor {
  return run(backend, {
    label: 'streamedRows',
    code: shaders.constants({ headWidth }) + shaders.streamedRows,
    inputs: { output, outputGrad, softmax },
    outputs: { rows: { shape: [batch, tokens, heads, 4] } },
    grid: workgroups(batch * tokens * heads, 256),
  }).rows
}
