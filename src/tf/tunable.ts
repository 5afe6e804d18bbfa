import type { Tunable, Tuner, Variant } from '../gpu/tuner'
import type { Program } from './program'

/** The variant of a program that runs: what the tuner found fastest, or the default. */
export function variantOf(program: Program, tuner: Tuner | null): Pick<Variant, 'code' | 'grid'> {
  if (!tuner || !program.alternatives?.length) return program
  const chosen = tuner.choice(named(program))?.variant
  return program.alternatives.find((alternative) => alternative.name === chosen) ?? program
}

/** A program as the tuner times it, on buffers of its tensors' sizes. */
export function tunableOf(program: Program): Tunable {
  const { label, inputs, outputs, uniform } = program
  const buffers = Object.fromEntries(
    Object.entries({ ...inputs, ...outputs }).map(([name, { shape, dtype }]) => [
      name,
      {
        bytes: 4 * shape.reduce((a, b) => a * b, 1),
        kind: dtype === 'int32' ? ('int32' as const) : ('float32' as const),
      },
    ]),
  )
  return { ...named(program), label, buffers, ...(uniform ? { uniform } : {}) }
}

/** Label and shapes, inputs before outputs, and the variants, the default first. */
function named({ label, code, grid, inputs, outputs, alternatives = [] }: Program): Pick<Tunable, 'name' | 'variants'> {
  const shapes = (tensors: Readonly<Record<string, { readonly shape: number[] }>>) =>
    Object.values(tensors)
      .map(({ shape }) => shape.join('x'))
      .join(' ')
  return {
    name: `${label} ${shapes(inputs)} -> ${shapes(outputs)}`,
    variants: [{ name: 'default', code, grid }, ...alternatives],
  }
}
