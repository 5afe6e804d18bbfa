import { expect, test, vi } from 'vitest'

// The store needs no React: whatever imports it here would fail.
vi.mock('react', () => ({}))

import { check } from '../../src/config/check'
import { defaultExperiment } from '../../src/config/defaults'
import { openPreset } from '../../src/config/presets'
import { runId } from '../../src/config/identity'
import type { Trainer, TrainerEvent } from '../../src/core/trainer'
import { handOpened, handResult, handSteps } from '../testing/events'
import { handTrainer } from '../testing/handTrainer'
import { handShelf } from '../testing/shelf'
import { freshVault } from '../testing/vaults'
import { createApp } from './app'
import { possibleRuns } from './queue'
import { isChanged, isOpening } from './state'

/** A trainer that writes down its calls and answers with the events that the engine would send. */
function setUp(answers: Partial<Trainer> = {}, now = () => 5) {
  const calls: string[] = []
  let receive: (event: TrainerEvent) => void = () => undefined
  const phase = (name: Extract<TrainerEvent, { type: 'phase' }>['phase']) =>
    receive({ type: 'phase', phase: name, text: name })
  const spied = (name: keyof Trainer, then: () => void) => () => {
    calls.push(name)
    then()
    return Promise.resolve()
  }
  const trainer: Trainer = {
    ...handTrainer(),
    open: (experiment) => {
      calls.push(`open ${experiment.seed}`)
      receive({ type: 'opened', opened: handOpened(experiment) })
      phase('ready')
      return Promise.resolve()
    },
    start: spied('start', () => phase('running')),
    pause: spied('pause', () => phase('paused')),
    step: spied('step', () => phase('paused')),
    reset: spied('reset', () => phase('ready')),
    stop: spied('stop', () => phase('stopped')),
    cancel: spied('cancel', () => phase('idle')),
    ...answers,
  }
  const connect = vi.fn((listener: (event: TrainerEvent) => void) => {
    receive = listener
    return trainer
  })
  const shelf = handShelf()
  const vault = freshVault()
  const app = createApp({ connect, shelf, vault, now, random: () => 0.25, search: '?backend=wasm&software=1&other=x' })
  return {
    ...app,
    calls,
    connect,
    state: () => app.store.getState(),
    send: (event: TrainerEvent) => app.actions.receive(event),
    shelf,
    vault,
  }
}

test('starts nothing by itself', () => {
  const { connect, state } = setUp()
  expect(connect).not.toHaveBeenCalled()
  expect(state().setup.experiment).toEqual(openPreset('shapes-quick'))
  expect(state().ui).toMatchObject({ backend: 'wasm', allowSoftware: true })
})

test('names what the address asks of the engine and cannot be used', () => {
  const at = (search: string) => {
    const app = createApp({ connect: handTrainer, shelf: null, now: () => 0, random: () => 0, search })
    app.actions.openLink('')
    const { ui, run } = app.store.getState()
    return { backend: ui.backend, allowSoftware: ui.allowSoftware, notes: run.notes }
  }
  expect(at('?backend=foo&software=maybe')).toEqual({
    backend: 'auto',
    allowSoftware: false,
    notes: [
      'backend was foo in the address; it can be auto, webgpu, wasm, cpu, and auto is used.',
      'software was maybe in the address; it can be 0, 1, and 0 is used.',
    ],
  })
  expect(at('?backend=cpu&software')).toEqual({ backend: 'cpu', allowSoftware: true, notes: [] })
  expect(at('?backend=WebAssembly').backend).toBe('wasm')
  expect(at('?software=false')).toEqual({ backend: 'auto', allowSoftware: false, notes: [] })
})

test('Start opens what is not open, then starts; Pause and Start go on without opening', async () => {
  const { actions, calls, state } = setUp()
  await actions.start()
  expect(calls).toEqual(['open 1', 'start'])
  await actions.pause()
  await actions.start()
  expect(calls).toEqual(['open 1', 'start', 'pause', 'start'])
  expect(state().run.phase).toBe('running')
})

