import { expect, test, vi } from 'vitest'
import { handRun } from '../../testing/handRun'
import { freshVault, refusingVault, smallVault } from '../../testing/vaults'
import { handShelf } from '../../testing/shelf'
import { entryOf, entryVersion, keyOf, type Entry } from './entry'
import { keeper, nothingKept, type KeptState, type Storage } from './keeper'
import { runsKey } from './oldRuns'

/** A page over a vault; `told` are the keys that other tabs would hear of. */
function page(storage: Partial<Storage> = {}) {
  let state: KeptState = nothingKept
  const notes: string[] = []
  const told: string[] = []
  const asked = { times: 0 }
  const kept = keeper(
    {
      vault: freshVault(),
      shelf: null,
      tell: (keys) => told.push(...keys),
      persist: () => (asked.times += 1),
      ...storage,
    },
    (change) => {
      state = { ...state, ...change }
      if (change.storageNote !== undefined) notes.push(change.storageNote)
    },
  )
  return {
    ...kept,
    asked,
    told,
    notes,
    state: () => state,
    seeds: () => state.runs.map((run) => run.experiment.seed),
    keep: (...seeds: number[]) => kept.add(seeds.map((seed) => entryOf(handRun(seed)))),
    opened: async () => {
      kept.read()
      await kept.settled()
    },
  }
}

const idOf = (seed: number) => handRun(seed).runId
const version = entryVersion + 1
const newer: Entry = { key: keyOf(idOf(1), version), id: idOf(1), version, run: { much: 'more' } }
const damaged = { ...handRun(8), end: null }

test('what one page keeps and deletes, the next one finds', async () => {
  const vault = freshVault()
  const first = page({ vault })
  await first.opened()
  expect(first.state()).toEqual({ ...nothingKept, runsRead: true })
  first.keep(1, 2)
  first.keep(3)
  expect(first.seeds()).toEqual([1, 2, 3])
  first.remove([idOf(2)])
  first.mark(idOf(3), { pinned: true })
  await first.settled()
  const next = page({ vault })
  await next.opened()
  expect(next.state()).toEqual({
    runs: [handRun(1), handRun(3, { pinned: true })],
    unread: [],
    runsRead: true,
    storageNote: '',
  })
})

test('asks the browser to let runs last when the first one is kept, once', async () => {
  const { opened, keep, settled, asked } = page()
  await opened()
  expect(asked.times).toBe(0)
  keep(1)
  keep(2)
  await settled()
  expect(asked.times).toBe(1)
})

test('two pages keep runs at once, and neither erases those of the other', async () => {
  const vault = freshVault()
  const [a, b] = [page({ vault }), page({ vault })]
  await Promise.all([a.opened(), b.opened()])
  for (const seed of [1, 2, 3]) {
    a.keep(seed)
    b.keep(10 + seed)
  }
  a.remove([idOf(1)])
  await Promise.all([a.settled(), b.settled()])
  a.refresh(b.told)
  b.refresh(a.told)
  await Promise.all([a.settled(), b.settled()])
  expect([a.seeds(), b.seeds()]).toEqual([
    [2, 3, 11, 12, 13],
    [2, 3, 11, 12, 13],
  ])
})

test('a shorter copy of a run that another page kept does not take its place, and a pin stays', async () => {
  const vault = freshVault()
  const [a, b] = [page({ vault }), page({ vault })]
  await Promise.all([a.opened(), b.opened()])
  a.add([entryOf(handRun(1, { pinned: true }))])
  await a.settled()
  b.add([entryOf(handRun(1, { steps: 3, at: 9000 }))])
  await b.settled()
  expect(b.state().runs).toEqual([handRun(1, { pinned: true })])
  b.add([entryOf(handRun(1, { at: 9000 }))])
  await b.settled()
  expect(await vault.all()).toEqual([entryOf(handRun(1, { at: 9000, pinned: true }))])
})

test('an entry of a newer version survives all that this one does, and is shown', async () => {
  const vault = freshVault()
  await vault.change([newer.key], () => newer)
  const { opened, keep, settled, state, seeds, remove, add } = page({ vault })
  await opened()
  expect(state().unread).toMatchObject([{ key: newer.key, why: expect.stringMatching(/^Another version/) as string }])
  keep(1)
  remove([idOf(1)])
  keep(1)
  await settled()
  expect(seeds()).toEqual([1])
  expect(await vault.read([newer.key])).toEqual([newer])
  // It goes when the reader says so, and comes back as it was.
  const gone = remove([newer.key])
  await settled()
  expect([gone, await vault.read([newer.key])]).toEqual([[newer], []])
  add(gone)
  await settled()
  expect(await vault.read([newer.key])).toEqual([newer])
})

