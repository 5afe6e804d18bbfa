import { fromLink, toLink } from '../../src/config/link'
import type { Experiment } from '../../src/core/experiment'
import type { Shelf } from './shelf'

/** A run that was saved and did not come to its end. */
export interface LeftRun {
  readonly experiment: Experiment
  /** Optimizer steps that were saved. */
  readonly step: number
  /** When, in milliseconds since 1970. */
  readonly at: number
}

const key = 'left-run'

/** The run in which the page was left; null where there is none. */
export function readLeft(shelf: Shelf | null): LeftRun | null {
  try {
    const { link, step, at } = JSON.parse(shelf?.getItem(key) ?? 'null') as Record<string, unknown>
    if (typeof link !== 'string' || typeof step !== 'number' || typeof at !== 'number') return null
    return { experiment: fromLink(link).experiment, step, at }
  } catch {
    return null
  }
}

/** Notes that a run can go on from there; null that none can. Where nothing can be stored, none will. */
export function noteLeft(shelf: Shelf | null, left: LeftRun | null): void {
  try {
    if (left) shelf?.setItem(key, JSON.stringify({ ...left, experiment: undefined, link: toLink(left.experiment) }))
    else shelf?.removeItem(key)
  } catch {
    // A full or forbidden storage: the run goes on, and is lost with the page.
  }
}
