import type { StepScalars } from './step'

/** The buffer `control`: written by `norm`, read by `update`, `observe` and `witness`. 16 bytes: f32, u32, u32, f32. */
export interface Control {
  /** Factor on every gradient, 0 once halted. */
  readonly clipFactor: number
  /** 1 from the first step whose loss or gradient was not finite; nothing changes from then on. */
  readonly halted: number
  /** That step. */
  readonly haltedStep: number
  /** Norm of the whole gradient before clipping. */
  readonly norm: number
}

/** Before the first step. */
export const freshControl: Control = { clipFactor: 1, halted: 0, haltedStep: 0, norm: 0 }

/** Bytes of `control`. */
export const controlBytes = 16

/** Floats that one workgroup of `squares` sums; `partials` holds a vec2f for each. */
export const squaresChunk = 16384

/** The control record as the GPU reads it. */
export function writeControl({ clipFactor, halted, haltedStep, norm: length }: Control): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(controlBytes))
  view.setFloat32(0, clipFactor, true)
  view.setUint32(4, halted, true)
  view.setUint32(8, haltedStep, true)
  view.setFloat32(12, length, true)
  return view.buffer
}

/** The control record as read back from the GPU. */
export function readControl(buffer: ArrayBuffer): Control {
  const view = new DataView(buffer)
  return {
    clipFactor: view.getFloat32(0, true),
    halted: view.getUint32(4, true),
    haltedStep: view.getUint32(8, true),
    norm: view.getFloat32(12, true),
  }
}

/**
 * Twin of `squares` and `norm` together: decides on clipping and halting, and records (loss, norm) of the step.
 * @param metrics ring of pairs; step t is at pair t % (metrics.length / 2)
 */
export function norm(
  grads: Float32Array,
  loss: number,
  step: StepScalars,
  control: Control,
  metrics: Float32Array,
  squares = squareSum(grads),
): Control {
  const length = Math.fround(Math.sqrt(squares))
  metrics.set([loss, length], 2 * (step.step % (metrics.length / 2)))
  if (control.halted !== 0) return control
  if (!Number.isFinite(length) || !Number.isFinite(loss))
    return { clipFactor: 0, halted: 1, haltedStep: step.step, norm: length }
  return {
    clipFactor: step.clip > 0 && length > step.clip ? Math.fround(step.clip / length) : 1,
    halted: 0,
    haltedStep: 0,
    norm: length,
  }
}

function squareSum(grads: Float32Array): number {
  let sum = 0
  for (const g of grads) sum += g * g
  return sum
}
