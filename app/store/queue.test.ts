import { expect, test } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { check } from '../../src/config/check'
import { noRole } from '../../src/config/role'
import { defaultExperiment } from '../../src/config/defaults'
import type { Recipe } from '../../src/config/recipe'
import { handResult } from '../testing/events'
import {
  isKept,
  pauseQueue,
  possibleRuns,
  queueSecondsLeft,
  resumeQueue,
  runQueue,
  stopQueue,
  type Ending,
  type Train,
} from './queue'
import { ownFiles } from './ownFiles'
import { emptyRun } from './run'
import { nothingKept } from './kept/keeper'
import { keep } from './runs'
import { initialSetup } from './setup'
import type { AppState } from './state'
import { initialUi } from './ui'

/** Dense, then SNIP at 50 and 75 %, for seeds 1 and 2: six runs. */
const recipe: Recipe = {
  methods: [
    { id: 'dense', knobs: {} },
    { id: 'snip', knobs: {} },
  ],
  sparsities: [0.5, 0.75],
  seeds: [1, 2],
}

function setUp(
  endings: (seed: number, sparsity: number, mayStart: () => Promise<boolean>) => Ending | Promise<Ending> = () =>
    'finished',
) {
  const store = createStore<AppState>()(() => ({
    weights: [],
    setup: initialSetup,
    role: noRole,
    run: { ...emptyRun, problem: { what: 'No memory.', fix: 'Close something.' } },
    ...nothingKept,
    runsRead: true,
    removed: [],
    past: null,
    pointed: { chart: null, map: null, followed: null },
    pickedRecord: null,
    recording: null,
    tried: null,
    picked: null,
    starting: false,
    left: [],
    elsewhere: [],
    ui: initialUi,
    comparing: { recipe, queue: null },
  }))
  const trained: string[] = []
  let clock = 0
  const train: Train = async ({ experiment, files }, mayStart) => {
    const sparsity = Number(experiment.method.values.sparsity ?? 0)
    trained.push(`${experiment.seed} ${sparsity}`)
    clock += 4000
    const ending = await endings(experiment.seed, sparsity, mayStart)
    const run = keep(handResult(experiment, sparsity, 0.1, 0.2), 0, ownFiles(experiment, files))
    if (ending === 'finished' && run) store.setState((s) => ({ runs: [...s.runs, run] }))
    return ending
  }
  return {
    store,
    trained,
    queue: () => store.getState().comparing.queue!,
    run: () => runQueue(store, train, () => clock),
    pass: (ms: number) => (clock += ms),
  }
}

test('makes every run once, seed by seed, and says what it took', async () => {
  const { trained, queue, run } = setUp()
  await run()
  expect(trained).toEqual(['1 0', '1 0.5', '1 0.75', '2 0', '2 0.5', '2 0.75'])
  expect(queue()).toMatchObject({ state: 'finished', current: null, made: 6, seconds: 24, failed: [] })
})

test('does not make again what is kept', async () => {
  const { trained, queue, run } = setUp()
  await run()
  trained.length = 0
  await run()
  expect(trained).toEqual([])
  expect(queue()).toMatchObject({ state: 'finished', made: 0 })
})

test('a run is there when it did all its steps', () => {
  const kept = keep(handResult(defaultExperiment, 0.5, 0, 0), 0)!
  expect(isKept([kept], { runId: kept.runId, experiment: defaultExperiment })).toBe(true)
  expect(isKept([{ ...kept, steps: 3 }], { runId: kept.runId, experiment: defaultExperiment })).toBe(false)
})

test('makes the runs of each set of own files once, and keeps those of other files', async () => {
  const { store, trained, queue, run } = setUp()
  const { experiment } = check({ data: 'dropped' }, defaultExperiment)
  const file = (text: string) => new File([text], 'own.csv', { lastModified: 7 })
  const choose = (...files: readonly File[]) => store.setState({ setup: { ...initialSetup, experiment, files } })
  const made = () => queue().runs.filter((planned) => isKept(store.getState().runs, planned)).length
  choose(file('text,label'))
  const ended = run()
  // The queue goes on with the files that it began with.
  choose(file('another,table'))
  await ended
  expect([trained.length, made(), store.getState().runs.length]).toEqual([6, 6, 6])
  await run()
  expect([trained.length, made(), store.getState().runs.length]).toEqual([12, 6, 12])
  choose(file('text,label'))
  await run()
  expect([trained.length, made()]).toEqual([12, 6])
})

test('goes on after a run whose training failed or that did not open, and tells why', async () => {
  const broken = setUp((seed, sparsity) => (seed === 1 && sparsity === 0.5 ? 'failed' : 'finished'))
  await broken.run()
  expect(broken.trained).toHaveLength(6)
  expect(broken.queue()).toMatchObject({ state: 'finished', made: 5, failed: [{ why: 'No memory.' }] })
  const closed = setUp((_, sparsity) => (sparsity > 0 ? 'unopened' : 'finished'))
  await closed.run()
  expect(closed.trained).toEqual(['1 0', '1 0.5', '1 0.75', '2 0', '2 0.5', '2 0.75'])
  expect(closed.queue()).toMatchObject({ state: 'finished', made: 2, current: null })
  expect(closed.queue().failed).toHaveLength(4)
})

