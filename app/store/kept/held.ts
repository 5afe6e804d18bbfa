import { runLabel } from '../../../src/config/runLabel'
import type { KeptRun } from '../runs'
import { isRun, readEntry, stronger, type Entry, type UnreadRun } from './entry'

/** An entry that the page knows, and what it was read as. */
export interface Held {
  readonly entry: Entry
  readonly read: KeptRun | UnreadRun
  readonly place: Place
}

/** `coming`: not in the vault yet. `page`: the vault has no room for it or refused it; it lasts as long as the page. */
export type Place = 'vault' | 'coming' | 'page'

/** All entries that the page knows, by their keys. */
export interface HeldEntries {
  readonly get: (key: string) => Held | undefined
  readonly all: () => readonly Held[]
  readonly hold: (entry: Entry, place: Place) => void
  readonly move: (key: string, place: Place) => void
  readonly drop: (key: string) => void
  /** What the vault has, of all keys or of these: it takes the place of what lay there before. */
  readonly meet: (stored: readonly Entry[], keys?: readonly string[]) => void
}

export function heldEntries(): HeldEntries {
  const held = new Map<string, Held>()
  const hold = (entry: Entry, place: Place) => {
    const known = held.get(entry.key)
    // The same entry stays the same run: charts and panels remember what they have made of one.
    held.set(entry.key, { entry, read: known?.entry === entry ? known.read : readEntry(entry), place })
  }
  return {
    get: (key) => held.get(key),
    all: () => [...held.values()],
    hold,
    move: (key, place) => {
      const known = held.get(key)
      if (known) held.set(key, { ...known, place })
    },
    drop: (key) => void held.delete(key),
    meet: (stored, keys = [...held.keys()]) => {
      const found = new Set(stored.map(({ key }) => key))
      for (const key of keys) if (held.get(key)?.place === 'vault' && !found.has(key)) held.delete(key)
      for (const entry of stored) {
        const known = held.get(entry.key)
        if (known && isSame(known.entry, entry)) continue
        if (known && known.place !== 'vault') hold(stronger(entry, known.entry), known.place)
        else hold(entry, 'vault')
      }
    },
  }
}

/** Every read makes new objects; those that say the same stay what they were, so that nothing is drawn again. */
function isSame(a: Entry, b: Entry): boolean {
  return a === b || JSON.stringify(a.run) === JSON.stringify(b.run)
}

/**
 * Runs that leave for one other at most. They are of one size, but browsers let a little more in than they should, and
 * count in pages. If so many are not enough, other programs take the room, and more would leave in vain.
 */
const mostLeaving = 8

/** Entries that may leave the vault for another one, the oldest first: runs without a pin that are older than it. */
export function mayLeave(held: readonly Held[], next: Held): readonly Held[] {
  return held
    .filter(({ place, read }) => place === 'vault' && isRun(read) && !read.pinned && read.at < atOf(next))
    .sort((a, b) => atOf(a) - atOf(b))
    .slice(0, mostLeaving)
}

/** When a run was kept, in milliseconds since 1970; 0 for what cannot be read. */
export function atOf({ read }: Held): number {
  return isRun(read) ? read.at : 0
}

/** A run's name in a sentence. */
export function labelOf({ read }: Held): string {
  return isRun(read) ? runLabel(read.experiment) : read.name
}
