/**
 * Sanity checks of a mask that is made before training and then stays (Su et al., arXiv:2009.11094; Frankle et al.,
 * arXiv:2009.08576; docs/algorithms.md 2.1, 2.17): if a check costs no accuracy, what it destroys did not matter.
 */
import { choice, type Values } from './knob'
import type { Method } from './method'
import type { Plan } from './plan'

/** What scoring sees in the place of the training data. */
export type Corruption = 'labels' | 'inputs' | 'half'
/** What is done to mask and weights once the mask is made. */
export type Disturbance = 'rearrange' | 'shuffle' | 'reinitialise'
export type MaskCheck = 'none' | Corruption | Disturbance

/** Name of the knob that every method with such a mask gets in addition to its own. */
export const maskCheckName = 'check'

/** The check to make, none by default. */
export const maskCheckKnob = choice(
  'Sanity check',
  'none',
  {
    none: 'None',
    rearrange: 'Mask rearranged in each layer',
    shuffle: 'Kept weights shuffled in each layer',
    reinitialise: 'Weights drawn again',
    labels: 'Scored on random labels',
    inputs: 'Scored on shuffled inputs',
    half: 'Scored on half of the data',
  },
  {
    help:
      'Destroys one thing that may make a mask good: its places in a layer, which weight is in which place, '
      + 'the weights that it was made for, or the data that it was scored on. Training uses the result as it is. '
      + 'If accuracy does not fall, that thing did not matter.',
  },
)

/** The check that knob values ask for. */
export function maskCheckOf(values: Values): MaskCheck {
  const asked = values[maskCheckName]
  return typeof asked === 'string' && Object.hasOwn(maskCheckKnob.options, asked) ? (asked as MaskCheck) : 'none'
}

/** Whether a check changes what scoring sees; the others act once the mask is made. */
export function isCorruption(check: MaskCheck): check is Corruption {
  return check === 'labels' || check === 'inputs' || check === 'half'
}

/**
 * Why a method with these knobs cannot be checked: a clause that follows its name; null where it can. @param steps of
 * the run
 */
export function whyUnchecked(method: Method, values: Values, check: MaskCheck, steps: number): string | null {
  if (check === 'none') return null
  const plan = method.plan(values, steps)
  if (!cutsBefore(plan)) return 'makes no mask before training'
  if (plan.lastEvent >= 0) return 'goes on changing its mask in training'
  const grouped = (method.granularity?.(values).kind ?? 'weight') !== 'weight'
  if (grouped && (check === 'rearrange' || check === 'shuffle'))
    return 'keeps weights in groups, and single weights that change places would break them up'
  return null
}

/** Whether any setting of a method's choices gives a mask that can be checked. */
export function isCheckable(method: Method): boolean {
  const usual = Object.fromEntries(Object.entries(method.knobs).map(([name, knob]) => [name, knob.default]))
  const settings = Object.entries(method.knobs).flatMap(([name, knob]) =>
    knob.kind === 'choice' ? Object.keys(knob.options).map((id) => ({ ...usual, [name]: id })) : [],
  )
  return [usual, ...settings].some((values) => whyUnchecked(method, values, 'labels', 100) === null)
}

/** A method with the sanity check among its knobs, where some setting of it can be checked. */
export function withMaskCheck(method: Method): Method {
  return isCheckable(method) ? { ...method, knobs: { ...method.knobs, [maskCheckName]: maskCheckKnob } } : method
}

function cutsBefore({ initial, scoringBatches, ...plan }: Plan): boolean {
  return initial !== undefined || (scoringBatches > 0 && plan.scoring(scoringBatches - 1) !== undefined)
}