test('ends where two methods in a row do not open', async () => {
  const { trained, queue, run } = setUp(() => 'unopened')
  await run()
  expect(trained).toEqual(['1 0', '1 0.5'])
  expect(queue()).toMatchObject({ state: 'stopped', made: 0, current: null })
})

test('leaves out a method that is known to refuse the data', () => {
  const asked: Recipe = {
    ...recipe,
    methods: [
      { id: 'scop', knobs: {} },
      { id: 'snip', knobs: {} },
    ],
  }
  const methods = (data: string) => [
    ...new Set(
      possibleRuns(asked, check({ data }, defaultExperiment).experiment, []).map((run) => run.experiment.method.id),
    ),
  ]
  expect([methods('phrases'), methods('shapes')]).toEqual([['snip'], ['scop', 'snip']])
})

test('ends when it is stopped or somebody takes the engine, and goes on from there when asked', async () => {
  let taken = true
  const { trained, queue, run } = setUp((seed, sparsity) =>
    taken && seed === 1 && sparsity === 0.75 ? 'taken' : 'finished',
  )
  await run()
  expect(queue()).toMatchObject({ state: 'stopped', made: 2 })
  taken = false
  trained.length = 0
  await run()
  expect(trained).toEqual(['1 0.75', '2 0', '2 0.5', '2 0.75'])
})

test('is one at a time, and stops between runs', async () => {
  let go: (ending: Ending) => void = () => undefined
  const { store, trained, queue, run } = setUp(
    () =>
      new Promise((resolve) => {
        go = resolve
      }),
  )
  const first = run()
  await run()
  expect(trained).toEqual(['1 0'])
  expect(queue().state).toBe('running')
  stopQueue(store)
  go('taken')
  await first
  expect(queue()).toMatchObject({ state: 'stopped', current: null })
})

test('while it is paused no run begins, and its pause counts for nothing', async () => {
  const { store, trained, queue, run, pass } = setUp((seed, sparsity) => {
    if (seed === 1 && sparsity === 0) pauseQueue(store, pass(0))
    return 'finished'
  })
  const all = run()
  await new Promise((done) => {
    setTimeout(done, 0)
  })
  expect([trained, queue().state, queue().current]).toEqual([['1 0'], 'paused', null])
  resumeQueue(store, pass(60_000))
  await all
  expect([trained.length, queue().state, queue().seconds]).toEqual([6, 'finished', 24])
})

test(
  'a run that opens while it is paused waits for the end of the pause, '
    + 'and is not begun where that is the end of all',
  async () => {
    const asked: Promise<boolean>[] = []
    const { store, run, queue } = setUp(async (_, __, mayStart) => {
      if (asked.length === 0) pauseQueue(store, 0)
      asked.push(mayStart())
      return (await asked.at(-1)) ? 'finished' : 'taken'
    })
    const all = run()
    await new Promise((done) => {
      setTimeout(done, 0)
    })
    expect([asked.length, queue().state]).toEqual([1, 'paused'])
    resumeQueue(store, 0)
    expect(await asked[0]).toBe(true)
    await all
    expect([queue().state, queue().made]).toEqual(['finished', 6])

    const stopped = setUp(async (_, __, mayStart) => {
      pauseQueue(stopped.store, 0)
      const may = mayStart()
      stopQueue(stopped.store)
      return (await may) ? 'finished' : 'taken'
    })
    await stopped.run()
    expect([stopped.trained, stopped.queue().state]).toEqual([['1 0'], 'stopped'])
  },
)

test('time left is the run under way and the mean of the runs made for each that waits', () => {
  const queue = {
    state: 'running',
    runs: [],
    link: null,
    current: 'x',
    failed: [],
    made: 2,
    seconds: 30,
    pausedAt: null,
    waited: 0,
  } as const
  // 15 s a run; four to make, one of them under way with 5 s left: 5 + 3 * 15.
  expect(queueSecondsLeft(queue, 4, { msPerStep: 10, secondsLeft: 5, steps: 100 })).toBe(50)
  // Nothing made yet: 10 ms * 100 steps = 1 s each.
  expect(queueSecondsLeft({ ...queue, made: 0, seconds: 0 }, 4, { msPerStep: 10, secondsLeft: 0.5, steps: 100 })).toBe(
    3.5,
  )
  expect(
    queueSecondsLeft({ ...queue, made: 0, seconds: 0 }, 4, { msPerStep: 0, secondsLeft: 0, steps: 100 }),
  ).toBeNull()
})
