import { fromLink } from '../../src/config/link'
import type { Recipe } from '../../src/config/recipe'
import type { Experiment } from '../../src/core/experiment'
import { isRecord } from '../../src/core/isRecord'
import type { Shelf } from './shelf'

/** What is noted of a run that was saved, or of a comparison that was begun, and that has not come to its end. */
export interface LeftNote {
  readonly link: string
  /** Optimizer steps that were saved; 0 for a comparison. */
  readonly step: number
  /** When, in milliseconds since 1970. */
  readonly at: number
  /** Link of the comparison that asked for the run. */
  readonly within?: string
}

/** A run or, with a recipe, a comparison in which the page was left. */
export interface Left extends LeftNote {
  readonly experiment: Experiment
  readonly recipe: Recipe | null
}

/** In the shelf, which is written before a page is gone, and answers at once. */
const key = 'pruning-playground/left-run'
/** The first versions had this one. */
const oldKey = 'left-run'
/** How many are remembered; their checkpoints take room. */
export const mostLeft = 6

/** Everything in which the page was left, the newest first; without what a link opens in another way by now. */
export function readLeft(shelf: Shelf | null): readonly Left[] {
  return notesOn(shelf).flatMap((note) => {
    const { experiment, recipe = null, notes } = fromLink(note.link)
    return notes.length === 0 ? [{ ...note, experiment, recipe }] : []
  })
}

/** Notes where a run or a comparison can go on. Where nothing can be stored, none will. */
export function noteLeft(shelf: Shelf | null, note: LeftNote): void {
  write(shelf, [note, ...notesOn(shelf).filter(({ link }) => link !== note.link)])
}

/**
 * Forgets the oldest of too many. @param stays links of what other tabs train
 * @returns what was forgotten: nobody will ask for its checkpoints
 */
export function trimLeft(shelf: Shelf | null, stays: ReadonlySet<string>): readonly LeftNote[] {
  const gone = notesOn(shelf)
    .slice(mostLeft)
    .filter(({ link, within = link }) => !stays.has(link) && !stays.has(within))
  forgetLeft(
    shelf,
    gone.map(({ link }) => link),
  )
  return gone
}

/** Forgets what has these links: it has ended, or is wanted no more. */
export function forgetLeft(shelf: Shelf | null, links: readonly string[]): void {
  const notes = notesOn(shelf)
  const stay = notes.filter(({ link }) => !links.includes(link))
  if (stay.length < notes.length) write(shelf, stay)
}

/** Whether the next visit can go on with what has this link. */
export function isNoted(shelf: Shelf | null, link: string): boolean {
  return notesOn(shelf).some((note) => note.link === link)
}

function notesOn(shelf: Shelf | null): readonly LeftNote[] {
  try {
    const found: unknown = JSON.parse(shelf?.getItem(key) ?? shelf?.getItem(oldKey) ?? '[]')
    // The first versions had one note, and no list.
    return (Array.isArray(found) ? found : [found]).filter(isNote)
  } catch {
    return []
  }
}

function isNote(note: unknown): note is LeftNote {
  if (!isRecord(note)) return false
  const { link, step, at, within } = note
  return (
    typeof link === 'string'
    && Number.isFinite(step)
    && Number.isFinite(at)
    && (within === undefined || typeof within === 'string')
  )
}

function write(shelf: Shelf | null, notes: readonly LeftNote[]): void {
  try {
    if (notes.length > 0) shelf?.setItem(key, JSON.stringify(notes))
    else shelf?.removeItem(key)
    shelf?.removeItem(oldKey)
  } catch {
    // A full or forbidden storage: the run goes on, and is lost with the page.
  }
}
