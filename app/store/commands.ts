import type { StoreApi } from 'zustand/vanilla'
import type { Experiment } from '../../src/core/experiment'
import type { MapMode } from '../../src/core/mapModes'
import type { Attempt, Attempted, Seen } from '../../src/core/attempt'
import type { Packed } from '../../src/core/packed'
import { Problem } from '../../src/core/problem'
import type { Trainer, TrainerEvent, WeightReading, WeightsFormat } from '../../src/core/trainer'
import { linkOf } from './linkOf'
import { keptId, ownFiles } from './ownFiles'
import type { Ending, Train } from './queue'
import { isOpen, isUnfinished, opening, restartedAlone, type Asked, type RunState } from './run'
import { idOf, isChanged, type AppState } from './state'
import { until } from './until'

/** What can be done with the engine's one run. No call rejects: a failure becomes the run's problem. */
export interface Commands {
  /**
   * Brings the engine to the set-up's experiment, unfinished: opens it, or takes it back to step 0. Answers whether it
   * may run.
   */
  readonly prepare: () => Promise<boolean>
  /** Opens what the set-up says, at step 0. */
  readonly open: () => Promise<void>
  /** Opens again what was asked for last, where it was saved, even if the set-up has changed since. */
  readonly openAgain: () => Promise<void>
  /** Opens an experiment, which may differ from the set-up, and trains it to its end, pauses included. */
  readonly train: Train
  /** Removes the checkpoints of a run. */
  readonly dropCheckpoints: (runId: string) => Promise<void>
  /** Opens a run where it was saved, or at its first step. */
  readonly openSaved: (experiment: Experiment) => Promise<void>
  /** Saves the run for another tab and closes it; what was saved is noted by the answer. */
  readonly handOver: () => Promise<void>
  /** Goes on with the opened run, even if the set-up has changed since. */
  readonly proceed: () => Promise<void>
  readonly pause: () => Promise<void>
  /** One step of the opened run. */
  readonly step: () => Promise<void>
  /** Ends the run where it is; its result is kept by then. */
  readonly stop: () => Promise<void>
  /** Step 0 again, same weights. */
  readonly reset: () => Promise<void>
  /** Gives up loading. */
  readonly cancel: () => Promise<void>
  readonly attachMap: (canvas: OffscreenCanvas | null, dark: boolean) => Promise<void>
  readonly showOnMap: (mode: MapMode) => Promise<void>
  /** Whether the page can be seen. */
  readonly setHidden: (hidden: boolean) => Promise<void>
  readonly inspect: (x: number, y: number) => Promise<WeightReading | null>
  /** The opened run's weights as a safetensors file, null where none is open. */
  readonly weights: (format: WeightsFormat) => Promise<Uint8Array | null>
  /** As `Trainer.forPyTorch`. */
  readonly forPyTorch: () => Promise<Packed | null>
  /** As `Trainer.attempt`. */
  readonly attempt: (asked: Attempt) => Promise<Attempted | null>
  /** As `Trainer.seen`. */
  readonly seen: (indices: readonly number[]) => Promise<readonly Seen[] | null>
}

/** A trainer whose events are already connected. */
export type Engine = Omit<Trainer, 'listen'>

/** Makes the engine and sends its events to `receive`. */
export type Connect = (receive: (event: TrainerEvent) => void) => Engine

/**
 * The commands over one store; the trainer is made at the first command that needs it.
 * @param isSaved whether the run of this link can go on from where it was saved
 */