test('Start opens anew when the set-up has changed, and says so before', async () => {
  const { actions, calls, state } = setUp()
  await actions.start()
  await actions.stop()
  actions.setKnob('method', 'sparsity', 0.5)
  expect(isChanged(state())).toBe(true)
  actions.setSeed(4)
  await actions.start()
  expect(calls.at(-2)).toBe('open 4')
  expect(isChanged(state())).toBe(false)
  expect(state().run.generation).toBe(2)
})

test('Start after the end runs again from step 0', async () => {
  const { actions, calls, send, state } = setUp()
  await actions.start()
  send({ type: 'steps', steps: handSteps(0, 3), msPerStep: 10, secondsLeft: 1 })
  send({ type: 'finished', result: handResult(defaultExperiment, 0.8, 0.3, 0.4) })
  send({ type: 'phase', phase: 'finished', text: '' })
  await actions.start()
  expect(calls).toEqual(['open 1', 'start', 'reset', 'start'])
  expect(state().run).toMatchObject({ last: null, result: null, evaluations: [] })
  expect(state().runs.map((r) => [r.runId, r.at])).toEqual([[runId(defaultExperiment), 5]])
})

test('Start waits for the phase when the answer to open overtakes its events', async () => {
  let send: (event: TrainerEvent) => void = () => undefined
  const { actions, calls } = setUp({
    open: (experiment) => {
      setTimeout(() => {
        send({ type: 'opened', opened: handOpened(experiment) })
        send({ type: 'phase', phase: 'ready', text: '' })
      }, 5)
      return Promise.resolve()
    },
  })
  send = actions.receive
  await actions.start()
  expect(calls).toEqual(['start'])
})

test('an opening that fails is not started', async () => {
  let send: (event: TrainerEvent) => void = () => undefined
  const { actions, calls, state } = setUp({
    open: () => {
      send({ type: 'problem', problem: { what: 'No network.', fix: 'Try again.' } })
      send({ type: 'phase', phase: 'failed', text: '' })
      return Promise.resolve()
    },
  })
  send = actions.receive
  await actions.start()
  expect(calls).toEqual([])
  expect(state().run.problem).toEqual({ what: 'No network.', fix: 'Try again.' })
})

test('a run that is open and about to begin can be given up, and nothing else begins meanwhile', async () => {
  const answers: (() => void)[] = []
  const { actions, calls, state, send } = setUp({
    // The engine tells that it is ready before it answers.
    open: () => {
      send({ type: 'phase', phase: 'ready', text: '' })
      return new Promise<void>((resolve) => answers.push(resolve))
    },
    cancel: () => Promise.resolve(),
  })
  const begun = actions.start()
  expect([state().run.phase, isOpening(state())]).toEqual(['ready', true])
  await actions.cancel()
  answers[0]!()
  await begun
  expect([calls, isOpening(state())]).toEqual([[], false])
  const again = actions.start()
  expect(isOpening(state())).toBe(true)
  answers[1]?.()
  await again
  await vi.waitFor(() => expect([calls.at(-1), isOpening(state())]).toEqual(['start', false]))
})

test('a trainer that throws becomes a problem', async () => {
  const { actions, state } = setUp({ open: () => Promise.reject(new Error('worker gone')) })
  await actions.start()
  expect(state().run.phase).toBe('failed')
  expect(state().run.problem?.what).toContain('worker gone')
})

