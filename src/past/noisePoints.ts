import { ofHalf } from '../core/halves'
import type { Recorded, Sample } from '../core/recorded'
import { sampledIndices } from '../core/sampledIndices'
import { weightClasses, type NoisePoint } from '../core/trainer'

/** So many of a sample's weights are drawn: as many as of a run that trains. */
const drawn = 400

/** Points of the noise chart, evenly spread over a sample of a record. */
export function noisePoints({ matrices }: Recorded, sample: Sample): readonly NoisePoint[] {
  const indices = sampledIndices(matrices)
  const size = sample.code.length
  return Array.from({ length: Math.min(drawn, size) }, (_, k) => {
    const i = Math.floor((k * size) / Math.min(drawn, size))
    return noisePoint(sample, i, indices[i] ?? 0)
  })
}

/** The point of weight `i` of a sample, which lies at a flat index. */
export function noisePoint({ importance, peak, spread, code }: Sample, i: number, index: number): NoisePoint {
  const bits = code[i] ?? 0
  const spreads = ofHalf(spread?.[i] ?? 0x7fc0)
  return {
    index,
    importance: ofHalf(importance[i] ?? 0),
    peak: ofHalf(peak[i] ?? 0),
    spread: Number.isNaN(spreads) ? null : spreads,
    class: weightClasses[bits & 3] ?? 'ordinary',
    cut: bits >= 4,
  }
}