export function commands(
  store: StoreApi<AppState>,
  receive: (event: TrainerEvent) => void,
  connect: Connect,
  isSaved: (link: string) => boolean,
): Commands {
  let engine: Engine | null = null
  const call = async <T>(ask: (engine: Engine) => Promise<T>): Promise<T | null> => {
    try {
      return await ask((engine ??= connect(receive)))
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return null
      receive({ type: 'problem', problem: Problem.from(error).toJSON() })
      receive({ type: 'phase', phase: 'failed', text: 'The engine did not answer' })
      return null
    }
  }
  const run = () => store.getState().run
  /** @param resume goes on from where it was saved */
  const openAs = async (wanted: Pick<Asked, 'experiment' | 'files' | 'place'>, resume = false) => {
    const {
      ui: { backend, allowSoftware },
    } = store.getState()
    const { experiment, files, place } = wanted
    const asked: Asked = { experiment, files, place, backend, allowSoftware }
    store.setState((s) => ({ run: opening(s.run, asked, resume) }))
    const spared = store.getState().runs.flatMap(({ pinned, runId }) => (pinned ? [runId] : []))
    const keep = { as: keptId(idOf(experiment), ownFiles(experiment, files)), spared }
    await call((t) => t.open(experiment, { backend, allowSoftware, files, keep, ...(resume ? { resume } : {}) }))
    await settled(store)
  }
  const open = () => openAs({ ...store.getState().setup, place: null })
  const reset = async () => {
    store.setState((s) => ({ run: restartedAlone(s.run) }))
    await call((t) => t.reset())
  }
  return {
    prepare: async () => {
      if (!isOpen(run()) || isChanged(store.getState())) await open()
      else if (run().phase === 'finished' || run().phase === 'stopped') await reset()
      return run().phase === 'ready' || run().phase === 'paused'
    },
    open,
    dropCheckpoints: async (runId) => {
      await call((t) => t.discardLeft(runId))
    },
    openSaved: (experiment) => openAs({ experiment, files: [], place: null }, isSaved(linkOf(experiment))),
    handOver: async () => {
      const { generation } = run()
      await call((t) => t.handOver())
      // What was saved is told before the phase, and may arrive after the answer.
      const isOver = ({ phase }: RunState) => phase === 'idle' || phase === 'failed'
      await until(store, (s) => s.run.generation !== generation || isOver(s.run) || undefined)
    },
    openAgain: async () => {
      const { asked, saved } = run()
      if (asked) await openAs({ ...asked, place: null }, saved && isSaved(linkOf(asked.experiment)))
    },
    train: async (queued, mayStart) => {
      const saved = queued.files.length === 0 && isSaved(linkOf(queued.experiment))
      await openAs(queued, saved)
      // A damaged checkpoint is given up and the run made again. Any other failure may be temporary: what was saved
      // stays.
      if (run().phase === 'failed' && run().problem?.about === 'checkpoint') await openAs(queued)
      const { generation, phase } = run()
      if (phase !== 'ready') return phase === 'failed' ? 'unopened' : 'taken'
      if (!(await mayStart())) return 'taken'
      await call((t) => t.start())
      return ended(store, generation)
    },
    proceed: async () => {
      await call((t) => t.start())
    },
    pause: async () => {
      await call((t) => t.pause())
    },
    step: async () => {
      await call((t) => t.step())
    },
    stop: async () => {
      const { generation, phase } = run()
      await call((t) => t.stop())
      // The result of the run may arrive after the answer.
      if (isUnfinished(phase))
        await until(store, (s) => (s.run.generation === generation && isUnfinished(s.run.phase) ? undefined : null))
    },
    reset,
    cancel: async () => {
      await call((t) => t.cancel())
      await settled(store)
    },
    attachMap: async (canvas, dark) => {
      await call((t) => t.attachMap(canvas, dark))
    },
    showOnMap: async (mode) => {
      await call((t) => t.showOnMap(mode))
    },
    setHidden: async (hidden) => {
      if (engine) await call((t) => t.setHidden(hidden))
    },
    inspect: (x, y) => call((t) => t.inspect(x, y)),
    weights: (format) => call((t) => t.weights(format)),
    forPyTorch: () => call((t) => t.forPyTorch()),
    attempt: (asked) => call((t) => t.attempt(asked)),
    seen: (indices) => call((t) => t.seen(indices)),
  }
}

/**
 * Waits until opening has ended one way or the other. Events and answers come through two channels, so the answer to
 * `open` may be here before the phase that it led to.
 */
function settled(store: StoreApi<AppState>): Promise<void> {
  return until(store, ({ run: { phase } }) => (phase === 'loading' || phase === 'compiling' ? undefined : null)).then(
    () => undefined,
  )
}

/** How the run of this generation ends; `taken` when it is stopped, reset or replaced by another one. */
function ended(store: StoreApi<AppState>, generation: number): Promise<Ending> {
  let begun = false
  return until(store, ({ run }) => {
    if (
      run.generation !== generation
      || run.phase === 'stopped'
      || run.phase === 'idle'
      || (begun && run.phase === 'ready')
    )
      return 'taken'
    begun ||= run.phase !== 'ready'
    return run.phase === 'finished' || run.phase === 'failed' ? run.phase : undefined
  })
}
