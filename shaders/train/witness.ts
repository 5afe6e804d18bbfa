import { bit } from '../../src/core/bits'
import type { Control } from './norm'
import { pruned, type StepScalars } from './step'

export interface WitnessBuffers {
  readonly weights: Float32Array
  readonly grads: Float32Array
  readonly mask: Uint32Array
  readonly noiseMean: Float32Array
  readonly noiseSquare: Float32Array
  /** Mean over the run's gradients of the discounted |w g| over the gradient's norm. */
  readonly steady: Float32Array
  /** Largest |w g| of one gradient over its norm. */
  readonly peak: Float32Array
  /** Mean over the run's gradients of |w g| over the gradient's norm. */
  readonly sensed: Float32Array
}

/**
 * Twin of `witness`: how much every weight matters in the mean over the run's gradients, and to the one to which it
 * matters most.
 */
export function witness(b: WitnessBuffers, step: StepScalars, control: Control): void {
  if (control.halted !== 0 || control.norm === 0) return
  for (let i = 0; i < step.prunableLength; i++) {
    if (!isAlive(b, step, i)) continue
    const a = Math.abs(b.grads[i] as number)
    const sensitivity = Math.abs(b.weights[i] as number) * (a / control.norm)
    const mean = (step.noiseMeanDecay * (b.noiseMean[i] as number) + step.noiseMeanRest * a) * step.noiseMeanCorrection
    const square =
      (step.noiseSquareDecay * (b.noiseSquare[i] as number) + step.noiseSquareRest * a * a) * step.noiseSquareCorrection
    const discounted = (sensitivity * mean) / (Math.sqrt(square) + 1e-9)
    const before = b.steady[i] as number
    b.steady[i] = before + (discounted - before) * step.witnessShare
    b.peak[i] = Math.max(b.peak[i] as number, sensitivity)
    const sensed = b.sensed[i] as number
    b.sensed[i] = sensed + (sensitivity - sensed) * step.witnessShare
  }
}

/** Whether the model computes with a weight: the mask keeps it, or pruned ones train on and it has left 0. */
function isAlive({ weights, mask }: WitnessBuffers, step: StepScalars, i: number): boolean {
  return bit(mask, i) || (step.pruned === pruned.free && weights[i] !== 0)
}
