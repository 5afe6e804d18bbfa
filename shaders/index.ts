/**
 * Kernels over the arena's flat buffers, as WGSL text. Each has a JavaScript twin in the file of its name: its oracle,
 * and the code that runs without WebGPU.
 *
 * Promises. A kernel binds at most 8 storage buffers, by the names used here: `weights`, `grads`, `moment1`, `moment2`
 * (f32 over the whole arena); `noiseMean`, `noiseSquare`, `importance`, `steady`, `peak`, `sensed`, `scores` (f32 over
 * the prunable part); `mask` and other sets (one bit a weight, bit i % 32 of word i / 32); `tiles` (u32 for 64 floats,
 * tiles.ts). Padding between tensors stays 0 and is never counted or selected. Threads past the end do nothing. No
 * result depends on the order in which threads run: sums are trees over a fixed partition, and only integers are added
 * atomically.
 *
 * Order of a step: squares, norm, witness, then `update` at entry point `adamw` or `sgd` (or `observe`, for scoring at
 * fixed weights); to cut: score (score.ts), selectHistogram for each of three digits, selectTies and selectLast
 * (select.ts; src/gpu/selection.ts encodes them), mask. To show: member after a selection by `steady` into `sentinel`,
 * member after one by `peak` into `peaked`, mark; then scale and paint, or tally, range and tint; and gather.
 *
 * Refuses. After a loss or gradient that is not finite, `norm` halts: update, observe and mask change nothing any more.
 */
import attackText from './train/attack.wgsl?raw'
import classOfText from './parts/classOf.wgsl?raw'
import columnBestText from './select/columnBest.wgsl?raw'
import controlText from './parts/control.wgsl?raw'
import curvatureText from './train/curvature.wgsl?raw'
import flatText from './parts/flat.wgsl?raw'
import gatherText from './show/gather.wgsl?raw'
import gatherRankedText from './show/gatherRanked.wgsl?raw'
import largestText from './formula/largest.wgsl?raw'
import locateText from './parts/locate.wgsl?raw'
import markText from './show/mark.wgsl?raw'
import loosenText from './select/loosen.wgsl?raw'
import maskText from './select/mask.wgsl?raw'
import memberText from './select/member.wgsl?raw'
import membersText from './parts/members.wgsl?raw'
import nOfMText from './select/nOfM.wgsl?raw'
import noiseText from './parts/noise.wgsl?raw'
import normText from './train/norm.wgsl?raw'
import noteText from './show/note.wgsl?raw'
import observeText from './train/observe.wgsl?raw'
import pairSumText from './parts/pairSum.wgsl?raw'
import paintText from './show/paint.wgsl?raw'
import presentText from './show/present.wgsl?raw'
import quantizeText from './train/quantize.wgsl?raw'
import rangeText from './show/range.wgsl?raw'
import randomText from './parts/random.wgsl?raw'
import rankText from './parts/rank.wgsl?raw'
import scaleText from './show/scale.wgsl?raw'
import selectHistogramText from './select/selectHistogram.wgsl?raw'
import selectLastText from './select/selectLast.wgsl?raw'
import selectRankText from './parts/selectRank.wgsl?raw'
import selectTiesText from './select/selectTies.wgsl?raw'
import shownText from './parts/shown.wgsl?raw'
import squaresText from './train/squares.wgsl?raw'
import tallyText from './show/tally.wgsl?raw'
import tileText from './parts/tile.wgsl?raw'
import tintText from './show/tint.wgsl?raw'
import unitBestText from './select/unitBest.wgsl?raw'
import unitScoresText from './select/unitScores.wgsl?raw'
import unitSpreadText from './select/unitSpread.wgsl?raw'
import visitText from './select/visit.wgsl?raw'
import updateText from './train/update.wgsl?raw'
import witnessText from './train/witness.wgsl?raw'
import { attackStruct } from './train/attack'
import { differenceStruct } from './train/curvature'
import { limitStruct } from './select/loosen'
import { ratioStruct } from './select/nOfM'
import { momentStruct } from './show/note'
import { paletteStruct } from './show/paint'
import { binCount, binShift } from './show/range'
import { constantsOfTint, tintStruct } from './show/tint'
import { channelsStruct } from './train/quantize'
import { sharesText, type RateRange } from './train/rates'
import { bins, digitStruct } from './select/select'
import { constantsOfPruned, stepStruct } from './train/step'

const step = stepStruct.wgsl + controlText
const selection =
  `const bins = ${bins}u;\n${digitStruct.wgsl}` + flatText + tileText + rankText + locateText + selectRankText