test('a comparison goes on after a method that does not open, and ends where opening is cancelled', async () => {
  const opened: string[] = []
  const opening = async (refused: string, then: 'failed' | 'idle') => {
    let send: (event: TrainerEvent) => void = () => undefined
    const phase = (name: 'failed' | 'idle' | 'ready' | 'finished') => send({ type: 'phase', phase: name, text: '' })
    const { actions, state } = setUp({
      open: ({ method: { id } }) => {
        opened.push(id)
        phase(id === refused ? then : 'ready')
        return Promise.resolve()
      },
      start: () => {
        phase('finished')
        return Promise.resolve()
      },
    })
    send = actions.receive
    actions.setRecipe({
      methods: ['dense', 'snip', 'random'].map((id) => ({ id, knobs: {} })),
      sparsities: [0.5],
      seeds: [1],
    })
    await actions.compare()
    return [opened.splice(0), state().comparing.queue?.state, state().comparing.queue?.failed.length]
  }
  expect(await opening('snip', 'failed')).toEqual([['dense', 'snip', 'random'], 'finished', 1])
  expect(await opening('snip', 'idle')).toEqual([['dense', 'snip'], 'stopped', 0])
})

test('a new seed opens only where a run is open, and never in the place of one that is paused', async () => {
  const { actions, calls, state } = setUp()
  await actions.redraw()
  // 0.25 of 2^31 seeds.
  expect(state().setup.experiment.seed).toBe(536870912)
  expect(calls).toEqual([])
  await actions.step()
  actions.setSeed(3)
  await actions.redraw()
  expect([calls, isChanged(state())]).toEqual([['open 536870912', 'step'], false])
  await actions.stop()
  await actions.redraw()
  expect(calls.slice(2)).toEqual(['stop', 'open 536870912'])
})

/** A comparison of dense and SNIP whose first run is going; `end` ends the run under way. */
async function comparing() {
  const app = setUp()
  app.actions.setRecipe({ methods: ['dense', 'snip'].map((id) => ({ id, knobs: {} })), sparsities: [0.5], seeds: [1] })
  const all = app.actions.compare()
  await vi.waitFor(() => {
    expect(app.state().run.phase).toBe('running')
  })
  const end = () => {
    app.send({ type: 'finished', result: handResult(app.state().run.asked!.experiment, 0.5, 0.3, 0.4) })
    app.send({ type: 'phase', phase: 'finished', text: '' })
  }
  return { ...app, all, end, queue: () => app.state().comparing.queue }
}

test('a comparison is paused and goes on with the same run; nothing else takes the engine meanwhile', async () => {
  const { actions, calls, state, all, end, queue } = await comparing()
  actions.setKnob('method', 'sparsity', 0.3)
  const before = state().run
  await actions.pause()
  expect([queue()?.state, state().run.phase, before.asked?.place]).toEqual(['paused', 'paused', { run: 1, of: 2 }])
  for (const other of [actions.step, actions.reset, actions.redraw, actions.compare, actions.retry]) await other()
  expect(calls).toEqual(['open 1', 'start', 'pause'])
  await actions.start()
  expect([calls.slice(3), state().run.generation, queue()?.state]).toEqual([['start'], before.generation, 'running'])
  end()
  await vi.waitFor(() => {
    expect(state().run.asked?.place).toEqual({ run: 2, of: 2 })
  })
  await vi.waitFor(() => {
    expect(state().run.phase).toBe('running')
  })
  end()
  await all
  expect([queue()?.state, state().runs.length]).toEqual(['finished', 2])
})

test('a comparison that is paused at the last step of a run begins no other one', async () => {
  const { actions, calls, state, all, end, queue } = await comparing()
  const paused = actions.pause()
  end()
  await paused
  expect([queue()?.state, state().run.asked?.place?.run]).toEqual(['paused', 1])
  expect(calls.filter((call) => call.startsWith('open'))).toHaveLength(1)
  await actions.stop()
  await all
  expect([queue()?.state, state().runs.length]).toEqual(['stopped', 1])
})

test('the set-up is run in the place of a comparison, and of a run, which are stopped first', async () => {
  const { actions, calls, state, all, queue } = await comparing()
  actions.setSeed(9)
  await actions.runSetUp()
  await all
  expect([queue()?.state, calls]).toEqual(['stopped', ['open 1', 'start', 'stop', 'open 9', 'start']])
  expect(state().run.asked).toMatchObject({ place: null, experiment: { seed: 9 } })
  actions.setSeed(10)
  await actions.start()
  expect(calls).toHaveLength(5)
  await actions.runSetUp()
  expect(calls.slice(5)).toEqual(['stop', 'open 10', 'start'])
})

