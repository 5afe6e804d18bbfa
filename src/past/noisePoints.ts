import { ofHalf } from '../core/halves'
import type { Sample } from '../core/recorded'
import { weightClasses, type NoisePoint } from '../core/trainer'

/** So many of a sample's weights are drawn: as many as of a run that trains. */
const drawn = 400

/** Points of the noise chart, evenly spread over a sample. */
export function noisePoints(sample: Sample): readonly NoisePoint[] {
  const size = sample.code.length
  return Array.from({ length: Math.min(drawn, size) }, (_, k) =>
    noisePoint(sample, Math.floor((k * size) / Math.min(drawn, size))),
  )
}

/** The point of weight `i` of a sample. */
export function noisePoint({ importance, peak, code }: Sample, i: number): NoisePoint {
  const bits = code[i] ?? 0
  return {
    importance: ofHalf(importance[i] ?? 0),
    peak: ofHalf(peak[i] ?? 0),
    class: weightClasses[bits & 3] ?? 'ordinary',
    cut: bits >= 4,
  }
}
