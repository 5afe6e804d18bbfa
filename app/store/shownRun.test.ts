import { expect, test } from 'vitest'
import { defaultExperiment } from '../../src/config/defaults'
import { runId } from '../../src/config/identity'
import { handClasses, handEvaluation, handFrame, handResult, handSteps } from '../testing/events'
import { handTrainer } from '../testing/handTrainer'
import { openByHand } from '../testing/states'
import { freshRecords, freshVault } from '../testing/vaults'
import { createApp } from './app'
import { isSetUp, shownFrame, shownKept, shownRun } from './shownRun'
import { until } from './until'

const id = (seed: number) => runId({ ...defaultExperiment, seed })

/** Seeds 1 and 2 have run, the latter is open. */
function setUp() {
  const [vault, records] = [freshVault(), freshRecords()]
  const outside = { connect: handTrainer, shelf: null, vault, records, now: () => 5, random: () => 0, search: '' }
  const visit = () => createApp(outside)
  const app = visit()
  app.actions.openLink('#/v1')
  for (const seed of [1, 2]) {
    app.actions.setSeed(seed)
    openByHand(app)
    app.actions.receive({ type: 'steps', steps: handSteps(0, 100 * seed), msPerStep: 1, secondsLeft: 0 })
    for (const step of [1, 50, 100 * seed]) app.actions.receive({ type: 'frame', frame: handFrame(step) })
    const result = handResult(app.store.getState().setup.experiment, 0.8, 0.3, 0.4)
    app.actions.receive({
      type: 'finished',
      result: {
        ...result,
        evaluations: [handEvaluation(50, 'periodic', 0.2 + seed / 100, 0.1), ...result.evaluations],
      },
    })
    app.actions.receive({ type: 'phase', phase: 'finished', text: '' })
  }
  return { ...app, visit, state: () => app.store.getState() }
}

test('a kept run that is picked shows its own curves and layers, also on a later visit', async () => {
  const { actions, state, visit, settled } = setUp()
  expect(shownRun(state()).asked?.experiment.seed).toBe(2)
  actions.pick(id(1))
  await settled()
  const later = visit()
  await later.settled()
  later.actions.pick(id(1))
  for (const now of [state(), later.store.getState()]) {
    const shown = shownRun(now)
    expect([shown.asked?.experiment.seed, shown.opened, isSetUp(now)]).toEqual([1, null, true])
    expect(shown.classes?.counts).toEqual(handClasses(0.8))
    expect(shown.evaluations[0]).toEqual(handEvaluation(50, 'periodic', 0.21, 0.1))
    expect([shown.curve.points.at(-1)?.step, shown.curve.points.length <= 60, shown.cuts.length]).toEqual([
      100,
      true,
      4,
    ])
    expect(shown.layers[0]?.name).toBe('block0/attention/query/weights')
    expect(shownRun(now)).toBe(shown)
  }
  // 0.9 + 1.4 exp(-100 / 500) is 2.05 without noise.
  expect(shownRun(state()).curve.points.at(-1)?.smooth).toBeCloseTo(2.1, 0)
})

test('the open run is preferred to its kept self, and shown again when asked for or the kept one is deleted', () => {
  const { actions, state } = setUp()
  actions.pick(id(2))
  expect([shownKept(state()), shownRun(state()).opened === null]).toEqual([null, false])
  actions.pick(id(1))
  actions.setSeed(7)
  expect([shownKept(state())?.runId, isSetUp(state())]).toEqual([id(1), false])
  actions.backToShown()
  expect([state().setup.experiment.seed, isSetUp(state())]).toEqual([1, true])
  actions.showOpenRun()
  expect([shownRun(state()).asked?.experiment.seed, isSetUp(state())]).toEqual([2, false])
  actions.pick(id(1))
  actions.removeRuns([id(1)])
  expect([state().picked, shownRun(state()).asked?.experiment.seed]).toEqual([null, 2])
})

test('a moment of the shown run shows its layers and classes, also of a kept run on a later visit', async () => {
  const { actions, state, visit, settled } = setUp()
  const now = shownRun(state())
  actions.lookBack(50)
  const past = shownRun(state())
  expect(shownFrame(state())?.step).toBe(50)
  expect([past.layers[0]?.kept, past.classes?.counts]).toEqual([50, handFrame(50).classes])
  expect([past.curve, shownRun(state())]).toEqual([now.curve, past])
  actions.lookBack(null)
  expect(shownRun(state())).toBe(now)

  await settled()
  const later = visit()
  await later.settled()
  later.actions.pick(id(1))
  await until(later.store, (s) => s.pickedRecord ?? undefined)
  later.actions.lookBack(1)
  expect(shownFrame(later.store.getState())?.step).toBe(1)
  // The moment is of that run: another one is shown as it is now.
  later.actions.pick(id(2))
  expect(shownFrame(later.store.getState())).toBeNull()
})