test('takes over what an older version left, once, whatever it is', async () => {
  const vault = freshVault()
  const shelf = handShelf(new Map([[runsKey, JSON.stringify([handRun(1), damaged, 'x', handRun(2)])]]))
  const first = page({ vault, shelf })
  await first.opened()
  expect(first.seeds()).toEqual([1, 2])
  expect(first.state().unread.map(({ name, why }) => [name, why])).toEqual([
    ['sevenDyn, seed 8', 'It is damaged: its end is null.'],
    ['A run', 'It is damaged: it is no run.'],
  ])
  expect(shelf.kept.has(runsKey)).toBe(false)
  expect((await vault.all()).filter(({ version }) => version === 1).map(({ run }) => run)).toEqual(
    expect.arrayContaining([damaged, 'x']),
  )
  first.remove([idOf(1)])
  await first.settled()
  const next = page({ vault, shelf })
  await next.opened()
  expect([next.seeds(), next.state().unread.length]).toEqual([[2], 2])
})

test('a shelf that is no list of runs is taken over as it is', async () => {
  const vault = freshVault()
  const shelf = handShelf(new Map([[runsKey, '[{"runId":']]))
  const { opened, state } = page({ vault, shelf })
  await opened()
  expect([state().unread.length, (await vault.all()).map(({ run }) => run)]).toEqual([1, ['[{"runId":']])
})

test('what finds no room in the vault is not taken off the shelf', async () => {
  const shelf = handShelf(new Map([[runsKey, JSON.stringify([handRun(1), handRun(2)])]]))
  const room = JSON.stringify(entryOf(handRun(2))).length + 10
  const { opened, seeds, state } = page({ vault: smallVault(room), shelf })
  await opened()
  expect(seeds()).toEqual([1, 2])
  expect(state().storageNote).toMatch(/no more room.*seed 1\./)
  expect(shelf.kept.has(runsKey)).toBe(true)
})

test('a full vault gives up the oldest run without a pin, one at a time, after it was named', async () => {
  const each = JSON.stringify(entryOf(handRun(1))).length
  const inner = freshVault()
  const vault = smallVault(3 * each + 20, inner)
  const { opened, keep, mark, settled, seeds, notes, told, state } = page({ vault })
  await opened()
  keep(1)
  keep(2)
  keep(3)
  mark(idOf(1), { pinned: true })
  await settled()
  expect(notes).toEqual([])
  keep(4)
  await settled()
  expect(notes[0]).toMatch(/no more room.*80 %, seed 2\./)
  expect((await inner.all()).map(({ id }) => id).sort()).toEqual([1, 3, 4].map(idOf).sort())
  // The page still has it.
  expect(seeds()).toEqual([1, 2, 3, 4])
  expect(told).toContain(keyOf(idOf(2)))
  keep(5)
  await settled()
  expect(state().storageNote).toMatch(/seed 2; .*seed 3\./)
  expect((await inner.all()).map(({ id }) => id).sort()).toEqual([1, 4, 5].map(idOf).sort())
})

test('where even that makes no room, nothing goes and the new run stays with the page', async () => {
  const inner = freshVault()
  // Space that is freed is not given back, as on a disk that other programs fill.
  const vault = {
    ...inner,
    change: async (...[keys, next]: Parameters<typeof inner.change>) => {
      const added = keys.some((key) => key === keyOf(idOf(9)) && next(key, null) !== null)
      if (added) throw new DOMException('No room.', 'QuotaExceededError')
      await inner.change(keys, next)
    },
  }
  const { opened, keep, settled, seeds, state } = page({ vault })
  await opened()
  keep(1, 2, 3, 4)
  await settled()
  keep(9)
  await settled()
  expect((await inner.all()).map(({ id }) => id).sort()).toEqual([1, 2, 3, 4].map(idOf).sort())
  expect(seeds()).toEqual([1, 2, 3, 4, 9])
  expect(state().storageNote).toMatch(/no more room.*only until you close the page: [^;]*seed 9\./)
})