test('Stop while a run gives way to the set-up stops both: the set-up does not begin after it', async () => {
  let letGo = () => {}
  const ending = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const { actions, calls, state, send } = setUp({
    stop: async () => {
      await ending
      send({ type: 'phase', phase: 'stopped', text: 'Stopped' })
    },
  })
  await actions.start()
  actions.setSeed(9)
  const giving = actions.runSetUp()
  const stopping = actions.stop()
  letGo()
  await Promise.all([giving, stopping])
  expect([state().run.phase, calls]).toEqual(['stopped', ['open 1', 'start']])
})

test('Cancel while a run gives way to the set-up is about the set-up, too', async () => {
  let letGo = () => {}
  const ending = new Promise<void>((resolve) => {
    letGo = resolve
  })
  let openings = 0
  const { actions, calls, send } = setUp({
    open: () => {
      openings++
      send({ type: 'phase', phase: 'loading', text: 'Loading' })
      return ending
    },
    cancel: async () => {
      await ending
      send({ type: 'phase', phase: 'idle', text: 'Cancelled' })
    },
  })
  const starting = actions.start()
  const giving = actions.runSetUp()
  const cancelling = actions.cancel()
  letGo()
  await Promise.all([starting, giving, cancelling])
  expect([openings, calls]).toEqual([1, []])
})

test('a comparison that is set up while a run is paused stops and keeps that run first', async () => {
  const { actions, calls, state } = setUp()
  await actions.start()
  await actions.pause()
  actions.setRecipe({ methods: [{ id: 'dense', knobs: {} }], sparsities: [0.5], seeds: [1] })
  void actions.compare()
  await vi.waitFor(() => {
    expect(state().run.asked?.place).toEqual({ run: 1, of: 1 })
  })
  expect(calls.slice(2, 5)).toEqual(['pause', 'stop', 'open 1'])
})

test('a comparison waits until it is known what is kept, and makes none of that again', async () => {
  const { actions, calls, state } = setUp()
  actions.setRecipe({ methods: ['dense', 'snip'].map((id) => ({ id, knobs: {} })), sparsities: [0.5], seeds: [1] })
  const [dense] = possibleRuns(state().comparing.recipe!, state().setup.experiment, [])
  expect(state().runsRead).toBe(false)
  actions.receive({ type: 'finished', result: handResult(dense!.experiment, 0, 0.3, 0.4) })
  void actions.compare()
  expect(calls).toEqual([])
  await vi.waitFor(() => {
    expect(state().run.asked?.place).toEqual({ run: 2, of: 2 })
  })
})

test.each(['start', 'stop', 'step', 'retry'] as const)(
  'a comparison that still waits for kept runs gives way to %s',
  async (then) => {
    const { actions, calls, state, settled } = setUp()
    actions.setRecipe({ methods: [{ id: 'dense', knobs: {} }], sparsities: [0.5], seeds: [1] })
    expect(state().runsRead).toBe(false)
    const all = actions.compare()
    await actions[then]()
    const before = [...calls]
    await settled()
    await all
    expect([calls, state().comparing.queue]).toEqual([before, null])
  },
)

test('Start and One step go on with a paused run, whatever is set up by then', async () => {
  const { actions, calls } = setUp()
  await actions.start()
  await actions.pause()
  actions.setSeed(4)
  await actions.step()
  await actions.start()
  expect(calls).toEqual(['open 1', 'start', 'pause', 'step', 'start'])
})

test('trying again trains what failed, whatever is set up by then', async () => {
  const { actions, calls, send } = setUp()
  await actions.start()
  send({ type: 'phase', phase: 'failed', text: '' })
  actions.setSeed(4)
  await actions.retry()
  expect(calls).toEqual(['open 1', 'start', 'open 1', 'start'])
})

