import { showsScores, type Pruning } from '../../core/pruning'
import { sensitivityOf, spreadOf, type Weighing } from '../../core/weighing'
import type { WeightSample } from '../executor/executor'

type Scored = Pick<WeightSample, 'sensed' | 'importance' | 'score'>

/**
 * Where the last mask change divided kept weights from cut ones, as a discounted sensitivity (`Weighing`), one a group
 * of the scope; null for a group that kept all or none. Empty where nothing was ranked yet, or the method's score is no
 * matter of sensitivity and noise.
 * @param lowest the lowest scores that were kept, as the engine ranked them
 * @param samples some weights; those with a score say how large its unit is
 */
export function boundsOf(
  pruning: Pruning,
  lowest: readonly number[],
  samples: readonly Scored[],
): readonly (number | null)[] {
  const { weighing, granularity, scope } = pruning
  if (!weighing || granularity.kind !== 'weight' || scope === 'output' || !showsScores(pruning)) return []
  return inUnitsOf(samples, weighing, lowest)
}

/** Scores as discounted sensitivities, by the middle one of the ratios of both. */
export function inUnitsOf(
  samples: readonly Scored[],
  { discount, power = 1 }: Pick<Weighing, 'discount' | 'power'>,
  scores: readonly number[],
): readonly (number | null)[] {
  const ratios = samples
    .flatMap(({ sensed, importance, score }) => {
      const spread = spreadOf(sensed, importance)
      const ratio =
        spread === null ? NaN : (sensitivityOf(importance, spread) * discount(spread)) / score ** (1 / power)
      return Number.isFinite(ratio) && ratio > 0 ? ratio : []
    })
    .sort((a, b) => a - b)
  const unit = ratios[Math.floor(ratios.length / 2)]
  if (unit === undefined) return []
  return scores.map((score) => (score > 0 && Number.isFinite(score) ? unit * score ** (1 / power) : null))
}
