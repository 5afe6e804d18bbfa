import { toLink } from '../../src/config/link'
import type { Experiment } from '../../src/core/experiment'

/** Links by experiment: this is asked at every event of a run, and an experiment never changes in place. */
const links = new WeakMap<Experiment, string>()

/** The link of an experiment that is no part of a comparison. */
export function linkOf(experiment: Experiment): string {
  const known = links.get(experiment) ?? toLink(experiment)
  links.set(experiment, known)
  return known
}
