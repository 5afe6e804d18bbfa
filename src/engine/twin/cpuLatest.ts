import type { NoiseDecay } from '../../core/method'
import type { Control } from '../../../shaders/train/norm'
import { biasCorrection } from '../../../shaders/train/step'
import type { ShownBuffers } from '../../../shaders/show/tint'
import type { LatestNumbers } from '../executor/executor'
import type { CpuArena } from './cpuArena'

/** What the latest gradient and the last mask change say of one weight. @param changed when its bit did last */
export function latestNumbers(
  { grads, scores }: CpuArena,
  { norm }: Control,
  changed: number,
  index: number,
): LatestNumbers {
  const [score = NaN] = new Float32Array(scores.slice(index, index + 1).buffer)
  return { gradient: grads[index] ?? NaN, norm, score, changed }
}

/** What changes with every gradient and is no array. */
export type GradientFacts = Pick<ShownBuffers, 'norm' | 'meanCorrection' | 'squareCorrection'>

/** @param age gradients since the noise statistics were reset, from 0 */
export function gradientFacts({ mean, square }: NoiseDecay, { norm }: Control, age: number): GradientFacts {
  return { norm, meanCorrection: biasCorrection(mean, age), squareCorrection: biasCorrection(square, age) }
}