test('where runs that left cannot even come back, no further ones leave', async () => {
  const inner = freshVault()
  let full = false
  const vault = {
    ...inner,
    change: async (...[keys, next]: Parameters<typeof inner.change>) => {
      if (full && keys.some((key) => next(key, null) !== null)) throw new DOMException('No.', 'QuotaExceededError')
      await inner.change(keys, next)
    },
  }
  const { opened, keep, settled, seeds, state } = page({ vault })
  await opened()
  const all = Array.from({ length: 12 }, (_, i) => i + 1)
  keep(...all.slice(0, 10))
  await settled()
  full = true
  keep(11)
  keep(12)
  await settled()
  // Eight were tried for the first of the two.
  expect((await inner.all()).map(({ id }) => id).sort()).toEqual([9, 10].map(idOf).sort())
  expect(seeds()).toEqual(all)
  expect(state().storageNote).toMatch(/seed 1; .*seed 2; .*seed 3; 7 more\./)
  full = false
  keep(13)
  await settled()
  expect((await inner.all()).length).toBe(13)
  expect(state().storageNote).toBe('')
})

test('pinned runs make no room, and no run for an older one', async () => {
  const each = JSON.stringify(entryOf(handRun(5, { pinned: true }))).length
  const inner = freshVault()
  const { opened, add, keep, settled, state } = page({ vault: smallVault(each + 20, inner) })
  await opened()
  add([entryOf(handRun(5, { pinned: true }))])
  keep(6)
  await settled()
  expect((await inner.all()).map(({ id }) => id)).toEqual([idOf(5)])
  expect(state().storageNote).toMatch(/seed 6\./)
  const old = page({ vault: smallVault(each, freshVault()) })
  await old.opened()
  old.keep(5)
  old.keep(4)
  await old.settled()
  expect(old.state().storageNote).toMatch(/until you close the page: [^;]*seed 4\./)
})

test('a browser that stores nothing says so, and the runs last as long as the page', async () => {
  const { opened, keep, settled, state, seeds, remove, entries } = page({ vault: refusingVault('No databases here.') })
  await opened()
  expect(state()).toMatchObject({
    runsRead: true,
    storageNote: expect.stringMatching(
      /does not store runs for this page \(No databases here\)\. .*Download all runs/,
    ) as string,
  })
  keep(1, 2)
  await settled()
  remove([idOf(1)])
  await settled()
  expect([seeds(), entries().length]).toEqual([[2], 1])
})

test('a shelf of an older version is shown where the vault refuses, and stays where it is', async () => {
  const shelf = handShelf(new Map([[runsKey, JSON.stringify([handRun(1)])]]))
  const { opened, seeds } = page({ vault: refusingVault('No.'), shelf })
  await opened()
  expect([seeds(), shelf.kept.has(runsKey)]).toEqual([[1], true])
})

test('a vault that does not answer is not waited for, and its runs are taken in when they come', async () => {
  vi.useFakeTimers()
  let answer: (entries: readonly Entry[]) => void = () => undefined
  const all = () =>
    new Promise<readonly Entry[]>((resolve) => {
      answer = resolve
    })
  const { read, settled, state, seeds } = page({ vault: { ...freshVault(), all } })
  read()
  await vi.advanceTimersByTimeAsync(4900)
  expect(state()).toEqual(nothingKept)
  await vi.advanceTimersByTimeAsync(200)
  vi.useRealTimers()
  expect(state()).toMatchObject({ runsRead: true, storageNote: expect.stringMatching(/no answer for 5 s/) as string })
  answer([entryOf(handRun(1))])
  await settled()
  expect([seeds(), state().storageNote]).toEqual([[1], ''])
})

test('a vault that answers again is used again', async () => {
  const inner = freshVault()
  let broken = true
  const vault = {
    ...inner,
    change: (...args: Parameters<typeof inner.change>) =>
      broken ? Promise.reject(new Error('The disk is gone.')) : inner.change(...args),
  }
  const { opened, keep, settled, state } = page({ vault })
  await opened()
  keep(1)
  await settled()
  expect(state().storageNote).toMatch(/The disk is gone/)
  broken = false
  keep(2)
  await settled()
  expect(state().storageNote).toBe('')
  expect((await inner.all()).map(({ id }) => id).sort()).toEqual([1, 2].map(idOf).sort())
})

