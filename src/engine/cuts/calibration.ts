/**
 * Cuts that look at the inputs of layers: the plan's `calibration` at work (docs/algorithms.md 2.29, 2.30). A cut
 * happens once, in JavaScript and in doubles, on sums that executors make, so it is the same on every device.
 */
import { setBit } from '../../core/bits'
import type { Cut, CutView } from '../../core/cut'
import type { GroupGranularity } from '../../core/granularity'
import type { Layout, Placed } from '../../core/layout'
import type { Calibration } from '../../core/plan'
import type { View } from '../../core/view'
import type { Pruning } from '../../core/pruning'
import type { Scope } from '../../core/scope'
import { byColumn, largest, largestOfGroups, share } from '../../core/ranking'
import { fullMask } from '../executor/settings'
import { countsByOutliers } from './outliers'
import { operate, type Rest } from './surgeon'

/** A matrix as it is, [inputs, outputs] row by row, and what was summed over the rows that enter it. */
export interface MeasuredMatrix {
  readonly weights: Float32Array
  readonly inputs: number
  readonly outputs: number
  /** Sums of x_i^2, [inputs]; where the calibration repairs, of x_i x_j, [inputs, inputs]. */
  readonly sums: Float64Array
}

/** What a cut leaves of one matrix. */
export interface CutMatrix {
  readonly weights: Float32Array
  /** 1 = kept. */
  readonly mask: Uint8Array
}

/** The weights among which a cut chooses: those of the scope, or N of every M inputs of each output. */
export interface CutRange {
  readonly scope: Scope
  readonly ratio?: GroupGranularity | undefined
}

/** How kept weights are repaired, and over how many examples inputs were summed. */
export type Repair = NonNullable<Calibration['repair']> & { readonly examples: number }

/**
 * How a cut chooses: among which weights, whether it repairs the kept ones, and the score of a weight by its `x.input`
 * and, where nothing is repaired, its `x.share` (larger keeps).
 */
export interface CutChoice extends CutRange {
  /** Whether shares of an output's total are ranked (`Calibration.shares`). */
  readonly shares?: boolean | undefined
  readonly repair?: Repair | undefined
  readonly score: (weight: number, input: number, share?: number) => number
}

/** What a cut that calibrates leaves of the model. */
export async function cutByInputs(
  { layout, groups, ...view }: CutView,
  { scope, criteria, values }: Pick<Pruning, 'scope' | 'criteria' | 'values'>,
  calibration: Calibration,
  ratio?: GroupGranularity,
): Promise<Cut> {
  const mask = fullMask(layout)
  const weights = view.weights.slice()
  const repair = calibration.repair && { ...calibration.repair, examples: calibration.batches * view.batch }
  const choice: CutChoice = {
    scope,
    ratio,
    repair,
    shares: calibration.shares,
    score: (w, input, share = 0) => criteria.score.js({ ...blank, w, input, share }, values),
  }
  const { outliers } = calibration
  const counts = outliers && (await countsOf({ layout, groups, ...view }, calibration.batches, choice, outliers))
  for (const tensors of stagesOf(layout, scope)) {
    const moment = calibration.repair ? 'products' : 'squares'
    const sums = await view.inputs(
      tensors.map(({ name }) => name),
      moment,
      calibration.batches,
      { mask, weights },
    )
    const matrices = tensors.map((tensor) => measured(tensor, weights, sums))
    const asked = groups.filter((group) => group.tensors.some(({ name }) => sums.has(name))).map((group) => group.kept)
    const kept = counts ? tensors.map(({ name }) => counts.get(name) ?? 0) : asked
    const cut = await cutInTurn(matrices, kept, choice, () => view.rest())
    cut.forEach((pruned, i) => {
      place(tensors[i] as Placed, pruned, weights, mask)
    })
  }
  return { weights, mask }
}

/** What each matrix keeps where budgets follow outliers, which the dense model tells. */
async function countsOf(
  { layout, groups, weights, inputs }: Pick<CutView, 'layout' | 'groups' | 'weights' | 'inputs'>,
  batches: number,
  choice: CutChoice,
  outliers: NonNullable<Calibration['outliers']>,
): Promise<ReadonlyMap<string, number>> {
  const names = layout.prunable.map(({ name }) => name)
  const sums = await inputs(names, 'squares', batches)
  const scores = layout.prunable.map((tensor) => scoresOf(measured(tensor, weights, sums), choice))
  const kept = groups.reduce((sum, group) => sum + group.kept, 0)
  return countsByOutliers(layout, new Map(names.map((name, i) => [name, scores[i] as Float32Array])), kept, outliers)
}

/** Each matrix takes a while, above all where it is repaired; they are cut together only where they are ranked so. */
async function cutInTurn(
  matrices: readonly MeasuredMatrix[],
  kept: readonly number[],
  choice: CutChoice,
  rest: Rest,
): Promise<CutMatrix[]> {
  if (choice.scope === 'global') return cutMatrices(matrices, kept, choice, rest)
  const cut: CutMatrix[] = []
  for (const [i, matrix] of matrices.entries()) {
    await rest()
    cut.push(...(await cutMatrices([matrix], [kept[i] ?? 0], choice, rest)))
  }
  return cut
}

/** What a score sees except the weight and its input: zeros, for nothing was gathered. */
const blank: View = {
  w: 0,
  g: 0,
  noiseMean: 0,
  noiseSquare: 0,
  importance: 0,
  uniform: 0,
  fresh: 0,
  initial: 0,
  kept: 1,
  curvature: 0,
  input: 0,
  share: 0,
  fanIn: 0,
  largest: 0,
  age: 0,
  rate: 0,
  clip: 1,
  phase: 0,
}