test.each(['stop', 'compare', 'handOver', 'continueLeft'] as const)(
  '%s ends a request whose run is open and has no step yet',
  async (next) => {
    const { actions, state } = setUp({ start: () => new Promise(() => {}) })
    void actions.start()
    await vi.waitFor(() => expect([state().run.phase, isOpening(state())]).toEqual(['ready', true]))
    // Whatever it opens stays at its beginning.
    void actions[next]('#/v1?compare.methods=dense&compare.sparsities=0.5&compare.seeds=1')
    expect(state().starting).toBe(false)
  },
)

test('knobs are brought into range and data brings a model that can read it', () => {
  const { actions, state } = setUp()
  actions.setKnob('method', 'sparsity', 700)
  expect(state().setup.experiment.method.values.sparsity).toBe(0.99)
  expect(state().setup.adjusted).toEqual(['method.sparsity was 700; the largest allowed value 0.99 is used.'])
  actions.setKnob('method', 'sparsity', 0.5)
  expect(state().setup.adjusted).toEqual([])
  actions.choose('data', 'sst2')
  expect(state().setup.experiment.model.id).toBe('miniBert')
  actions.openLink('#/v1?method=snap&seed=-4')
  expect(state().setup.notes).toHaveLength(2)
  expect(state().setup.experiment).toMatchObject({ seed: 0, method: { id: 'sevenDyn' } })
  actions.dismissNotes()
  expect(state().setup.notes).toEqual([])
})

test('JSON of an experiment or of a saved run is opened; what it cannot mean is told, no JSON is a problem', () => {
  const { actions, state } = setUp()
  const file = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
  const { experiment } = check({ method: 'snip', seed: 7 }, defaultExperiment)
  expect(actions.openJson(file(experiment))).toEqual({ problem: null, said: '' })
  expect(state().setup).toMatchObject({ experiment, notes: [] })
  const result = handResult({ ...experiment, seed: 8 }, 0.5, 0.1, 0.2)
  expect(actions.openJson(file(result))).toEqual({ problem: null, said: 'The run is kept, and shown.' })
  expect([state().picked, state().runs.map((run) => run.experiment.seed)]).toEqual([result.runId, [8]])
  expect(state().setup).toMatchObject({ experiment: { seed: 8, method: { id: 'snip' } }, notes: [] })
  expect(actions.openJson(file({ method: 'snap' })).problem).toBeNull()
  expect(state().setup.notes).toEqual(['method was snap, which does not exist; sevenDyn is used.'])
  expect(actions.openJson(file('{"seed": 9')).problem?.what).toMatch(/^The file is not JSON: /)
  expect(state().setup.experiment.seed).toBe(1)
})

test('a link shows its comparison, not what an older one came to', async () => {
  const { actions, state } = setUp({ open: () => Promise.reject(new Error('worker gone')) })
  actions.openLink('#/v1?compare.methods=dense&compare.sparsities=0.5&compare.seeds=1')
  await actions.compare()
  actions.setUi({ family: 'another' })
  expect(state().comparing.queue?.state).toBe('finished')
  actions.openLink('#/v1?seed=3&compare.methods=snip&compare.sparsities=0.5&compare.seeds=1')
  expect(state().comparing).toMatchObject({ recipe: { methods: [{ id: 'snip' }] }, queue: null })
  expect(state().setup.experiment.seed).toBe(3)
  expect(state().ui.family).toBeNull()
  actions.openLink('#/v1?seed=4')
  expect(state().comparing.recipe).toBeNull()
})

test('a sanity check that the method cannot take is refused with the reason', () => {
  const { actions, state } = setUp()
  actions.choose('method', 'combination')
  actions.setKnob('method', 'check', 'shuffle')
  expect(state().setup.experiment.method.values.check).toBe('none')
  expect(state().setup.adjusted).toEqual([
    expect.stringMatching(/^method\.check was shuffle; Your own as it is set .*nothing is checked\.$/),
  ])
  actions.dismissNotes()
  expect(state().setup.adjusted).toEqual([])
})

