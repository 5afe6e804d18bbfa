import { isCut, shownNumber, spans, type ShownBuffers, type Tint } from './tint'

/** Bits of a number's key that its bin leaves out, and how many bins that makes. */
export const binShift = 21
export const binCount = 2 ** (32 - binShift)

const zeroBin = binCount / 2
const bits = new Uint32Array(1)
const float = new Float32Array(bits.buffer)

export interface RangeBuffers extends ShownBuffers {
  /** Tiles with one group a tensor. */
  readonly tiles: Uint32Array
  /** Where the result goes: low, high. */
  readonly range: Float32Array
}

/** Twin of `tally` and `range`: the numbers at the two ends of the map's colours, 0 and 0 where no weight has one. */
export function range(b: RangeBuffers, t: Pick<Tint, 'length' | 'number' | 'span' | 'cutToo' | 'now'>): void {
  const bins = new Uint32Array(binCount)
  let total = 0
  for (let i = 0; i < t.length; i++) {
    if ((i & 63) >= ((b.tiles[i >>> 6] as number) & 255) || isCut(b.classes, t, i)) continue
    const value = shownNumber(b, t, i)
    if (!Number.isFinite(value)) continue
    const bin = binOf(value)
    bins[bin] = (bins[bin] as number) + 1
    total++
  }
  const beyond = Math.floor(total / 100)
  const ends = total === 0 ? [0, 0] : spanned(binAt(bins, beyond + 1), binAt(bins, total - beyond), t.span)
  b.range.set(ends)
}

/** Sign, exponent and two bits of the mantissa, in the order of the numbers. */
function binOf(value: number): number {
  float[0] = value
  const word = bits[0] as number
  if (value === 0) return zeroBin
  return (word >>> 31 ? ~word >>> 0 : (word | 0x80000000) >>> 0) >>> binShift
}

/** The bin of the weight that is the `count`th from below. */
function binAt(bins: Uint32Array, count: number): number {
  let bin = 0
  for (let before = bins[0] as number; before < count; before += bins[bin] as number) bin++
  return bin
}

/** The range, from the bins in which the two percentiles lie. */
function spanned(lowBin: number, highBin: number, span: number): [low: number, high: number] {
  const [low, high] = [lowerEdge(lowBin), upperEdge(highBin)]
  const widest = Math.max(high, -low)
  if (span === spans.symmetric) return [-widest, widest]
  const lowest = span === spans.signed ? Math.min(low, 0) : 0
  return [lowest, Math.max(high, lowest)]
}

function lowerEdge(bin: number): number {
  if (bin >= zeroBin) return edge(bin - zeroBin)
  return bin === zeroBin - 1 ? 0 : -edge(zeroBin - bin)
}

function upperEdge(bin: number): number {
  if (bin < zeroBin) return -edge(zeroBin - 1 - bin)
  return bin === zeroBin ? 0 : edge(bin - zeroBin + 1)
}

/** The size of a number at the inner edge of the nth bin from 0; it is never infinite. */
function edge(bin: number): number {
  bits[0] = Math.min(bin * 2 ** binShift, 0x7f7fffff)
  return float[0] as number
}
