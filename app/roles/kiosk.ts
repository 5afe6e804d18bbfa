import type { App } from '../store/app'
import { withPreset } from '../store/presets'
import { isBusy } from '../store/run'

/** What a stand needs of the browser; tests pass their own. */
export interface KioskHost {
  /** Milliseconds. */
  readonly now: () => number
  /** Loads the page anew, if its host can be reached. */
  readonly reload: () => Promise<void>
}

/** A loop of runs that nobody has to look after. */
export interface Kiosk {
  /** Somebody touched the page: it is theirs until they have left it alone. */
  readonly touched: () => void
  /** To be called once a second. */
  readonly tick: () => void
}

/** Milliseconds for which the result of a run is looked at, and a failure. */
export const shownMs = { result: 10_000, failure: 5_000 } as const

/** Milliseconds without any progress after which the engine is given up. */
export const stalledMs = 180_000

/**
 * Runs the presets of the link one after the other, with its method and seed, over and over. A run that fails is
 * followed by the next one; an engine that says nothing any more, by a new page.
 */
export function kioskOf({ store, actions }: App, { now, reload }: KioskHost): Kiosk {
  const { role, setup } = store.getState()
  const own = setup.experiment
  let round = -1
  let mode: 'run' | 'shown' | 'visited' = 'shown'
  let until = now()
  let last = { text: '', at: now() }
  const begin = (next: number) => {
    round = next
    mode = 'run'
    last = { text: '', at: now() }
    const preset = role.kiosk[round % role.kiosk.length] ?? ''
    actions.setRecipe(null)
    actions.setExperiment(withPreset(own, preset))
    actions.dismissProblem()
    actions.setUi({ tab: null, lesson: null, visit: store.getState().ui.visit + 1 })
    void actions.runSetUp()
  }
  const watch = () => {
    const { run, starting } = store.getState()
    const { generation, phase, last: step, loading, compiling } = run
    const text = [generation, phase, step?.step, run.text, loading?.text, compiling?.done].join(' ')
    if (text !== last.text) last = { text, at: now() }
    else if (now() - last.at > stalledMs) {
      last = { text, at: now() }
      void reload()
    }
    const over = !isBusy(run.phase) && !starting && run.phase !== 'ready'
    if (!over || now() - last.at < 1000) return
    mode = 'shown'
    until = now() + (run.phase === 'finished' ? shownMs.result : shownMs.failure)
  }
  return {
    touched: () => {
      mode = 'visited'
      until = now() + 1000 * role.idle
    },
    tick: () => {
      if (mode === 'run') watch()
      else if (now() >= until) begin(mode === 'visited' ? 0 : round + 1)
    },
  }
}
