import type { Session } from './session'

/** Milliseconds of training after which the pace is known. */
const measuredMs = 1000
/** If what is left takes longer than this, the page says so and offers a smaller preset. */
const slowSeconds = 600

/** How fast a run is; null while that is not known. */
export function paceOf({ msPerStep, step, secondsLeft }: Pick<Session, 'msPerStep' | 'step' | 'secondsLeft'>) {
  return msPerStep * step < measuredMs ? null : { isSlow: secondsLeft > slowSeconds, msPerStep, secondsLeft }
}
