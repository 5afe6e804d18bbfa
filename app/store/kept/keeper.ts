/** The kept runs of this page and of the browser: what one page keeps or deletes, the other pages show. */
import { messageOf } from '../../../src/core/problem'
import type { KeptRun, Marks } from '../runs'
import type { Shelf } from '../shelf'
import { isRun, stronger, withMarks, type Entry, type UnreadRun } from './entry'
import { atOf, knownEntries, labelOf, mayLeave, type Known } from './knownEntries'
import { noteOf, type Trouble } from './noteOf'
import { oldRuns } from './oldRuns'
import { isFull, type Vault } from './vault'

/** What the page shows of kept runs. */
export interface KeptState {
  /** Oldest first. */
  readonly runs: readonly KeptRun[]
  readonly unread: readonly UnreadRun[]
  /** False until the runs of earlier visits are there, or it is clear that they cannot be had. */
  readonly runsRead: boolean
  /** What the reader must know of how runs are stored; empty where all is well. */
  readonly storageNote: string
}

/** Before anything was read. */
export const nothingKept: KeptState = { runs: [], unread: [], runsRead: false, storageNote: '' }

/** Where runs are stored. */
export interface Storage {
  /** Null where runs last as long as the page. */
  readonly vault: Vault | null
  /** What older versions stored is taken from here. */
  readonly shelf: Shelf | null
  /** Tells the page's other tabs which entries have changed. */
  readonly tell: (keys: readonly string[]) => void
  /** Asks the browser not to clear the vault when it needs room. */
  readonly persist: () => void
}

/** Changes are shown at once and stored in the order in which they were asked for. */
export interface Keeper {
  /** Reads everything that is stored, and takes over what older versions have left. */
  readonly read: () => void
  /** Reads single entries again, which another tab has changed. */
  readonly refresh: (keys: readonly string[]) => void
  readonly add: (entries: readonly Entry[]) => void
  /** @param ids of runs, or keys of entries that cannot be read @returns what was removed */
  readonly remove: (ids: readonly string[]) => readonly Entry[]
  readonly mark: (runId: string, change: Marks) => void
  /** Every entry that the page knows, also those that it cannot read and those that found no room. */
  readonly entries: () => readonly Entry[]
  /** Resolves when everything that was asked for so far is stored, or cannot be. */
  readonly settled: () => Promise<void>
}

/** Milliseconds that the vault may take to open. */
const patienceMs = 5000