test('runs and preferences survive a visit', async () => {
  const { actions, send, shelf, vault, settled } = setUp()
  send({ type: 'finished', result: handResult(defaultExperiment, 0.8, 0.3, 0.4) })
  send({ type: 'finished', result: handResult({ ...defaultExperiment, seed: 2 }, 0.8, 0.3, 0.4) })
  actions.setUi({ theme: 'dark', pauseHidden: true, mapMode: 'gradient' })
  await settled()
  const visit = createApp({ connect: handTrainer, shelf, vault, now: () => 0, random: () => 0, search: '' })
  expect(visit.store.getState().runsRead).toBe(false)
  await visit.settled()
  expect(visit.store.getState().runs).toHaveLength(2)
  expect(visit.store.getState().ui).toMatchObject({
    theme: 'dark',
    pauseHidden: true,
    mapMode: 'gradient',
    backend: 'auto',
  })
})

test('a map mode that nobody knows any more is forgotten', () => {
  const { shelf } = setUp()
  shelf.setItem('pruning-playground/map-mode', 'heat')
  const visit = createApp({ connect: handTrainer, shelf, now: () => 0, random: () => 0, search: '' })
  expect(visit.store.getState().ui.mapMode).toBe('class')
})

test('deletes the runs that are named, no others, and brings the last ones back in their order', async () => {
  const clock = [1, 2, 3]
  const { actions, send, state, vault, settled } = setUp({}, () => clock.shift() ?? 9)
  const id = (seed: number) => runId({ ...defaultExperiment, seed })
  const seeds = () => state().runs.map((run) => run.experiment.seed)
  const stored = async () => {
    await settled()
    return (await vault.all()).length
  }
  for (const seed of [1, 2, 3])
    send({ type: 'finished', result: handResult({ ...defaultExperiment, seed }, 0.8, 0.3, 0.4) })
  actions.removeRuns([id(1), id(2)])
  expect([seeds(), await stored(), state().removed.length]).toEqual([[3], 1, 2])
  actions.bringBackRuns()
  expect([seeds(), await stored(), state().removed]).toEqual([[1, 2, 3], 3, []])
  actions.removeRuns([id(1)])
  actions.removeRuns([id(3)])
  actions.bringBackRuns()
  expect(seeds()).toEqual([2, 3])
})

test('all runs go into one file, and come back from it on another browser', async () => {
  const from = setUp()
  const to = setUp()
  for (const seed of [1, 2])
    from.send({ type: 'finished', result: handResult({ ...defaultExperiment, seed }, 0.8, 0.3, 0.4) })
  from.actions.markRun(runId({ ...defaultExperiment, seed: 2 }), { pinned: true })
  const file = new TextEncoder().encode(from.actions.runsFile())
  expect(to.actions.openJson(file)).toEqual({ problem: null, said: '2 runs added.' })
  expect(to.state().runs).toEqual(from.state().runs)
  await to.settled()
  await from.settled()
  expect(await to.vault.all()).toEqual(await from.vault.all())
  expect(to.actions.openJson(file)).toEqual({
    problem: null,
    said: '0 runs added. 2 runs of the file were here already.',
  })
  // It says nothing of an experiment.
  expect(to.state().setup.experiment).toEqual(openPreset('shapes-quick'))
})

test('notes are kept once, steps make the curve, and opening forgets the run before', async () => {
  const { actions, send, state } = setUp()
  await actions.start()
  send({ type: 'note', text: 'a' })
  send({ type: 'note', text: 'a' })
  send({ type: 'steps', steps: handSteps(0, 3), msPerStep: 10, secondsLeft: 1 })
  expect(state().run).toMatchObject({ notes: ['a'], msPerStep: 10, last: { step: 3 } })
  expect(state().run.curve.points).toHaveLength(3)
  await actions.stop()
  await actions.redraw()
  expect(state().run).toMatchObject({ notes: [], last: null })
})
