import { bit } from '../../src/core/bits'
import type { Control } from './norm'
import { byRates, type RateRange } from './rates'
import { pruned, type StepScalars } from './step'

/** The arena's buffers that hold SEVEN's statistics, over the prunable part. */
export interface NoiseBuffers {
  readonly noiseMean: Float32Array
  readonly noiseSquare: Float32Array
  readonly importance: Float32Array
}

export interface UpdateBuffers extends NoiseBuffers {
  readonly weights: Float32Array
  readonly grads: Float32Array
  readonly moment1: Float32Array
  readonly moment2: Float32Array
  readonly mask: Uint32Array
}

/**
 * Twin of `update`, entry point `adamw`: Loshchilov & Hutter, arXiv:1711.05101, algorithm 2; decay is decoupled.
 * @param ranges parameters that move at a share of the rate; none where all move at the whole
 */
export function adamw(b: UpdateBuffers, all: StepScalars, control: Control, ranges: readonly RateRange[] = []): void {
  everyKept(b, all, control, ranges, (step, i, g) => {
    const clipped = g * control.clipFactor
    const m = step.beta1 * (b.moment1[i] as number) + step.beta1Rest * clipped
    const born = step.regrows !== 0 && i < step.prunableLength && b.moment2[i] === 0
    const v = born
      ? (clipped / step.adamScale) ** 2
      : step.beta2 * (b.moment2[i] as number) + step.beta2Rest * clipped * clipped
    b.moment1[i] = m
    b.moment2[i] = v
    return decayed(b, step, i) - (step.adamRate * paceOf(step, i) * m) / (Math.sqrt(v) * step.adamScale + step.epsilon)
  })
}

/** Twin of `update`, entry point `sgd`: v = momentum v + g, w -= rate v; decay is decoupled. */
export function sgd(b: UpdateBuffers, all: StepScalars, control: Control, ranges: readonly RateRange[] = []): void {
  everyKept(b, all, control, ranges, (step, i, g) => {
    const velocity = step.momentum * (b.moment1[i] as number) + g * control.clipFactor
    b.moment1[i] = velocity
    return decayed(b, step, i) - step.rate * paceOf(step, i) * velocity
  })
}

/**
 * Gives every kept weight its new value and its statistics; pruned ones are held at 0, left alone, or trained like the
 * others.
 */
function everyKept(
  b: UpdateBuffers,
  all: StepScalars,
  control: Control,
  ranges: readonly RateRange[],
  next: Next,
): void {
  if (control.halted !== 0) return
  byRates(all, ranges, (step, first, last) => eachKept(b, step, first, last, next))
}

/** A weight's next value, by the numbers of its step. */
type Next = (step: StepScalars, i: number, g: number) => number

function eachKept(b: UpdateBuffers, step: StepScalars, first: number, last: number, next: Next): void {
  for (let i = first; i < last; i++) {
    const prunable = i < step.prunableLength
    if (prunable && !bit(b.mask, i)) {
      if (step.pruned === pruned.held) {
        b.weights[i] = b.moment1[i] = b.moment2[i] = 0
        forgetNoise(b, i)
      }
      if (step.pruned === pruned.held || step.pruned === pruned.left) continue
    }
    const g = b.grads[i] as number
    const before = b.weights[i] as number
    b.weights[i] = i < step.gatesFrom ? next(step, i, g) : ruled(before, next(step, i, g), step)
    if (prunable) gatherNoise(b, step, i, b.weights[i] as number, g)
  }
}

/** The factor on the learning rate. */
function paceOf(step: StepScalars, i: number): number {
  return i < step.gatesFrom ? step.weightPace : step.gatePace
}

/** A gate after its soft threshold and within its bounds; 0 for good once it is small. */
function ruled(before: number, after: number, { gateShrink, gateLow, gateHigh, gateDead }: StepScalars): number {
  const shrunk = Math.sign(after) * Math.max(Math.abs(after) - gateShrink, 0)
  const bounded = Math.min(Math.max(shrunk, gateLow), gateHigh)
  return gateDead < 0 || (Math.abs(bounded) > gateDead && before !== 0) ? bounded : 0
}

function decayed(b: UpdateBuffers, step: StepScalars, i: number): number {
  return (b.weights[i] as number) * (i < step.decayLength ? step.decayFactor : 1)
}

/**
 * SEVEN's statistics of one weight (docs/algorithms.md 1.2), with the unclipped gradient and the weight after the step.
 */
export function gatherNoise(b: NoiseBuffers, step: StepScalars, i: number, w: number, g: number): void {
  const a = Math.abs(g)
  const mean = step.noiseMeanDecay * (b.noiseMean[i] as number) + step.noiseMeanRest * a
  const square = step.noiseSquareDecay * (b.noiseSquare[i] as number) + step.noiseSquareRest * a * a
  b.noiseMean[i] = mean
  b.noiseSquare[i] = square
  const ratio = (mean * step.noiseMeanCorrection) / (Math.sqrt(square * step.noiseSquareCorrection) + 1e-9)
  b.importance[i] = (b.importance[i] as number) + Math.abs(w * a * ratio)
}

/** Statistics of a pruned weight. */
export function forgetNoise(b: NoiseBuffers, i: number): void {
  b.noiseMean[i] = b.noiseSquare[i] = b.importance[i] = 0
}