test('a run that is deleted and brought back before the vault has answered is there', async () => {
  const vault = freshVault()
  const { opened, keep, remove, add, settled, seeds } = page({ vault })
  await opened()
  keep(1)
  add(remove([idOf(1)]))
  await settled()
  expect([seeds(), (await vault.all()).length]).toEqual([[1], 1])
})

test('runs that only the page has are stored once others were removed, and the note goes', async () => {
  const each = JSON.stringify(entryOf(handRun(1))).length
  const inner = freshVault()
  const { opened, keep, remove, settled, state } = page({ vault: smallVault(2 * each + 20, inner) })
  await opened()
  keep(1)
  keep(2)
  keep(3)
  await settled()
  expect(state().storageNote).toMatch(/seed 1\./)
  remove([idOf(2)])
  await settled()
  expect([(await inner.all()).map(({ id }) => id).sort(), state().storageNote]).toEqual([[1, 3].map(idOf).sort(), ''])
})

test('the note goes with the runs that it names', async () => {
  const { opened, keep, remove, settled, state } = page({ vault: refusingVault('No.') })
  const full = page({ vault: smallVault(10) })
  await Promise.all([opened(), full.opened()])
  keep(1)
  full.keep(1)
  await Promise.all([settled(), full.settled()])
  full.remove([idOf(1)])
  expect(full.state().storageNote).toBe('')
  // That the browser stores nothing stays true.
  remove([idOf(1)])
  expect(state().storageNote).toMatch(/does not store/)
})

test('runs that came while the vault did not answer are stored when it does', async () => {
  const inner = freshVault()
  let broken = true
  const vault = {
    ...inner,
    change: (...args: Parameters<typeof inner.change>) =>
      broken ? Promise.reject(new Error('The disk is gone.')) : inner.change(...args),
  }
  const { opened, keep, settled, state } = page({ vault })
  await opened()
  keep(1)
  await settled()
  broken = false
  await opened()
  expect([(await inner.all()).map(({ id }) => id), state().storageNote]).toEqual([[idOf(1)], ''])
})

test('a pin for which there is no room is taken back, and the page says so', async () => {
  const inner = freshVault()
  const each = JSON.stringify(entryOf(handRun(1))).length
  const { opened, keep, mark, remove, settled, state } = page({ vault: smallVault(2 * each, inner) })
  await opened()
  keep(1, 2)
  await settled()
  mark(idOf(2), { pinned: true })
  expect(state().runs[1]?.pinned).toBe(true)
  await settled()
  expect(state().runs[1]?.pinned).toBeUndefined()
  expect(state().storageNote).toMatch(
    /^The browser has no room to change the pin, name or colour of this run: .*seed 2\./,
  )
  remove([idOf(1)])
  mark(idOf(2), { pinned: true })
  await settled()
  expect([state().runs[0]?.pinned, state().storageNote]).toEqual([true, ''])
  expect(await inner.all()).toEqual([entryOf(handRun(2, { pinned: true }))])
})

test('of several pins the last one counts, whatever is read meanwhile', async () => {
  const vault = freshVault()
  const { opened, keep, mark, refresh, settled, state } = page({ vault })
  await opened()
  keep(1)
  await settled()
  for (const last of [true, false]) {
    refresh([keyOf(idOf(1))])
    for (const pinned of [last, !last, last]) mark(idOf(1), { pinned })
    refresh([keyOf(idOf(1))])
    await settled()
    expect(state().runs[0]?.pinned).toBe(last)
    expect(await vault.all()).toEqual([entryOf(handRun(1, { pinned: last }))])
  }
})

test('a run that lies there in two versions is one run, and goes as one', async () => {
  const vault = freshVault()
  const old = { ...entryOf(handRun(1, { steps: 3 })), key: keyOf(idOf(1), 1), version: 1 }
  await vault.change([old.key], () => old)
  const { opened, keep, remove, settled, state } = page({ vault })
  await opened()
  keep(1)
  expect(state().runs).toEqual([handRun(1)])
  remove([idOf(1)])
  await settled()
  expect([state().runs, await vault.all()]).toEqual([[], []])
})

test('entries that do not change stay the same runs', async () => {
  const { opened, keep, settled, refresh, state } = page()
  await opened()
  keep(1)
  const [before] = state().runs
  await settled()
  keep(2)
  await settled()
  expect(state().runs[0]).toBe(before)
  refresh([keyOf(idOf(1))])
  await opened()
  expect(state().runs[0]).toBe(before)
})
