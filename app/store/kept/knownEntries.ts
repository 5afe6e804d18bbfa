import { runLabel } from '../../../src/config/runLabel'
import type { KeptRun } from '../runs'
import { isRun, readEntry, stronger, type Entry, type UnreadRun } from './entry'

/** An entry that the page knows, and what it was read as. */
export interface Known {
  readonly entry: Entry
  readonly read: KeptRun | UnreadRun
  readonly home: Home
}

/** `coming`: not in the vault yet. `page`: the vault has no room for it or refused it; it lasts as long as the page. */
export type Home = 'vault' | 'coming' | 'page'

/** All entries that the page knows, by their keys. */
export interface KnownEntries {
  readonly get: (key: string) => Known | undefined
  readonly all: () => readonly Known[]
  readonly hold: (entry: Entry, home: Home) => void
  readonly move: (key: string, home: Home) => void
  readonly drop: (key: string) => void
  /** What the vault has, of all keys or of these: it takes the place of what lay there before. */
  readonly meet: (stored: readonly Entry[], keys?: readonly string[]) => void
}

export function knownEntries(): KnownEntries {
  const known = new Map<string, Known>()
  const hold = (entry: Entry, home: Home) => {
    const before = known.get(entry.key)
    // The same entry stays the same run: charts and panels remember what they have made of one.
    known.set(entry.key, { entry, read: before?.entry === entry ? before.read : readEntry(entry), home })
  }
  return {
    get: (key) => known.get(key),
    all: () => [...known.values()],
    hold,
    move: (key, home) => {
      const before = known.get(key)
      if (before) known.set(key, { ...before, home })
    },
    drop: (key) => void known.delete(key),
    meet: (stored, keys = [...known.keys()]) => {
      const found = new Set(stored.map(({ key }) => key))
      for (const key of keys) if (known.get(key)?.home === 'vault' && !found.has(key)) known.delete(key)
      for (const entry of stored) {
        const before = known.get(entry.key)
        if (before && isSame(before.entry, entry)) continue
        if (before && before.home !== 'vault') hold(stronger(entry, before.entry), before.home)
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
export function mayLeave(known: readonly Known[], next: Known): readonly Known[] {
  return known
    .filter(({ home, read }) => home === 'vault' && isRun(read) && !read.pinned && read.at < atOf(next))
    .sort((a, b) => atOf(a) - atOf(b))
    .slice(0, mostLeaving)
}

/** When a run was kept, in milliseconds since 1970; 0 for what cannot be read. */
export function atOf({ read }: Known): number {
  return isRun(read) ? read.at : 0
}

/** A run's name in a sentence. */
export function labelOf({ read }: Known): string {
  return isRun(read) ? runLabel(read.experiment) : read.name
}
