import { expect, test } from 'vitest'
import { defaultExperiment } from '../../src/config/defaults'
import { sparsityOf } from '../../src/config/comparison'
import { handResult } from '../testing/events'
import { addRun, isComplete, keep, mostRuns, saveRuns, sharedRuns, type KeptRun } from './runs'
import { shelfOf, type Shelf } from './shelf'

/** What a page that opens now finds on the shelf. */
const load = (shelf: Shelf | null) => sharedRuns(shelf).read()

function memory(limit = Infinity): Shelf & { text: string | null } {
  return {
    text: null,
    getItem() {
      return this.text
    },
    setItem(_, value) {
      if (value.length > limit) throw new DOMException('full', 'QuotaExceededError')
      this.text = value
    },
  }
}

function run(seed: number, changes: Partial<KeptRun> = {}): KeptRun {
  const kept = keep(handResult({ ...defaultExperiment, seed }, 0.75, 0.3, 0.4), 1000 + seed)!
  return { ...kept, ...changes }
}

test('keeps the two points of a result', () => {
  const kept = run(1)
  expect([kept.pruned?.accuracy, kept.end.accuracy]).toEqual([0.3, 0.4])
  // 32,768 of 131,072 weights are left.
  expect(sparsityOf(kept)).toBe(0.75)
  expect(isComplete(kept)).toBe(true)
  expect(isComplete({ ...kept, steps: kept.steps - 1 })).toBe(false)
})

test('a result without an end is not kept', () => {
  expect(keep({ ...handResult(defaultExperiment, 0.5, 0, 0), evaluations: [] }, 0)).toBeNull()
})

test('comes back from the shelf as it was', () => {
  const shelf = memory()
  const runs = [run(1), run(2, { pruned: null })]
  expect(saveRuns(shelf, runs)).toBe(2)
  expect(load(shelf)).toEqual(runs)
})

test.each(['not json', '{}', 'null', '[null, 1, "x", {}]', '[{"runId":"x"}]'])(
  'reads nothing from %s and does not throw',
  (text) => {
    expect(load({ ...memory(), getItem: () => text })).toEqual([])
  },
)

test('leaves out entries that are broken in one place and keeps the others', () => {
  const good = run(1)
  const { experiment } = good
  const broken: unknown[] = [
    { ...good, end: null },
    { ...good, kept: 'many' },
    { ...good, measures: { int8: 'good' } },
    { ...good, layers: [1] },
    { ...good, backend: 3 },
    { ...good, experiment: { ...experiment, method: { id: 'gone', values: {} } } },
    { ...good, experiment: { ...experiment, training: null } },
    { ...good, experiment: { ...experiment, data: { id: 'cifar10', values: null } } },
  ]
  expect(load({ ...memory(), getItem: () => JSON.stringify([...broken, good]) })).toEqual([good])
})

test('a shelf that throws costs nothing but the memory', () => {
  expect(
    shelfOf(() => {
      throw new Error('denied')
    }),
  ).toBeNull()
  expect(load(null)).toEqual([])
  expect(saveRuns(null, [run(1)])).toBe(0)
  const forbidden: Shelf = {
    getItem: () => {
      throw new Error('denied')
    },
    setItem: () => {
      throw new Error('denied')
    },
  }
  expect(load(forbidden)).toEqual([])
  expect(saveRuns(forbidden, [run(1)])).toBe(0)
})

test('a full shelf gives up the oldest runs', () => {
  const runs = [1, 2, 3, 4].map((seed) => run(seed))
  const shelf = memory(JSON.stringify(runs.slice(2)).length)
  expect(saveRuns(shelf, runs)).toBe(2)
  expect(load(shelf).map((r) => r.experiment.seed)).toEqual([3, 4])
})

test('runs that find no room stay with the page, once each', () => {
  const seeds = (runs: readonly KeptRun[]) => runs.map((r) => r.experiment.seed)
  const shelf = memory(JSON.stringify([run(1), run(2)]).length)
  const shared = sharedRuns(shelf)
  // Two fit: with three, the older half (2 of 3, rounded up) goes; with four, 2.
  for (const seed of [1, 2, 3, 4]) shared.change((runs) => addRun(runs, run(seed)))
  expect([seeds(shared.read()), seeds(load(shelf))]).toEqual([
    [1, 2, 3, 4],
    [3, 4],
  ])
  saveRuns(shelf, [run(2), run(4)])
  expect(seeds(shared.read())).toEqual([1, 2, 4])
  const alone = sharedRuns(null)
  for (const seed of [1, 2]) alone.change((runs) => addRun(runs, run(seed)))
  expect(seeds(alone.read())).toEqual([1, 2])
})

test('is bounded, replaces a run by its newer self, and never a further one by a shorter one', () => {
  let runs: readonly KeptRun[] = []
  for (let seed = 0; seed < mostRuns + 5; seed++) runs = addRun(runs, run(seed))
  expect(runs).toHaveLength(mostRuns)
  expect(runs[0]!.experiment.seed).toBe(5)
  const again = run(7, { seconds: 1 })
  expect(addRun(runs, again).at(-1)).toBe(again)
  expect(addRun(runs, again)).toHaveLength(mostRuns)
  expect(addRun(runs, { ...again, steps: 3 })).toBe(runs)
})
