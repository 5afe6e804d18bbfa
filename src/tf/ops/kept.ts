import type { Precision } from '../../../shaders/transformer'
import type { Output } from '../backend'

export type { Precision }

/**
 * An output that only kernels of the gradient read. As f16 its shape counts pairs of numbers: tfjs knows no type so
 * small.
 */
export function keptOutput(shape: number[], precision: Precision): Output {
  if (precision === 'f32') return { shape }
  return { shape: [Math.ceil(shape.reduce((a, b) => a * b, 1) / 2)], dtype: 'int32' }
}
