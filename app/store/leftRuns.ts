/** What the page was left in, and what other tabs train: kept in step with what is noted and with this page's runs. */
import type { StoreApi } from 'zustand/vanilla'
import { familyLabel } from '../../src/config/familyLabel'
import { runId } from '../../src/config/identity'
import { fromLink } from '../../src/config/link'
import { runLabel } from '../../src/config/runLabel'
import { count } from '../../src/core/figures'
import type { TrainerEvent } from '../../src/core/trainer'
import { forgetLeft, isNoted, mostLeft, noteLeft, readLeft, trimLeft, type LeftNote } from './left'
import { linkOf } from './linkOf'
import { isUnderWay } from './queue'
import { isUnfinished } from './run'
import type { Shelf } from './shelf'
import type { AppState, Elsewhere } from './state'

export interface LeftRuns {
  readonly hear: (event: TrainerEvent) => void
  /** Forgets what has this link, and the runs of a comparison with it. */
  readonly discard: (link: string) => void
  /** What other tabs train; everything that is noted and not among it is offered. */
  readonly show: (elsewhere: readonly Elsewhere[]) => void
  /** Whether the next visit can go on with what is under way. */
  readonly isSafe: () => boolean
}

/** What left runs need of the rest of the page. */
export interface AroundLeft {
  readonly shelf: Shelf | null
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Removes the checkpoints of the run with this id. */
  readonly drop: (runId: string) => void
  /** Tells the reader. */
  readonly say: (text: string) => void
}

export function leftRuns(store: StoreApi<AppState>, { shelf, now, drop, say }: AroundLeft): LeftRuns {
  const read = () => store.setState({ left: readLeft(shelf) })
  const dropAll = (notes: readonly LeftNote[]) => {
    for (const { link } of notes) {
      const { experiment, recipe } = fromLink(link)
      if (!recipe) drop(runId(experiment))
    }
  }
  const note = (...notes: readonly LeftNote[]) => {
    for (const one of notes) noteLeft(shelf, one)
    read()
  }
  const makeRoom = () => {
    const gone = trimLeft(shelf, new Set(store.getState().elsewhere.map(({ link }) => link)))
    if (gone.length === 0) return
    for (const one of gone) say(forgottenText(one))
    dropAll(gone)
    read()
  }
  const forget = (links: readonly string[]) => {
    forgetLeft(shelf, links)
    read()
  }
  const comparison = ({ comparing }: AppState) => (isUnderWay(comparing) ? (comparing.queue?.link ?? null) : null)
  /** The comparison that asked for the open run, if one did. */
  let latest: string | null = null
  store.subscribe((state, before) => {
    const [link, last] = [comparison(state), comparison(before)]
    if (link === last) return
    latest = link ?? latest
    if (link !== null) note({ link, step: 0, at: now() })
    // One that another tab goes on with has no queue here any more, and is still noted.
    else if (last !== null && state.comparing.queue !== null) forget([last])
  })
  return {
    hear: (event) => {
      if (event.type === 'unsaved') forget([event.link])
      if (event.type !== 'saved') return
      const at = now()
      // A run that is handed over is saved when its queue is gone.
      const within = store.getState().run.asked?.place ? latest : null
      const run = { link: event.link, step: event.step, at }
      if (within === null) note(run)
      else note({ link: within, step: 0, at }, { ...run, within })
      makeRoom()
    },
    discard: (link) => {
      const gone = readLeft(shelf).filter((one) => one.link === link || one.within === link)
      forget(gone.map((one) => one.link))
      dropAll(gone)
    },
    show: (elsewhere) => {
      store.setState({ elsewhere })
      read()
    },
    isSafe: () => {
      const state = store.getState()
      const { run, comparing } = state
      const isSaved = run.saved && run.asked !== null && isNoted(shelf, linkOf(run.asked.experiment))
      const runs = !isUnfinished(run.phase) || (isSaved && !run.stale)
      const link = comparison(state)
      return runs && (!isUnderWay(comparing) || (link !== null && isNoted(shelf, link)))
    },
  }
}

function forgottenText({ link, step }: LeftNote): string {
  const { experiment, recipe } = fromLink(link)
  const what = recipe ? 'a comparison' : `${runLabel(experiment)}, saved at step ${count(step)}`
  return (
    `The browser keeps the last ${mostLeft} unfinished runs and comparisons. The oldest was removed to make room: `
    + `${what} (${familyLabel(experiment)}).`
  )
}
