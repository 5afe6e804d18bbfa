/**
 * Units of weights, kept or cut whole: the twins of unitScores, unitBest and unitSpread. The tables are those of
 * src/core/units.ts.
 */
import { bit } from '../../src/core/bits'
import { keptScore, prunedScore } from '../formula/score'
import { rankKey } from './select'

/** Threads that share a unit's sum. */
const unitThreads = 64

export interface UnitTables {
  /** Four u32 a span: start, rows, stride, columns. */
  readonly spans: Uint32Array
  /**
   * Four u32 a unit: first span, first span of outgoing weights, span after the last, 1 / weights as float32 bits.
   * Zeros for padding.
   */
  readonly table: Uint32Array
  /** Two u32 a layer: its first unit and how many there are. */
  readonly layers: Uint32Array
}

/** Which weights make a unit's score: all (`sum`), or the outgoing ones (`gate`). */
export type UnitScore = 'sum' | 'gate'

/** Twin of `unitScores`. @returns scores of units as float32 bits @param scores those of weights */
export function unitScores(
  scores: Uint32Array,
  { spans, table }: UnitTables,
  kind: UnitScore,
): Uint32Array<ArrayBuffer> {
  const values = new Float32Array(scores.buffer, scores.byteOffset, scores.length)
  const inverse = new Float32Array(table.buffer, table.byteOffset, table.length)
  const results = new Float32Array(table.length / 4)
  const bits = new Uint32Array(results.buffer)
  for (let unit = 0; unit < bits.length; unit++) {
    const [first = 0, leaving = 0, end = 0] = table.subarray(4 * unit, 4 * unit + 3)
    if (first === end) continue
    const known = scores[spans[4 * first] as number] as number
    const total = sumOf(values, spans, kind === 'gate' ? leaving : first, end)
    const score = Math.fround((kind === 'gate' ? Math.abs(total) : total) * (inverse[4 * unit + 3] as number))
    if (known === prunedScore || known === keptScore) bits[unit] = known
    else if (Number.isFinite(score)) results[unit] = score
    else bits[unit] = 0x7fc00000
  }
  return bits
}

/**
 * In the order of the kernel: every thread in steps of their number, then a tree. NaN where a score is no finite
 * number.
 */
function sumOf(values: Float32Array, spans: Uint32Array, first: number, end: number): number {
  const sums = new Float32Array(unitThreads)
  for (let s = first; s < end; s++) {
    eachOf(spans, s, (i, k) => {
      sums[k % unitThreads] = (sums[k % unitThreads] as number) + (values[i] as number)
    })
  }
  for (let width = unitThreads / 2; width >= 1; width /= 2) {
    for (let k = 0; k < width; k++) sums[k] = (sums[k] as number) + (sums[k + width] as number)
  }
  return sums[0] as number
}

/** Calls back with every flat index of a span and its number there. */
function eachOf(spans: Uint32Array, span: number, visit: (i: number, k: number) => void): void {
  const [start = 0, rows = 0, stride = 0, columns = 0] = spans.subarray(4 * span, 4 * span + 4)
  for (let k = 0; k < rows * columns; k++) visit(start + Math.floor(k / columns) * stride + (k % columns), k)
}

/** Twin of `unitBest`: the best unit of every layer counts as kept beforehand. */
export function unitBest(scores: Uint32Array, { layers }: Pick<UnitTables, 'layers'>): void {
  for (let layer = 0; layer < layers.length; layer += 2) {
    const [offset = 0, size = 0] = layers.subarray(layer, layer + 2)
    let best = offset
    for (let i = offset; i < offset + size; i++)
      if (rankKey(scores[i] as number) > rankKey(scores[best] as number)) best = i
    if (scores[best] !== prunedScore) scores[best] = keptScore
  }
}

/** Twin of `unitSpread`: the weights of units in `members` count as kept, those of the others as pruned. */
export function unitSpread(scores: Uint32Array, { spans, table }: UnitTables, members: Uint32Array): void {
  for (let unit = 0; unit < table.length / 4; unit++) {
    const [first = 0, , end = 0] = table.subarray(4 * unit, 4 * unit + 3)
    const score = bit(members, unit) ? keptScore : prunedScore
    for (let s = first; s < end; s++)
      eachOf(spans, s, (i) => {
        scores[i] = score
      })
  }
}
