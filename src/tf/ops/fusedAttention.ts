import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { differentiable, run } from './differentiable'
import { keptOutput, type Precision } from './kept'
import { streamedAttention } from './streamedAttention'
import type { Tiles } from './tiles'

/** One call of attention: its sizes, the backend that runs it, and what its kernels have in common. */
interface Call {
  readonly backend: ArenaBackend
  readonly batch: number
  readonly tokens: number
  readonly heads: number
  readonly headWidth: number
  readonly tiles: Tiles['attention']
  readonly precision: Precision
  /** Queries that a workgroup owns. */
  readonly blockRows: number
  readonly uniform: ArrayBuffer
}

/**
 * `Nn.attention` on interleaved heads, without transposed copies: one kernel forwards and two backwards. Probabilities
 * are kept for the gradient: on lavapipe recomputing them took twice as long. Where they would fill too much memory,
 * they are recomputed all the same.
 */
export function fusedAttention(backend: ArenaBackend, tiles: Tiles, precision: Precision = 'f32'): Nn['attention'] {
  const streamed = streamedAttention(backend, tiles)
  return (stacked, heads, ids) => {
    const call = callOf(backend, tiles, precision, stacked, heads)
    const { batch, tokens } = call
    if (4 * batch * heads * tokens * tokens > tiles.keptBytes || call.blockRows < 1)
      return streamed(stacked, heads, ids)
    return differentiable([stacked], {
      forward(wanted) {
        const { output, probabilities } = attend(call, wanted, stacked, ids)
        return { value: output, keep: [stacked, ...(probabilities ? [probabilities] : [])] }
      },
      backward: (outputGrad, [keptStacked, probabilities]) => [
        gradient(call, keptStacked as Tensor, probabilities as Tensor, outputGrad),
      ],
    })
  }
}

function callOf(
  backend: ArenaBackend,
  { attention: tiles }: Tiles,
  precision: Precision,
  stacked: Tensor,
  heads: number,
): Call {
  const [batch = 1, tokens = 1, width = 3] = stacked.shape
  const headWidth = width / 3 / heads
  const uniform = shaders.attentionShape.write({ batch, tokens, heads, headWidth, scale: 1 / Math.sqrt(headWidth) })
  return {
    backend,
    batch,
    tokens,
    heads,
    headWidth,
    tiles,
    precision,
    blockRows: blockRowsOf(backend, tiles, tokens),
    uniform,
  }
}

/** The largest power of two of queries whose scores fit into the memory of a workgroup; below 1 if none does. */
function blockRowsOf(backend: ArenaBackend, tiles: Tiles['attention'], tokens: number): number {
  const floats = floatsOf(backend, tiles)
  let rows = tiles.mostRows
  while (tiles.owner === 'together' && rows >= 1 && rows * tokens > floats) rows /= 2
  return rows
}

/** Scores that the memory of a workgroup holds beside one number a thread. */
function floatsOf({ device }: ArenaBackend, { threads }: Tiles['attention']): number {
  return device.limits.maxComputeWorkgroupStorageSize / 4 - threads
}

function codeOf({ backend, tiles, tokens, blockRows, precision }: Call, text: string): string {
  const { threads, tileRows, tileColumns, mixRows, mixColumns } = tiles
  // In steps of 4 kB, so that sequences of about the same length share a kernel.
  const pairFloats = Math.min(Math.ceil((blockRows * tokens) / 1024) * 1024, floatsOf(backend, tiles))
  return (
    shaders.stored({ kept: precision })
    + shaders.constants({ blockRows, pairFloats })
    + shaders.specialise(text, { threads, tileRows, tileColumns, mixRows, mixColumns })
  )
}

/** Output, and probabilities if they are wanted: those of threads that work alone lie in `pairs` in the end. */
function attend(
  call: Call,
  wanted: boolean,
  stacked: Tensor,
  ids: Tensor | undefined,
): { output: Tensor; probabilities?: Tensor } {
  const {
    backend,
    batch,
    tokens,
    heads,
    headWidth,
    tiles: { owner },
    precision,
    uniform,
  } = call
  const shape = [batch, heads, tokens, tokens]
  const keeps = wanted && (owner === 'together' || precision === 'f16')
  const { output, pairs, probabilities } = run<string>(backend, {
    label: 'attention',
    code: codeOf(call, shaders.attention({ owner, real: ids !== undefined, keeps })),
    inputs: { stacked, ...(ids ? { ids } : {}) },
    outputs: {
      output: { shape: [batch, tokens, heads * headWidth] },
      ...(owner === 'alone' ? { pairs: { shape } } : {}),
      ...(keeps ? { probabilities: keptOutput(shape, precision) } : {}),
    },
    uniform,
    grid: blocksOf(call),
  })
  const kept = keeps ? probabilities : wanted ? pairs : undefined
  if (pairs !== kept) pairs?.dispose()
  return { output: output as Tensor, ...(kept ? { probabilities: kept } : {}) }
}

function gradient(call: Call, stacked: Tensor, probabilities: Tensor, outputGrad: Tensor): Tensor {
  const { backend, batch, tokens, heads, headWidth, tiles, uniform } = call
  const inputs = { stacked, outputGrad, probabilities }
  const { stackedGrad, scoresGrad } = run(backend, {
    label: 'attentionQuery',
    code: codeOf(call, shaders.attentionQuery[tiles.owner]),
    inputs,
    outputs: { stackedGrad: { shape: stacked.shape }, scoresGrad: { shape: [batch, heads, tokens, tokens] } },
    uniform,
    grid: blocksOf(call),
  })
  const perHead = Math.ceil(tokens / tiles.mixRows) * Math.ceil(headWidth / tiles.mixColumns)
  run(backend, {
    label: 'attentionKeyValue',
    code: codeOf(call, shaders.attentionKeyValue),
    inputs: { ...inputs, scoresGrad, stackedGrad },
    outputs: {},
    uniform,
    grid: workgroups(batch * heads * perHead, tiles.threads),
  })
  scoresGrad.dispose()
  return stackedGrad
}

/** A workgroup, or a thread, for each block of queries of a head. */
function blocksOf({ batch, heads, tokens, tiles, blockRows }: Call): readonly [number, number, number] {
  return workgroups(batch * heads * Math.ceil(tokens / blockRows), tiles.owner === 'alone' ? tiles.threads : 1)
}