/** @param show draws what has changed */
export function keeper({ vault, shelf, tell, persist }: Storage, show: (change: Partial<KeptState>) => void): Keeper {
  const known = knownEntries()
  /** Keys of entries that are deleted here and not yet in the vault. */
  const leaving = new Set<string>()
  /** Marks that are set here and not yet in the vault. */
  const marks = new Map<string, Marks>()
  const trouble: Trouble = { refused: '', unmarked: '' }
  /** Whether the last run to be stored could not be, though others made room for it. */
  let inVain = false
  let asked = false
  let said = ''
  let work = Promise.resolve()

  const onPage = () => known.all().filter(({ home }) => home === 'page')
  /** A note that was dismissed comes back only where it has changed. */
  const drawNote = () => {
    const note = noteOf(trouble, onPage().map(labelOf))
    if (note !== said) show({ storageNote: note })
    said = note
  }
  const draw = () => {
    const reads = known.all().map(({ read }) => read)
    show({ runs: eachOnce(reads.filter(isRun)), unread: reads.flatMap((read) => (isRun(read) ? [] : [read])) })
    drawNote()
  }
  /** Nothing is lost without a word: what could not be stored stays with the page, and the page says so. */
  const failed = (error: unknown) => {
    trouble.refused = messageOf(error)
    for (const { entry, home } of known.all()) if (home === 'coming') known.move(entry.key, 'page')
    draw()
    show({ runsRead: true })
  }
  const inTurn = (task: (vault: Vault) => Promise<void>) => {
    if (vault) work = work.then(() => task(vault)).catch(failed)
  }
  /** Some browsers never answer. Then the page goes on without the stored runs, and takes them in if they come late. */
  const answered = async <T>(answer: Promise<T>): Promise<T> => {
    const late = setTimeout(() => {
      trouble.refused = `no answer for ${patienceMs / 1000} s`
      show({ runsRead: true })
      drawNote()
    }, patienceMs)
    try {
      return await answer
    } finally {
      clearTimeout(late)
      trouble.refused = ''
      drawNote()
    }
  }
  /** What the vault has, as it is going to be. */
  const present = (entries: readonly Entry[]) =>
    entries
      .filter(({ key }) => !leaving.has(key))
      .map((entry) => {
        const own = marks.get(entry.key)
        return own === undefined ? entry : withMarks(entry, own)
      })

  /** Stores known entries as far as they are stronger than what is there. @returns whether there was room */
  const put = async (to: Vault, keys: readonly string[]): Promise<boolean> => {
    const met: Entry[] = []
    const fits = await hasRoom(
      to.change(keys, (key, there) => {
        const own = known.get(key)?.entry
        if (!own) return there
        const entry = stronger(there, own)
        if (entry !== own) met.push(entry)
        return entry
      }),
    )
    if (!fits) return false
    inVain = false
    trouble.refused = ''
    for (const entry of met) known.hold(entry, 'vault')
    for (const key of keys) known.move(key, 'vault')
    tell(keys)
    if (met.length > 0) draw()
    return true
  }
  const store = async (to: Vault, entries: readonly Entry[]): Promise<void> => {
    const keys = entries.map(({ key }) => key)
    if (await put(to, keys)) {
      await bringBack(to)
      return
    }
    // The newest first, since none may make room for an older one.
    const wanted = keys.flatMap((key) => known.get(key) ?? []).sort((a, b) => atOf(b) - atOf(a))
    for (const one of wanted) if (!(await put(to, [one.entry.key]))) await makeRoom(to, one)
  }
  /** What had to stay with the page is stored as far as there is room by now: the newest first. */
  const bringBack = async (to: Vault) => {
    trouble.refused = ''
    for (const { entry } of onPage().sort((a, b) => atOf(b) - atOf(a))) if (!(await put(to, [entry.key]))) break
    drawNote()
  }
  /** The oldest runs leave one at a time, each after it was named, until the next one has room. */
  const makeRoom = async (to: Vault, next: Known) => {
    const gone: string[] = []
    for (const { entry } of inVain ? [] : mayLeave(known.all(), next)) {
      known.move(entry.key, 'page')
      drawNote()
      if (!(await hasRoom(to.change([entry.key], () => null)))) break
      tell([entry.key])
      gone.push(entry.key)
      if (await put(to, [next.entry.key])) return
    }
    for (const key of gone.reverse()) await put(to, [key])
    inVain = true
    known.move(next.entry.key, 'page')
    drawNote()
  }

  const read = () => {
    if (!vault) show({ runsRead: true })
    inTurn(async (from) => {
      const old = oldRuns(shelf)
      for (const entry of old.entries) known.hold(stronger(known.get(entry.key)?.entry ?? null, entry), 'coming')
      known.meet(present(await answered(from.all())))
      draw()
      show({ runsRead: true })
      if (old.entries.length > 0) await store(from, old.entries)
      else await bringBack(from)
      if (old.entries.every(({ key }) => known.get(key)?.home !== 'page')) old.clear()
    })
  }
  const refresh = (keys: readonly string[]) =>
    inTurn(async (from) => {
      known.meet(present(await from.read(keys)), keys)
      draw()
    })
  const add = (entries: readonly Entry[]) => {
    for (const entry of entries) {
      leaving.delete(entry.key)
      known.hold(stronger(known.get(entry.key)?.entry ?? null, entry), 'coming')
    }
    draw()
    inTurn(async (to) => {
      await store(to, entries)
      if (!asked) persist()
      asked = true
    })
  }
  const remove = (ids: readonly string[]) => {
    const wanted = new Set(ids)
    const gone = known.all().filter(({ entry, read: run }) => wanted.has(isRun(run) ? run.runId : entry.key))
    for (const { entry } of gone) {
      known.drop(entry.key)
      leaving.add(entry.key)
    }
    draw()
    inTurn(async (from) => {
      const keys = gone.map(({ entry }) => entry.key).filter((key) => leaving.delete(key))
      await from.change(keys, () => null)
      tell(keys)
      await bringBack(from)
    })
    return gone.map(({ entry }) => entry)
  }
  const mark = (runId: string, change: Marks) => {
    const found = known.all().filter(({ read: run }) => isRun(run) && run.runId === runId)
    for (const { entry, home, read: run } of found) {
      const { pinned, name, colour } = run as KeptRun
      marks.set(entry.key, { ...marks.get(entry.key), ...change })
      known.hold(withMarks(entry, change), home)
      inTurn((to) => storeMarks(to, entry.key, { pinned, name, colour }))
    }
    draw()
  }
  /** Marks for which there is no room are taken back, and the page says so: a pin would not protect the run. */
  const storeMarks = async (to: Vault, key: string, before: Marks) => {
    const wanted = marks.get(key)
    if (wanted === undefined) return
    try {
      const fits = await hasRoom(to.change([key], (_, there) => there && withMarks(there, wanted)))
      const one = known.get(key)
      trouble.unmarked = fits || !one ? '' : labelOf(one)
      if (!fits && one && marks.get(key) === wanted) known.hold(withMarks(one.entry, before), one.home)
      tell([key])
    } finally {
      if (marks.get(key) === wanted) marks.delete(key)
    }
    draw()
  }
  const entries = () => known.all().map(({ entry }) => entry)
  return { read, refresh, add, remove, mark, entries, settled: () => work }
}

/** Of entries of several versions that are one run, only one: that with more steps, of equal ones the later. */
function eachOnce(runs: readonly KeptRun[]): readonly KeptRun[] {
  const byId = new Map<string, KeptRun>()
  for (const run of runs) {
    const other = byId.get(run.runId)
    if (!other || run.steps > other.steps || (run.steps === other.steps && run.at >= other.at)) byId.set(run.runId, run)
  }
  return [...byId.values()].sort((a, b) => a.at - b.at)
}

async function hasRoom(change: Promise<void>): Promise<boolean> {
  try {
    await change
    return true
  } catch (error) {
    if (isFull(error)) return false
    throw error
  }
}
