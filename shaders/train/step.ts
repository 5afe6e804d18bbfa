import { uniformStruct } from '../parts/uniformStruct'

/**
 * What `update` does with a pruned weight: `held`: it and its moments stay 0; `left`: it stays as it is; `trained`: it
 * trains like any other; `free`: the same, and the model computes with it.
 */
export type Pruned = 'held' | 'left' | 'trained' | 'free'

const prunedNumbers: Readonly<Record<Pruned, number>> = { held: 0, left: 1, trained: 2, free: 3 }

/** What differs from step to step. Counts of steps that are done start at 0. */
export interface StepSettings {
  /** 0-based training step. */
  readonly step: number
  readonly rate: number
  /** Factors on the rate: of gates, and of everything else. */
  readonly gatePace: number
  readonly weightPace: number
  /**
   * Rules for gates (src/core/unitHook.ts, `GateRule`): bounds, the soft threshold of this step, and the size at which
   * a gate dies (negative for none).
   */
  readonly gateLow: number
  readonly gateHigh: number
  readonly gateShrink: number
  readonly gateDead: number
  readonly weightDecay: number
  /** AdamW: decay of the first moment. */
  readonly beta1: number
  /** AdamW: decay of the second moment. */
  readonly beta2: number
  /** AdamW: added to the root of the second moment. */
  readonly epsilon: number
  /** SGD: share of the last update kept. */
  readonly momentum: number
  /** Largest norm of the whole gradient; 0 switches clipping off. */
  readonly clip: number
  /**
   * Optimizer steps since the moments were zeroed, or scoring batches since the last cut: bias corrections and the mean
   * gradient count from there.
   */
  readonly momentAge: number
  /** Decay rates of SEVEN's means of |g| and of g^2. */
  readonly noiseMeanDecay: number
  readonly noiseSquareDecay: number
  /** Steps (or scoring batches) since the noise statistics were zeroed: i of docs/algorithms.md 1.2. */
  readonly noiseAge: number
  /** Gradients of the run before this one that `witness` has seen. */
  readonly witnessed: number
  /** What becomes of pruned weights (src/core/method.ts). */
  readonly pruned: Pruned
  /** Whether pruned weights may come back. */
  readonly regrows: boolean
  /** Floats of the arena, of its prunable part and of the part that decays (src/core/layout.ts). */
  readonly length: number
  readonly prunableLength: number
  readonly decayLength: number
  /** Floats before the gates. */
  readonly gatesFrom: number
}

/** A step in which gates are parameters like any other. */
export const plainGates = {
  gatePace: 1,
  weightPace: 1,
  gateLow: -3.4e38,
  gateHigh: 3.4e38,
  gateShrink: 0,
  gateDead: -1,
} as const

/** The numbers of `Pruned` as WGSL names and for the twins. */
export const pruned = { held: prunedNumbers.held, left: prunedNumbers.left, free: prunedNumbers.free } as const
export const constantsOfPruned =
  `const prunedHeld = ${pruned.held}u;\nconst prunedLeft = ${pruned.left}u;\n` + `const prunedFree = ${pruned.free}u;\n`

/** The uniform block `step`: everything that is the same for all weights is computed here, in doubles. */
export const stepStruct = uniformStruct('Step', {
  step: 'u32',
  length: 'u32',
  prunableLength: 'u32',
  decayLength: 'u32',
  rate: 'f32',
  decayFactor: 'f32',
  momentum: 'f32',
  clip: 'f32',
  beta1: 'f32',
  beta1Rest: 'f32',
  beta2: 'f32',
  beta2Rest: 'f32',
  epsilon: 'f32',
  adamRate: 'f32',
  adamScale: 'f32',
  meanShare: 'f32',
  noiseMeanDecay: 'f32',
  noiseMeanRest: 'f32',
  noiseMeanCorrection: 'f32',
  noiseSquareDecay: 'f32',
  noiseSquareRest: 'f32',
  noiseSquareCorrection: 'f32',
  pruned: 'u32',
  regrows: 'u32',
  gatesFrom: 'u32',
  gatePace: 'f32',
  weightPace: 'f32',
  gateLow: 'f32',
  gateHigh: 'f32',
  gateShrink: 'f32',
  gateDead: 'f32',
  witnessShare: 'f32',
})

/** The scalars of one step as the kernels read them. */
export type StepScalars = ReturnType<typeof stepStruct.read>

/** Writes the uniform block of one step. 1 - beta is taken before rounding: in f32, 1 - 0.999 is off by 5e-5. */
export function stepUniform(s: StepSettings): ArrayBuffer {
  const { rate, beta1, beta2, noiseMeanDecay, noiseSquareDecay } = s
  return stepStruct.write({
    ...s,
    pruned: prunedNumbers[s.pruned],
    regrows: s.regrows ? 1 : 0,
    decayFactor: 1 - rate * s.weightPace * s.weightDecay,
    beta1Rest: 1 - beta1,
    beta2Rest: 1 - beta2,
    adamRate: rate / (1 - beta1 ** (s.momentAge + 1)),
    adamScale: 1 / Math.sqrt(1 - beta2 ** (s.momentAge + 1)),
    meanShare: 1 / (s.momentAge + 1),
    witnessShare: 1 / (s.witnessed + 1),
    noiseMeanRest: 1 - noiseMeanDecay,
    noiseSquareRest: 1 - noiseSquareDecay,
    noiseMeanCorrection: biasCorrection(noiseMeanDecay, s.noiseAge),
    noiseSquareCorrection: biasCorrection(noiseSquareDecay, s.noiseAge),
  })
}

/** Factor that undoes an exponential mean's start at 0, after age + 1 values. */
export function biasCorrection(decay: number, age: number): number {
  return 1 / (1 - decay ** (age + 1))
}
