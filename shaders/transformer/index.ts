/**
 * Forward and backward kernels of the operations that transformers are made of. Tensors are row-major f32; no kernel
 * adds with float atomics, so every result is the same on each run. Texts that need constants get them from
 * `specialise`:
 * `threads`, `blockRows`, `pairFloats` and a tile (attention), `threads`, `tile`, `headWidth` (streamed attention),
 * `rowThreads` (sums). A kernel's sizes come in its uniform `shape`, which the struct of its name here writes.
 */
import flat from '../parts/flat.wgsl?raw'
import random from '../parts/random.wgsl?raw'
import attentionAloneText from './parts/attentionAlone.wgsl?raw'
import attentionBlockText from './parts/attentionBlock.wgsl?raw'
import attentionHeadText from './parts/attentionHead.wgsl?raw'
import attentionKeepText from './parts/attentionKeep.wgsl?raw'
import attentionKeyValueText from './attentionKeyValue.wgsl?raw'
import attentionPairsText from './parts/attentionPairs.wgsl?raw'
import attentionProbabilitiesText from './parts/attentionProbabilities.wgsl?raw'
import attentionQueryText from './attentionQuery.wgsl?raw'
import attentionText from './attention.wgsl?raw'
import attentionTogetherText from './parts/attentionTogether.wgsl?raw'
import columnSumsText from './columnSums.wgsl?raw'
import crossEntropyText from './crossEntropy.wgsl?raw'
import dropoutText from './dropout.wgsl?raw'
import embeddingChainsText from './embeddingChains.wgsl?raw'
import embeddingTableText from './embeddingTable.wgsl?raw'
import embeddingText from './embedding.wgsl?raw'
import segmentsText from './segments.wgsl?raw'
import everyKeyText from './parts/everyKey.wgsl?raw'
import imagePatchesText from './imagePatches.wgsl?raw'
import { lanes, type Owner } from './lanes'
import layerNormGradientText from './layerNormGradient.wgsl?raw'
import layerNormText from './layerNorm.wgsl?raw'
import realKeysText from './parts/realKeys.wgsl?raw'
import streamedKeyValueText from './streamedKeyValue.wgsl?raw'
import streamedQueryText from './streamedQuery.wgsl?raw'
import streamedRowsText from './streamedRows.wgsl?raw'
import streamedText from './streamed.wgsl?raw'
import streamedTileText from './parts/streamedTile.wgsl?raw'
import slopeGradientText from './slopeGradient.wgsl?raw'
import tanhGradientText from './tanhGradient.wgsl?raw'
import toFloatText from './toFloat.wgsl?raw'
import { uniformStruct } from '../parts/uniformStruct'
import { addition } from './linear'

export { constants, specialise } from './unroll'
export { stored, type Precision, type Stored } from './stored'
export { type Owner } from './lanes'
export * from './linear'

const u32 = 'u32' as const
const f32 = 'f32' as const

export const layerNormShape = uniformStruct('Shape', { rows: u32, width: u32, epsilon: f32 })
/** Rows of mean 0 and variance 1, scaled and shifted; needs the same. */
export function layerNorm(owner: Owner): string {
  return layerNormShape.wgsl + lanes[owner] + layerNormText
}
/** `scaleGrad` and `shiftGrad` count floats from the beginning of `gradients`, `gradStride` those of a slice. */
export const layerNormGradientShape = uniformStruct('Shape', {
  rows: u32,
  width: u32,
  sliceRows: u32,
  scaleGrad: u32,
  shiftGrad: u32,
  gradStride: u32,
})
/**
 * Gradients of input, scale and shift, one slice of the rows for each workgroup.
 * @param added whether another gradient of the input is added
 */
export function layerNormGradient(owner: Owner, added: boolean): string {
  return layerNormGradientShape.wgsl + lanes[owner] + addition(added) + layerNormGradientText
}

