import { fromLink, toLink } from '../../src/config/link'
import type { Experiment } from '../../src/core/experiment'
import type { RunState } from './run'
import type { Shelf } from './shelf'

/** What is noted of a run that was saved and has not come to its end. */
export interface LeftNote {
  readonly link: string
  /** Optimizer steps that were saved. */
  readonly step: number
  /** When, in milliseconds since 1970. */
  readonly at: number
}

/** The run in which the page was left. */
export interface LeftRun extends LeftNote {
  readonly experiment: Experiment
}

const key = 'pruning-playground/left-run'
/** The first versions had this one. */
const oldKey = 'left-run'

/** The run in which the page was left; null where there is none, or its link opens something else by now. */
export function readLeft(shelf: Shelf | null): LeftRun | null {
  try {
    const { link, step, at } = JSON.parse(shelf?.getItem(key) ?? shelf?.getItem(oldKey) ?? 'null') as Record<
      string,
      unknown
    >
    if (typeof link !== 'string' || typeof step !== 'number' || typeof at !== 'number') return null
    const { experiment, notes } = fromLink(link)
    return notes.length === 0 ? { link, step, at, experiment } : null
  } catch {
    return null
  }
}

/** Notes that a run can go on from there; null that none can. Where nothing can be stored, none will. */
export function noteLeft(shelf: Shelf | null, left: LeftNote | null): void {
  try {
    if (left) shelf?.setItem(key, JSON.stringify(left))
    else shelf?.removeItem(key)
    shelf?.removeItem(oldKey)
  } catch {
    // A full or forbidden storage: the run goes on, and is lost with the page.
  }
}

/**
 * Whether the open run loses nothing with the page: the next visit can go on with it. Another page may have saved its
 * own run in its place, so the note is what counts.
 */
export function isSafe(shelf: Shelf | null, { asked, saved }: RunState): boolean {
  return saved && asked !== null && readLeft(shelf)?.link === toLink(asked.experiment)
}
