import { setBit } from '../src/core/bits'
import { freshControl, writeControl } from './train/norm'
import { plainGates, type StepSettings } from './train/step'

/** The length of an arena part that holds `n` floats: parts end at multiples of 64 (src/core/layout.ts). */
export function padded(n: number): number {
  return Math.ceil(n / 64) * 64
}

/** Settings of a first AdamW step over buffers that are all prunable; tests override the settings that they test. */
export function stepSettings(length: number, changes: Partial<StepSettings> = {}): StepSettings {
  return {
    step: 0,
    rate: 1e-3,
    weightDecay: 0.05,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    momentum: 0.9,
    clip: 0,
    momentAge: 0,
    noiseMeanDecay: 0.8,
    noiseSquareDecay: 0.9,
    noiseAge: 0,
    witnessed: 0,
    pruned: 'held',
    regrows: false,
    length,
    prunableLength: length,
    decayLength: length,
    gatesFrom: length,
    ...plainGates,
    ...changes,
  }
}

/** Control block as bytes: not halted, gradients times `clipFactor`. */
export function controlBlock(clipFactor = 1, halted = 0): ArrayBuffer {
  return writeControl({ ...freshControl, clipFactor, halted })
}

/** A mask of `length` weights where `kept` says so. */
export function maskOf(length: number, kept: (i: number) => boolean): Uint32Array {
  const mask = new Uint32Array(Math.ceil(length / 32))
  for (let i = 0; i < length; i++) if (kept(i)) setBit(mask, i, true)
  return mask
}

/** Float32 values as the bits that the kernels rank. */
export function bitsOf(values: readonly number[] | Float32Array): Uint32Array {
  return new Uint32Array(Float32Array.from(values).buffer)
}
