import { plugin } from '../../config/registries'
import type { Choice } from '../../core/experiment'
import { scoreOf, type Formula } from '../../core/method'
import { exchanges } from './settings'

/**
 * Buffers over the prunable part that only some methods need: own numbers, weights before the first step, H g; and with
 * a float for each tile, rows and largest |w| of its matrix; and with a bit for each weight, those that were kept when
 * the mask changed.
 */
export const extras = ['own0', 'own1', 'own2', 'initial', 'curvature', 'fanIn', 'largest', 'visited'] as const
export type Extra = (typeof extras)[number]

/** The buffers that a method needs in addition to those of all: its own numbers, and what its formulas name. */
export function extrasOf({ id, values }: Choice): Extra[] {
  const method = plugin('method', id)
  const { statistics: { names = [], start, gather, digest } = {}, initialScore, grow, step, candidate } = method
  const curvature = method.plan(values, 1).probe === 'curvature'
  const formulas = [
    scoreOf(method, values),
    initialScore,
    grow,
    step,
    candidate,
    ...[start, gather, digest].flatMap((pass) => Object.values<Formula | undefined>(pass ?? {})),
  ]
  const initial = curvature || formulas.some((formula) => formula?.wgsl.includes('x.initial'))
  const own = (['own0', 'own1', 'own2'] as const).slice(0, names.length)
  const tensorwide = (['fanIn', 'largest'] as const).filter((name) =>
    formulas.some((formula) => formula?.wgsl.includes(`x.${name}`)),
  )
  const flags = { initial, curvature, visited: exchanges({ id, values }) } as const
  return [...own, ...tensorwide, ...(['initial', 'curvature', 'visited'] as const).filter((name) => flags[name])]
}
