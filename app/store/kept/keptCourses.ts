import type { StoreApi } from 'zustand/vanilla'
import type { Recorded } from '../../../src/core/recorded'
import { thinned } from '../../../src/past/thinned'
import type { KeptRun } from '../runs'
import { endedId } from '../shownRun'
import type { AppState } from '../state'
import { until } from '../until'
import type { Records } from './records'

/** Bytes that the course of a kept run may take. */
const budget = 5e6

/** Courses that no run has are forgotten after a day: until then their run may be kept, or come back. */
const patienceMs = 24 * 3600 * 1000

/** The courses of kept runs: what is stored of them, and that of the picked run in the page's state. */
export interface KeptCourses {
  readonly keep: (run: KeptRun, record: Recorded) => void
  /** Null where it is not known. */
  readonly of: (runId: string) => Promise<Recorded | null>
}

export function keptCourses(store: StoreApi<AppState>, records: Records | null, now: () => number): KeptCourses {
  // A course that cannot be stored or read is one that nobody has: the page says so where it would be shown.
  const of = async (runId: string) => {
    const state = store.getState()
    if (state.recording?.run.runId === runId) return state.recording.record
    if (endedId(state.run) === runId && state.run.record.frames.length > 0) return state.run.record
    return (await records?.get(runId).catch(() => null)) ?? null
  }
  let picked: string | null = null
  const follow = async (runId: string | null) => {
    picked = runId
    const record = runId === null ? null : await of(runId)
    if (picked === runId) store.setState({ pickedRecord: runId !== null && record ? { runId, record } : null })
  }
  store.subscribe((state) => {
    if (state.picked !== picked) void follow(state.picked)
  })
  const sweep = async () => {
    await until(store, (s) => s.runsRead || undefined)
    const { runs } = store.getState()
    // Where no run can be read, it is not known which courses have none.
    if (runs.length > 0) await records?.sweep(new Set(runs.map(({ runId }) => runId)), now() - patienceMs)
  }
  void sweep().catch(() => undefined)
  return {
    keep: ({ runId, at, steps }, { matrices, frames }) => {
      const other = store.getState().runs.find((run) => run.runId === runId)
      if (frames.length === 0 || (other && other.steps > steps)) return
      const record = { matrices, frames: thinned(frames, budget) }
      void records?.put(runId, at, record).catch(() => undefined)
    },
    of,
  }
}
