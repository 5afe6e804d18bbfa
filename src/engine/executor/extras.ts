import { formulasOf, type Pruning } from '../../core/pruning'

/**
 * Buffers over the prunable part that only some methods need: own numbers, weights before the first step, H g; and with
 * a float for each tile, rows and largest |w| of its matrix; and with a bit for each weight, those that were kept when
 * the mask changed.
 */
export const extras = ['own0', 'own1', 'own2', 'initial', 'curvature', 'fanIn', 'largest', 'visited'] as const
export type Extra = (typeof extras)[number]

/** The buffers that a method needs in addition to those of all: its own numbers, and what its formulas name. */
export function extrasOf(pruning: Pruning): Extra[] {
  const formulas = formulasOf(pruning)
  const reads = (name: string) => formulas.some(({ wgsl }) => wgsl.includes(`x.${name}`))
  const curvature = pruning.plan.probe === 'curvature'
  const own = (['own0', 'own1', 'own2'] as const).slice(0, pruning.names.length)
  const tensorwide = (['fanIn', 'largest'] as const).filter(reads)
  const flags = { initial: curvature || reads('initial'), curvature, visited: pruning.exchanges } as const
  return [...own, ...tensorwide, ...(['initial', 'curvature', 'visited'] as const).filter((name) => flags[name])]
}
