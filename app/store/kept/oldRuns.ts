import type { Shelf } from '../shelf'
import { adopted, type Entry } from './entry'

/** Where versions before IndexedDB kept all runs, in one text. */
export const runsKey = 'pruning-playground/runs/v1'

/** What such a version has left on the shelf. */
export interface OldRuns {
  /** A text that is no list of runs is one entry that cannot be read. */
  readonly entries: readonly Entry[]
  /** Takes them off the shelf, once they lie elsewhere; not if a tab of that version has written since. */
  readonly clear: () => void
}

/** Looks at the shelf; nothing is left where it cannot be read. */
export function oldRuns(shelf: Shelf | null): OldRuns {
  const text = textOn(shelf)
  if (text === null) return { entries: [], clear: () => undefined }
  const runs = parsed(text)
  return {
    entries: (Array.isArray(runs) ? runs : [runs]).map((run) => adopted(run, 1)),
    clear: () => {
      if (textOn(shelf) === text) shelf?.removeItem(runsKey)
    },
  }
}

function textOn(shelf: Shelf | null): string | null {
  try {
    return shelf?.getItem(runsKey) ?? null
  } catch {
    return null
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
