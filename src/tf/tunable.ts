import type { Tunable, TunedBuffer, Tuner, Variant } from '../gpu/tuner'
import { mapValues } from './mapValues'
import type { TensorInfo } from './tfjs'
import { compactPlace, sizeOf, type Output, type Program } from './program'

/** The variant of a program that runs: what the tuner found fastest, or the default. */
export function variantOf(program: Program, tuner: Tuner | null): Pick<Variant, 'code' | 'grid'> {
  if (!tuner || !program.alternatives?.length) return program
  const chosen = tuner.choice(named(program))?.variant
  return program.alternatives.find((alternative) => alternative.name === chosen) ?? program
}

/** A program as the tuner times it, on buffers of its tensors' sizes. */
export function tunableOf(program: Program): Tunable {
  const { label, inputs, outputs, sums, uniform } = program
  const place = sums && compactPlace(sums)
  const shape = sums && place ? sums.uniform(place) : uniform
  return {
    ...named(program),
    label,
    buffers: {
      ...mapValues<string, TensorInfo, TunedBuffer>(inputs, bufferOf),
      ...mapValues<string, Output, TunedBuffer>(outputs, (output) => ({ ...bufferOf(output), written: true })),
      ...(sums && place ? { gradients: { ...bufferOf({ shape: [sums.slices, place.stride] }), written: true } } : {}),
    },
    ...(shape ? { uniform: shape } : {}),
  }
}

function bufferOf({ shape, dtype }: { shape: readonly number[]; dtype?: string }): TunedBuffer {
  return { bytes: 4 * sizeOf(shape), kind: dtype === 'int32' ? 'int32' : 'float32' }
}

/** Label and shapes, inputs before outputs, and the variants, the default first. */
function named({
  label,
  code,
  grid,
  inputs,
  outputs,
  sums,
  alternatives = [],
}: Program): Pick<Tunable, 'name' | 'variants'> {
  const shapes = (tensors: Readonly<Record<string, { readonly shape: number[] }>>) =>
    Object.values(tensors)
      .map(({ shape }) => shape.join('x'))
      .join(' ')
  return {
    name: `${label} ${shapes(inputs)} -> ${shapes({ ...outputs, ...sums?.parameters })}`,
    variants: [{ name: 'default', code, grid }, ...alternatives],
  }
}
