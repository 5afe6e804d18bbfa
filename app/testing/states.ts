import { check } from '../../src/config/check'
import { toLink } from '../../src/config/link'
import type { Settings } from '../../src/config/settings'
import { uniform } from '../../src/core/random'
import type { App } from '../store/app'
import { emptyRun, opening } from '../store/run'
import {
  handClasses,
  handCuts,
  handEvaluation,
  handLayers,
  handNoise,
  handOpened,
  handResult,
  handSteps,
} from './events'

const classes = { type: 'classes', counts: handClasses(0.6) } as const

/** Opens the set-up's experiment as the engine would. */
export function openByHand({ store, actions }: App): void {
  const { setup, ui } = store.getState()
  store.setState((s) => ({
    run: opening(s.run, {
      experiment: setup.experiment,
      files: [],
      place: null,
      backend: ui.backend,
      allowSoftware: ui.allowSoftware,
    }),
  }))
  actions.receive({ type: 'opened', opened: handOpened(setup.experiment) })
  actions.receive({ type: 'phase', phase: 'ready', text: 'Ready' })
}

function running(app: App): void {
  openByHand(app)
  const { receive } = app.actions
  const steps = app.store.getState().setup.experiment.training.steps
  const to = Math.round(steps * 0.6)
  receive({ type: 'phase', phase: 'running', text: 'Training and pruning' })
  receive({ type: 'steps', steps: handSteps(0, to), msPerStep: 23.8, secondsLeft: 28 })
  for (let step = 200; step <= to; step += 200) {
    receive({
      type: 'evaluation',
      evaluation: handEvaluation(
        step,
        'periodic',
        0.5 - 0.38 * Math.exp(-step / 400),
        handSteps(step - 1, step)[0]!.sparsity,
      ),
    })
  }
  for (const cut of handCuts(steps, 0.8).filter(({ step }) => step <= to)) receive({ type: 'cut', cut })
  receive(classes)
  receive({ type: 'noise', points: handNoise(), bounds: [0.02] })
  receive({ type: 'layers', layers: handLayers(0.6) })
}

function earlierRuns({ store, actions }: App): void {
  const base = store.getState().setup.experiment
  const results: [string, number, number, number][] = [
    ['dense', 0, 0.472, 0.472],
    ['magnitude', 0.5, 0.455, 0.47],
    ['magnitude', 0.8, 0.38, 0.442],
    ['magnitude', 0.95, 0.21, 0.351],
    ['random', 0.5, 0.36, 0.43],
    ['random', 0.8, 0.22, 0.371],
    ['random', 0.95, 0.12, 0.262],
    ['sevenDyn', 0.5, 0.462, 0.474],
    ['sevenDyn', 0.95, 0.33, 0.391],
  ]
  for (const [method, sparsity, pruned, end] of results) {
    const { experiment } = check({ method, ...(method === 'dense' ? {} : { 'method.sparsity': sparsity }) }, base)
    actions.receive({ type: 'finished', result: handResult(experiment, sparsity, pruned, end) })
  }
  store.setState({ run: emptyRun })
}

/**
 * Six methods at three sparsities over three seeds; some of them end so near to each other that the spread hides the
 * difference.
 */
function manyRuns({ store, actions }: App): void {
  const base = store.getState().setup.experiment
  const methods = [
    { method: 'random' },
    { method: 'magnitude' },
    { method: 'magnitude', 'method.scope': 'layer' },
    { method: 'snip' },
    { method: 'sevenPre' },
    { method: 'sevenDyn' },
  ]
  const result = (settings: Settings, sparsity: number, pruned: number, end: number) => {
    const { experiment } = check(settings, base)
    actions.receive({ type: 'finished', result: handResult(experiment, sparsity, pruned, end) })
  }
  for (const seed of [1, 2, 3]) {
    result({ method: 'dense', seed }, 0, 0.468 + 0.002 * seed, 0.468 + 0.002 * seed)
    methods.forEach((method, place) =>
      [0.5, 0.8, 0.95].forEach((sparsity) => {
        const end =
          0.472
          - (0.19 - 0.03 * place) * sparsity ** 2
          + 0.02 * (uniform(3, seed, 10 * place + Math.round(9 * sparsity)) - 0.5)
        result(
          { ...method, 'method.sparsity': sparsity, seed },
          sparsity,
          end - 0.25 * sparsity ** 2,
          Math.round(2000 * end) / 2000,
        )
      }),
    )
  }
  store.setState({ run: emptyRun })
}

/** States of the page by name. */
export const states: Readonly<Record<string, (app: App) => void>> = {
  empty: () => undefined,
  left({ store }) {
    const { experiment } = store.getState().setup
    const note = { link: toLink(experiment), step: 740, at: Date.now() - 125_000 }
    store.setState({ left: [{ ...note, experiment, recipe: null }] })
  },
  loading(app) {
    openByHand(app)
    app.store.setState((s) => ({ run: { ...s.run, opened: null } }))
    app.actions.receive({ type: 'phase', phase: 'loading', text: 'Loading the data' })
    app.actions.receive({
      type: 'loading',
      progress: { text: 'CIFAR-10 from Hugging Face', bytes: 31e6, bytesTotal: 56e6, rows: 4800, rowsTotal: 10_000 },
    })
  },
  compiling(app) {
    openByHand(app)
    app.store.setState((s) => ({ run: { ...s.run, opened: null } }))
    app.actions.receive({ type: 'phase', phase: 'compiling', text: 'Building the model' })
    app.actions.receive({ type: 'compiling', progress: { text: 'Compiling kernels', done: 34, total: 112 } })
  },
  beforeTask(app) {
    app.actions.openLink('#/v1?start=rotation&start.steps=900')
    openByHand(app)
    app.actions.receive({ type: 'phase', phase: 'scoring', text: 'Before the task: tells how images are turned' })
    const losses = handSteps(0, 300).map(({ step, loss }) => ({ step, loss }))
    app.actions.receive({
      type: 'pretraining',
      progress: { step: 300, steps: 900, losses, msPerStep: 20, secondsLeft: 12 },
    })
  },
  running(app) {
    earlierRuns(app)
    running(app)
  },
  slow(app) {
    running(app)
    app.actions.receive({ type: 'slow', msPerStep: 1840, secondsLeft: 3600 })
  },
  compared(app) {
    manyRuns(app)
    states.finished?.(app)
  },
  finished(app) {
    if (app.store.getState().runs.length === 0) earlierRuns(app)
    running(app)
    const { experiment } = app.store.getState().setup
    app.actions.receive({
      type: 'steps',
      steps: handSteps(1200, experiment.training.steps),
      msPerStep: 23.8,
      secondsLeft: 0,
    })
    app.actions.receive({ type: 'finished', result: handResult(experiment, 0.8, 0.43, 0.457) })
    app.actions.receive({ type: 'phase', phase: 'finished', text: 'Finished' })
  },
  problem(app) {
    app.actions.openLink('#/v1?method=snap&training.steps=-3')
    openByHand(app)
    app.actions.receive({
      type: 'problem',
      problem: {
        what: 'The loss was NaN at step 412; the weights are those of step 411.',
        fix: 'Lower the learning rate (it was 0.5) or raise the warm-up.',
      },
    })
    app.actions.receive({ type: 'phase', phase: 'failed', text: 'Stopped at step 411' })
  },
}
