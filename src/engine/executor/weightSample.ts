import type { NoiseDecay } from '../../core/method'
import type { RankedReading, Reading } from '../../../shaders/show/gather'
import { markedBy } from '../../../shaders/show/mark'
import { biasCorrection } from '../../../shaders/train/step'
import type { WeightSample } from './executor'

/**
 * A reading with its statistics bias-corrected; `age` is the number of gradients since the statistics were reset, from
 * 0.
 */
export function toSample(
  reading: Reading,
  { sensed, score, gradient }: RankedReading,
  decay: NoiseDecay,
  age: number,
): WeightSample {
  return {
    weight: reading.w,
    importance: reading.steady,
    peak: reading.peak,
    sensed,
    score,
    gradient,
    ...markedBy(reading.code),
    noiseMean: reading.noiseMean * biasCorrection(decay.mean, age),
    noiseSquare: reading.noiseSquare * biasCorrection(decay.square, age),
  }
}
