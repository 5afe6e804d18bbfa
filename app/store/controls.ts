import type { StoreApi } from 'zustand/vanilla'
import type { Commands } from './commands'
import { fromLink } from '../../src/config/link'
import { isUnderWay, leaveQueue, pauseQueue, resumeQueue, runQueue, stopQueue, withRecipe } from './queue'
import { isBusy, isOpen, isUnfinished } from './run'
import { keepLocked } from './locks'
import { restore, setSeed } from './setup'
import { isFree, type AppState } from './state'
import { until } from './until'

/**
 * What the page's buttons do. While a comparison is under way, running or paused, they act on all of it, and no single
 * run can come between its runs: `runSetUp` and `stop` end the comparison first.
 */
export interface Controls extends Omit<
  Commands,
  'prepare' | 'open' | 'openAgain' | 'openSaved' | 'dropCheckpoints' | 'train'
> {
  /**
   * Goes on with what is paused, even if the set-up has changed since. If nothing is paused, trains the set-up's
   * experiment, again if it had ended.
   */
  readonly start: () => Promise<void>
  /** Stops what is under way, keeps its result, and trains the set-up's experiment. */
  readonly runSetUp: () => Promise<void>
  /** Sets up the run or the comparison of a link and goes on with it where it was saved, else begins it. */
  readonly continueLeft: (link: string) => Promise<void>
  /** Trains again what was asked for last, after it failed; from where it was saved, if it was. */
  readonly retry: () => Promise<void>
  /**
   * Makes the runs of the recipe that are not kept yet, one after the other. A run that is paused is stopped first, and
   * kept.
   */
  readonly compare: () => Promise<void>
  /** A new seed in the set-up; opens it where no unfinished run would be lost, so that the new weights are seen. */
  readonly redraw: () => Promise<void>
}

/** @param now milliseconds since 1970 @param newSeed a random seed */
export function controls(
  store: StoreApi<AppState>,
  toEnd: Commands,
  now: () => number,
  newSeed: () => number,
): Controls {
  const run = () => store.getState().run
  const comparing = () => isUnderWay(store.getState().comparing)
  const showOpen = () => store.setState({ picked: null })
  const proceed = async () => {
    if (comparing()) resumeQueue(store, now())
    // A run of a comparison that was paused before it began is at `ready`; to ask twice does no harm.
    if (run().phase === 'paused' || run().phase === 'ready') await toEnd.proceed()
  }
  /** Requests so far. What waits for a run's end before it starts another does so only if nothing else was asked. */
  let requests = 0
  /** Another request: what was asked for before is not begun any more. */
  const ask = () => {
    store.setState({ starting: false })
    return ++requests
  }
  const stop = async () => {
    ask()
    const { phase } = run()
    stopQueue(store)
    if (phase === 'loading' || phase === 'compiling') await toEnd.cancel()
    else if (isUnfinished(phase)) await toEnd.stop()
  }
  /** Opens a run and goes on with it, unless something else was asked for meanwhile: Cancel, say. */
  const begin = async (open: () => Promise<unknown>, goOn = toEnd.proceed) => {
    const request = ask()
    store.setState({ starting: true })
    await open()
    const { phase } = run()
    if (request === requests && (phase === 'ready' || phase === 'paused')) await goOn()
    // Its first step is told through another channel than the answer.
    const begun = until(store, (s) => (request === requests && s.run.phase === 'ready' ? undefined : request))
    void begun.then(() => (request === requests ? store.setState({ starting: false }) : undefined))
  }
  const trainSetUp = () => begin(toEnd.prepare)
  /**
   * Stops what is under way, then does the next thing once it can be done, unless something else was asked for
   * meanwhile: Stop meant the next thing.
   */
  const afterStop = async (next: () => Promise<void>, possible: () => Promise<unknown> = () => Promise.resolve()) => {
    const stopped = stop()
    const request = requests
    await stopped
    await possible()
    if (request === requests) await next()
  }
  const runsRead = () => until(store, (s) => s.runsRead || undefined)
  const compare = async () => {
    if (comparing() || isBusy(run().phase)) return
    showOpen()
    await afterStop(() => runQueue(store, toEnd.train, now), runsRead)
  }
  return {
    ...toEnd,
    proceed,
    stop,
    start: async () => {
      showOpen()
      if (comparing() || run().phase === 'paused') await proceed()
      else if (!isBusy(run().phase)) await trainSetUp()
    },
    runSetUp: async () => {
      showOpen()
      await afterStop(trainSetUp)
    },
    continueLeft: async (link) => {
      if (!isFree(store.getState())) return
      const { experiment, recipe } = fromLink(link)
      ask()
      showOpen()
      store.setState((s) => ({
        setup: restore(s.setup, experiment),
        ...(recipe ? { comparing: withRecipe(s.comparing, recipe) } : {}),
      }))
      if (recipe) await compare()
      else await begin(() => toEnd.openSaved(experiment))
    },
    handOver: async () => {
      ask()
      leaveQueue(store)
      await toEnd.handOver()
    },
    retry: async () => {
      if (comparing() || isBusy(run().phase)) return
      showOpen()
      await begin(toEnd.openAgain)
    },
    compare,
    pause: async () => {
      pauseQueue(store, now())
      await toEnd.pause()
    },
    step: async () => {
      if (comparing() || isBusy(run().phase)) return
      ask()
      showOpen()
      if (run().phase === 'paused') await toEnd.step()
      else await begin(toEnd.prepare, toEnd.step)
    },
    cancel: async () => {
      ask()
      await toEnd.cancel()
    },
    reset: async () => {
      if (!comparing()) await toEnd.reset()
    },
    redraw: async () => {
      store.setState((s) => ({ setup: keepLocked(s.setup.experiment, setSeed(s.setup, newSeed()), s.role) }))
      if (comparing() || !isOpen(run()) || run().phase === 'paused') return
      ask()
      showOpen()
      await toEnd.open()
    },
  }
}
