/**
 * Forward and backward kernels of the operations that transformers are made of. Tensors are row-major f32; no kernel adds
 * with float atomics, so every result is the same on each run. Texts that need constants take them from `constants`:
 * `lanes`, `layers`, `tileRows`, `tileColumns` (linear), `tile`, `headWidth`, `threads` (attention), `rowThreads`.
 */
import { flat, random } from '..'
import attentionText from './attention.wgsl?raw'
import attentionAllText from './attentionAll.wgsl?raw'
import attentionIdsText from './attentionIds.wgsl?raw'
import attentionKeyValueText from './attentionKeyValue.wgsl?raw'
import attentionQueryText from './attentionQuery.wgsl?raw'
import attentionRowsText from './attentionRows.wgsl?raw'
import attentionTileText from './attentionTile.wgsl?raw'
import crossEntropyText from './crossEntropy.wgsl?raw'
import dropoutText from './dropout.wgsl?raw'
import embeddingText from './embedding.wgsl?raw'
import embeddingTableText from './embeddingTable.wgsl?raw'
import geluGradientText from './geluGradient.wgsl?raw'
import linearText from './linear.wgsl?raw'
import linearGeluText from './linearGelu.wgsl?raw'
import linearPlainText from './linearPlain.wgsl?raw'
import normalCdfText from './normalCdf.wgsl?raw'
import patchesText from './patches.wgsl?raw'
import sumSlicesText from './sumSlices.wgsl?raw'
import zerosText from './zeros.wgsl?raw'

/** WGSL constants, all u32, to put before a text. */
export function constants(values: Readonly<Record<string, number>>): string {
  return Object.entries(values).map(([name, value]) => `const ${name} = ${value}u;\n`).join('')
}

/** x weights + bias. */
export const linear = linearText + linearPlainText
/** The same with GELU behind it; also stores what was before it. */
export const linearGelu = linearText + normalCdfText + linearGeluText
export { default as linearInput } from './linearInput.wgsl?raw'
export { default as linearWeights } from './linearWeights.wgsl?raw'
export const geluGradient = flat + normalCdfText + geluGradientText
/** Second stage of sums over rows, two tensors at once. */
export const sumSlices = flat + sumSlicesText

export { default as layerNorm } from './layerNorm.wgsl?raw'
export { default as layerNormInput } from './layerNormInput.wgsl?raw'
export { default as layerNormScale } from './layerNormScale.wgsl?raw'

const keys = { all: attentionTileText + attentionAllText, real: attentionTileText + attentionIdsText } as const
/** Attention to all keys, or only to real ones (`ids` is bound). */
export type Keys = keyof typeof keys
export const attention = { all: keys.all + attentionText, real: keys.real + attentionText }
export const attentionRows = flat + attentionRowsText
export const attentionQuery = { all: keys.all + attentionQueryText, real: keys.real + attentionQueryText }
export const attentionKeyValue = { all: keys.all + attentionKeyValueText, real: keys.real + attentionKeyValueText }

/** Loss and gradient of the logits, one workgroup. */
export const crossEntropy = crossEntropyText
export const embedding = flat + embeddingText
export { default as embeddingChains } from './embeddingChains.wgsl?raw'
export const embeddingTable = flat + embeddingTableText
export const zeros = flat + zerosText
export const dropout = flat + random + dropoutText
export const patches = flat + patchesText