const binned = `const binCount = ${binCount}u;\nconst binShift = ${binShift}u;\n`
const tinted = tintStruct.wgsl + constantsOfTint
const shown = tinted + step + flatText + classOfText + shownText

/** Partial sums of squares of `grads`: one workgroup for 16384 floats. */
export const squares = flatText + pairSumText + squaresText
/** Norm, clip factor, halting, metrics: one workgroup. */
export const norm = step + flatText + pairSumText + normText
/** What tells sentinels, of every weight. One thread four floats. */
export const witness = step + constantsOfPruned + flatText + witnessText
/**
 * Optimizer step and noise statistics; entry points `adamw` and `sgd`. One thread four floats. @param ranges parameters
 * that move at a share of the learning rate (`RateRange`)
 */
export const updateBy = (ranges: readonly RateRange[]): string =>
  step + constantsOfPruned + flatText + noiseText + sharesText(ranges) + updateText
/** The same where all parameters move at one rate. */
export const update = updateBy([])
/** Noise statistics and mean gradient at fixed weights. One thread four floats. */
export const observe = step + constantsOfPruned + flatText + noiseText + observeText
/**
 * Hessian times mean gradient by differences; entry points `forth`, `back`, `home` around two backward passes. One
 * thread four floats.
 */
export const curvature = differenceStruct.wgsl + flatText + curvatureText
/** Histogram of one digit by group: one workgroup a chunk. */
export const selectHistogram = selection + selectHistogramText
/** Weights at the threshold's key by chunk: one workgroup a chunk. */
export const selectTies = selection + selectTiesText
/** Thresholds; clears the histograms: one workgroup a group. */
export const selectLast = selection + selectLastText
/**
 * Mask from thresholds. Zeroes cut weights and their moments; entry point `free` keeps the moments, `latent` keeps
 * both. One thread a word of 32 weights.
 */
export const mask = controlText + flatText + tileText + rankText + membersText + maskText
/** Thresholds that also admit every weight that scores above a limit. One thread a group. */
export const loosen = limitStruct.wgsl + flatText + rankText + loosenText
/** Keeps the best of every group of consecutive inputs, however they rank later. One thread a group. */
export const nOfM = ratioStruct.wgsl + flatText + rankText + nOfMText
/** Keeps the best of every output, as many as its table says. One thread a column. */
export const columnBest = rankText + columnBestText
/** Scores of units; entry points `sum` and `gate`. One workgroup a unit. */
export const unitScores = flatText + rankText + unitScoresText
/** Keeps the best unit of every layer. One workgroup a layer. */
export const unitBest = flatText + rankText + unitBestText
/** Marks weights as their units are. One workgroup a unit. */
export const unitSpread = flatText + rankText + unitSpreadText
/** The set at or above the thresholds. One thread a word of 32 weights. */
export const member = flatText + tileText + rankText + membersText + memberText
/** Adds the mask to the weights that were ever kept. One thread a word of 32 weights. */
export const visit = flatText + visitText
/** Steps after which bits of the mask changed last. One thread a word of 32 weights. */
export const note = momentStruct.wgsl + flatText + noteText
/** Weights of a tensor rounded as in int8. One workgroup 16 channels. */
export const quantize = channelsStruct.wgsl + flatText + quantizeText
/** Classes of all weights and their counts. One thread a word of 32 weights. */
export const mark = flatText + tileText + markText
/** Magnitude of full strength by tensor, for `paint`. One workgroup a tensor. */
export const scale = flatText + pairSumText + scaleText
/** Largest magnitude by tensor, for formulas. One workgroup a tensor. */
export const largest = flatText + largestText
/** RGBA bytes of the weight map. One thread a pixel. */
export const paint = paletteStruct.wgsl + flatText + tileText + classOfText + paintText
/** Counts of kept weights by the size of the number that the map shows. One thread some weights. */
export const tally = binned + shown + tileText + rankText + tallyText
/** The numbers at the two ends of the map's colours: one workgroup. */
export const range = binned + tinted + flatText + locateText + rangeText
/** RGBA bytes of the weight map by a number. One thread a pixel. */
export const tint = shown + tintText
/** The painted map on a canvas: entry points `corner` (vertex) and `colour` (fragment). */
export const present = paletteStruct.wgsl + presentText
/** Adversarial images; entry points `start` and `climb`. One thread a number. */
export const attack = attackStruct.wgsl + flatText + randomText + attackText
/** Readings of listed weights. One thread an index. */
export const gather = flatText + classOfText + gatherText
/** What else ranks some weights: `gather` binds eight buffers already. One thread an index. */
export const gatherRanked = flatText + gatherRankedText

export { scoreKernel } from './formula/score'
