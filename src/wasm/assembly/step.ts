/**
 * Places of the fields of `stepStruct` (shaders/train/step.ts) that kernels read, in its order; wasmTwins.test.ts would
 * find one out of place.
 */
export namespace Step {
  export const length: usize = 4
  export const prunableLength: usize = 8
  export const decayLength: usize = 12
  export const decayFactor: usize = 20
  export const beta1: usize = 32
  export const beta1Rest: usize = 36
  export const beta2: usize = 40
  export const beta2Rest: usize = 44
  export const epsilon: usize = 48
  export const adamRate: usize = 52
  export const adamScale: usize = 56
  export const noiseMeanDecay: usize = 64
  export const noiseMeanRest: usize = 68
  export const noiseMeanCorrection: usize = 72
  export const noiseSquareDecay: usize = 76
  export const noiseSquareRest: usize = 80
  export const noiseSquareCorrection: usize = 84
  export const pruned: usize = 88
  export const regrows: usize = 92
  export const weightPace: usize = 104
  export const witnessShare: usize = 124
}

/** What becomes of pruned weights, as `pruned` of shaders/train/step.ts numbers it. */
export const held: i32 = 0
export const left: i32 = 1
export const free: i32 = 3

/** A field in all four lanes. */
export function four(step: usize, field: usize): v128 {
  return v128.load_splat<f32>(step + field)
}

/** All bits of the lanes of weights i to i + 3 that a mask keeps. */
export function keptLanes(mask: usize, i: i32): v128 {
  const bits = (<i32>load<u8>(mask + (i >> 3))) >> (i & 4)
  return i32x4.ne(v128.and(i32x4.splat(bits), i32x4(1, 2, 4, 8)), i32x4.splat(0))
}
