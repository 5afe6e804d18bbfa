import { bit } from '../../src/core/bits'
import type { Control } from './norm'
import { pruned, type StepScalars } from './step'
import { forgetNoise, gatherNoise, type NoiseBuffers } from './update'

export interface ObserveBuffers extends NoiseBuffers {
  readonly weights: Float32Array
  readonly grads: Float32Array
  readonly mask: Uint32Array
  /**
   * Becomes the mean gradient over the batches since the last cut, of which `step.meanShare` is the share of this one.
   */
  readonly moment1: Float32Array
}

/**
 * Twin of `observe`: gathers gradients and SEVEN's statistics at fixed weights, also of pruned weights where they may
 * come back.
 */
export function observe(b: ObserveBuffers, step: StepScalars, control: Control): void {
  if (control.halted !== 0) return
  for (let i = 0; i < step.prunableLength; i++) {
    if (step.pruned === pruned.held && step.regrows === 0 && !bit(b.mask, i)) {
      b.moment1[i] = 0
      forgetNoise(b, i)
      continue
    }
    const g = b.grads[i] as number
    const mean = step.meanShare === 1 ? 0 : (b.moment1[i] as number)
    b.moment1[i] = mean + (g - mean) * step.meanShare
    gatherNoise(b, step, i, b.weights[i] as number, g)
  }
}
