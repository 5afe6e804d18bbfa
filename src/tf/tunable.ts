import type { Tunable, Tuner, Variant } from '../gpu/tuner'
import { compactPlace, sizeOf, type Program } from './program'

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
  const buffers = Object.fromEntries(
    Object.entries({ ...inputs, ...outputs }).map(([name, { shape, dtype }]) => [
      name,
      {
        bytes: 4 * sizeOf(shape),
        kind: dtype === 'int32' ? ('int32' as const) : ('float32' as const),
      },
    ]),
  )
  return {
    ...named(program),
    label,
    buffers: {
      ...buffers,
      ...(sums && place ? { gradients: { bytes: 4 * sums.slices * place.stride, kind: 'float32' as const } } : {}),
    },
    ...(shape ? { uniform: shape } : {}),
  }
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