export const attentionShape = uniformStruct('Shape', {
  batch: u32,
  tokens: u32,
  heads: u32,
  headWidth: u32,
  scale: f32,
})
const every = attentionShape.wgsl + attentionHeadText + everyKeyText
const real = attentionShape.wgsl + attentionHeadText + realKeysText
const blocks = {
  together: attentionBlockText + attentionTogetherText + lanes.together,
  alone: attentionBlockText + attentionAloneText + lanes.alone,
}
const nothingKept = 'fn keep(at: Block, thread: u32) {}\n'

/**
 * Attention of blocks of queries; with `ids` bound (`real`), padding gets no probability. Threads that own a block
 * alone bind
 * `pairs`, which hold the probabilities in the end. With `keeps`, those are copied to `probabilities`.
 */
export function attention({
  owner,
  real: ids,
  keeps,
}: {
  owner: 'together' | 'alone'
  real: boolean
  keeps: boolean
}): string {
  return (
    (ids ? real : every)
    + blocks[owner]
    + (owner === 'alone' ? attentionPairsText : '')
    + (keeps ? attentionProbabilitiesText + attentionKeepText : nothingKept)
    + attentionText
  )
}
/** Gradients of scores and queries. */
export const attentionQuery = {
  together: attentionShape.wgsl + attentionHeadText + blocks.together + attentionKeepText + attentionQueryText,
  alone: attentionShape.wgsl + attentionHeadText + blocks.alone + nothingKept + attentionQueryText,
} as const
/** Gradients of keys and values. */
export const attentionKeyValue = attentionShape.wgsl + attentionHeadText + attentionKeyValueText

const everyKey = attentionShape.wgsl + streamedTileText + everyKeyText
const realKeys = attentionShape.wgsl + streamedTileText + realKeysText
/** Attention without matrices of pairs: over all keys, and over real ones only (then `ids` is bound). */
export const streamed = {
  every: {
    forward: everyKey + streamedText,
    query: everyKey + streamedQueryText,
    keyValue: everyKey + streamedKeyValueText,
  },
  real: {
    forward: realKeys + streamedText,
    query: realKeys + streamedQueryText,
    keyValue: realKeys + streamedKeyValueText,
  },
} as const
/** What its gradient kernels need to know of each query. */
export const streamedRows = flat + streamedRowsText

export const crossEntropyShape = uniformStruct('Shape', { rows: u32, classes: u32, smoothing: f32 })
/** Loss and gradient of the logits, one workgroup. */
export function crossEntropy(owner: Owner): string {
  return crossEntropyShape.wgsl + lanes[owner] + crossEntropyText
}

export const embeddingShape = uniformStruct('Shape', { width: u32 })
export const embedding = embeddingShape.wgsl + flat + embeddingText
/** The same; clears the table's gradient and chains equal ids as well. */
export const embeddingChains = embeddingShape.wgsl + flat + embeddingChainsText
export const embeddingTable = embeddingShape.wgsl + flat + embeddingTableText

export const segmentsShape = uniformStruct('Shape', { length: u32 })
/** Segments of pairs by their separator, the id 3 of every vocabulary. */
export const segments = 'const separator = 3;\n' + segmentsShape.wgsl + flat + segmentsText

export const dropoutShape = uniformStruct('Shape', { stream: u32, threshold: u32, kept: f32 })
export const dropout = dropoutShape.wgsl + flat + random + dropoutText

export const columnSumsShape = uniformStruct('Shape', { length: u32, inner: u32, factor: f32 })
export const columnSums = columnSumsShape.wgsl + columnSumsText

/** The gradient of what enters an activation whose slope was kept. */
export const slopeGradient = flat + slopeGradientText

/** The gradient of what enters a tanh. */
export const tanhGradient = flat + tanhGradientText

/** Whole numbers as floats. */
export const toFloat = flat + toFloatText

export const imagePatchesShape = uniformStruct('Shape', {
  height: u32,
  width: u32,
  channels: u32,
  patchHeight: u32,
  patchWidth: u32,
  scaledHeight: u32,
  scaledWidth: u32,
})
/** Normalised patches of raw images, scaled before they are cut where their scaled sides differ from their own. */
export const imagePatches = imagePatchesShape.wgsl + flat + imagePatchesText