/** Matrices that are cut at once: the blocks in order, or all where they are ranked together. */
function stagesOf({ prunable }: Layout, scope: Scope): Placed[][] {
  if (scope === 'global') return [[...prunable]]
  const blocks = new Map<string, Placed[]>()
  for (const tensor of prunable) {
    const block = tensor.name.split('/')[0] ?? tensor.name
    blocks.set(block, [...(blocks.get(block) ?? []), tensor])
  }
  return [...blocks.values()]
}

function measured(
  { name, shape, offset, size }: Placed,
  weights: Float32Array,
  sums: ReadonlyMap<string, Float64Array>,
): MeasuredMatrix {
  const found = sums.get(name)
  if (!found) throw new TypeError(`The model runs no linear layer with "${name}".`)
  return {
    weights: weights.subarray(offset, offset + size),
    inputs: shape[0] ?? 1,
    outputs: shape[1] ?? 1,
    sums: found,
  }
}

function place({ offset, size }: Placed, pruned: CutMatrix, weights: Float32Array, mask: Uint32Array): void {
  weights.set(pruned.weights, offset)
  for (let i = 0; i < size; i++) setBit(mask, offset + i, pruned.mask[i] === 1)
}

/**
 * What is left of matrices that are cut at once.
 * @param kept weights to keep in each, or, in scope `global`, in all of them
 * @param rest awaited while a matrix is repaired
 */
export async function cutMatrices(
  matrices: readonly MeasuredMatrix[],
  kept: readonly number[],
  cut: CutChoice,
  rest?: Rest,
): Promise<CutMatrix[]> {
  const { repair } = cut
  if (repair) return Promise.all(matrices.map((matrix, i) => repaired(matrix, kept[i] ?? 0, cut, repair, rest)))
  const scores = matrices.map((matrix) => {
    const own = scoresOf(matrix, cut)
    return cut.shares ? sharesOf(own, matrix.outputs) : own
  })
  const masks =
    cut.scope === 'global'
      ? together(scores, kept[0] ?? 0)
      : scores.map((part, i) => alone(part, matrices[i] as MeasuredMatrix, kept[i] ?? 0, cut))
  return masks.map((mask, i) => ({
    mask,
    weights: Float32Array.from((matrices[i] as MeasuredMatrix).weights, (w, k) => (mask[k] ? w : 0)),
  }))
}

/** The score of every weight, whose `x.input` is the norm of its input. */
export function scoresOf(
  { weights, inputs, outputs, sums }: MeasuredMatrix,
  { score }: Pick<CutChoice, 'score'>,
): Float32Array {
  const norms = Float32Array.from(sums, Math.sqrt)
  const [byInput, byOutput] = [new Float64Array(inputs), new Float64Array(outputs)]
  weights.forEach((w, k) => {
    const [i, j] = [Math.floor(k / outputs), k % outputs]
    byInput[i] = (byInput[i] ?? 0) + Math.abs(w)
    byOutput[j] = (byOutput[j] ?? 0) + Math.abs(w)
  })
  return Float32Array.from(weights, (w, k) => {
    const [i, j] = [Math.floor(k / outputs), k % outputs]
    const share = w === 0 ? 0 : Math.abs(w) / (byInput[i] ?? 1) + Math.abs(w) / (byOutput[j] ?? 1)
    return score(w, norms[i] ?? 0, share)
  })
}

/** Of each output's total, the share of a score and all that are smaller; of equal ones the first is the largest. */
function sharesOf(scores: Float32Array, outputs: number): Float32Array {
  const shares = new Float32Array(scores.length)
  for (let j = 0; j < outputs; j++) {
    const places = Array.from({ length: scores.length / outputs }, (_, i) => i * outputs + j)
    places.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || b - a)
    const total = places.reduce((sum, place) => sum + (scores[place] ?? 0), 0)
    let sum = 0
    for (const place of places) {
      sum += scores[place] ?? 0
      shares[place] = total > 0 ? sum / total : 0
    }
  }
  return shares
}

async function repaired(
  { weights, sums, inputs, outputs }: MeasuredMatrix,
  kept: number,
  { score, ratio }: CutChoice,
  repair: Repair,
  rest?: Rest,
): Promise<CutMatrix> {
  const options = { ...repair, inputs, outputs, kept, score, ...(ratio ? { ratio } : {}) }
  const pruned = await operate(weights, sums, options, rest)
  return { mask: pruned.mask, weights: Float32Array.from(pruned.weights) }
}

function together(scores: readonly Float32Array[], kept: number): Uint8Array[] {
  const all = new Float32Array(scores.reduce((sum, part) => sum + part.length, 0))
  const starts = scores.map((_, i) => scores.slice(0, i).reduce((sum, part) => sum + part.length, 0))
  scores.forEach((part, i) => {
    all.set(part, starts[i])
  })
  const mask = largest(all, kept)
  return scores.map((part, i) => mask.subarray(starts[i], (starts[i] ?? 0) + part.length))
}

function alone(
  scores: Float32Array,
  { outputs }: MeasuredMatrix,
  kept: number,
  { scope, ratio }: CutRange,
): Uint8Array {
  if (ratio) return byColumn(scores, outputs, (column) => largestOfGroups(column, ratio))
  if (scope !== 'output') return largest(scores, kept)
  return byColumn(scores, outputs, (column, j) => largest(column, share(kept, j, j + 1, outputs)))
}
