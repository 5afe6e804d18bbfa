import type { StoreApi } from 'zustand/vanilla'
import { Problem } from '../../src/core/problem'
import type { Trainer, TrainerEvent, WeightReading, WeightsFormat } from '../../src/core/trainer'
import type { Ending, Train } from './queue'
import { isOpen, opening, restarted } from './run'
import { setSeed, type SetupState } from './setup'
import { isChanged, type AppState } from './state'

/** What the run controls do. None of them rejects: whatever fails becomes the run's problem. */
export interface Commands {
  /** Trains what the set-up says: opens it where it is not open, goes on where it was paused, again where it had ended. */
  readonly start: () => Promise<void>
  /** Opens an experiment whatever the set-up says, and trains it to its end, pauses included. */
  readonly train: Train
  /** Goes on with the opened run, whatever the set-up says by now. */
  readonly proceed: () => Promise<void>
  readonly pause: () => Promise<void>
  readonly step: () => Promise<void>
  readonly stop: () => Promise<void>
  /** Step 0 again, same weights. */
  readonly reset: () => Promise<void>
  /** A new seed; opens it where a run is open, so that the new weights are seen. */
  readonly redraw: () => Promise<void>
  /** Gives up loading. */
  readonly cancel: () => Promise<void>
  readonly attachMap: (canvas: OffscreenCanvas | null, dark: boolean) => Promise<void>
  /** Whether anybody sees the page. */
  readonly setHidden: (hidden: boolean) => Promise<void>
  readonly inspect: (x: number, y: number) => Promise<WeightReading | null>
  /** The opened run's weights as a safetensors file, null where none is open. */
  readonly weights: (format: WeightsFormat) => Promise<Uint8Array | null>
}

/** A trainer whose events already have somewhere to go. */
export type Engine = Omit<Trainer, 'listen'>

/** Makes the engine and sends its events to `receive`. */
export type Connect = (receive: (event: TrainerEvent) => void) => Engine

/** The commands over one store; the trainer is made at the first command that needs it. */
export function commands(store: StoreApi<AppState>, receive: (event: TrainerEvent) => void, connect: Connect, newSeed: () => number): Commands {
  let engine: Engine | null = null
  const call = async <T>(ask: (engine: Engine) => Promise<T>): Promise<T | null> => {
    try {
      return await ask(engine ??= connect(receive))
    } catch (error) {
      receive({ type: 'problem', problem: Problem.from(error).toJSON() })
      receive({ type: 'phase', phase: 'failed', text: 'The engine did not answer' })
      return null
    }
  }
  const run = () => store.getState().run
  const open = async ({ experiment, files }: Pick<SetupState, 'experiment' | 'files'> = store.getState().setup) => {
    const { ui } = store.getState()
    const asked = { experiment, files, backend: ui.backend, allowSoftware: ui.allowSoftware }
    store.setState((s) => ({ run: opening(s.run, asked) }))
    await call((t) => t.open(asked.experiment, { backend: asked.backend, allowSoftware: asked.allowSoftware, files: asked.files }))
    await settled(store)
  }
  const restart = async () => {
    store.setState((s) => ({ run: { ...restarted(s.run), phase: 'ready' } }))
    await call((t) => t.reset())
  }
  /** Brings the engine to the set-up's experiment, unfinished. Answers whether it may run. */
  const prepare = async (): Promise<boolean> => {
    if (!isOpen(run()) || isChanged(store.getState())) await open()
    else if (run().phase === 'finished' || run().phase === 'stopped') await restart()
    return run().phase === 'ready' || run().phase === 'paused'
  }
  return {
    start: async () => { if (await prepare()) await call((t) => t.start()) },
    train: async (experiment, files) => {
      await open({ experiment, files })
      const { generation, phase } = run()
      if (phase !== 'ready') return phase === 'failed' ? 'unopened' : 'taken'
      await call((t) => t.start())
      return ended(store, generation)
    },
    proceed: async () => { await call((t) => t.start()) },
    pause: async () => { await call((t) => t.pause()) },
    step: async () => { if (await prepare()) await call((t) => t.step()) },
    stop: async () => { await call((t) => t.stop()) },
    reset: restart,
    redraw: async () => {
      store.setState((s) => ({ setup: setSeed(s.setup, newSeed()) }))
      if (isOpen(run())) await open()
    },
    cancel: async () => { await call((t) => t.cancel()) },
    attachMap: async (canvas, dark) => { await call((t) => t.attachMap(canvas, dark)) },
    setHidden: async (hidden) => { if (engine) await call((t) => t.setHidden(hidden)) },
    inspect: (x, y) => call((t) => t.inspect(x, y)),
    weights: (format) => call((t) => t.weights(format)),
  }
}

/**
 * Waits until opening has ended one way or the other. Events and answers come through two channels, so the answer to
 * `open` may be here before the phase that it led to.
 */
function settled(store: StoreApi<AppState>): Promise<void> {
  return until(store, ({ run: { phase } }) => (phase === 'loading' || phase === 'compiling' ? undefined : null)).then(() => undefined)
}

/** How the run of this generation ends; it is `taken` when it is stopped, brought back to step 0 or given up for another one. */
function ended(store: StoreApi<AppState>, generation: number): Promise<Ending> {
  let begun = false
  return until(store, ({ run }) => {
    if (run.generation !== generation || run.phase === 'stopped' || run.phase === 'idle' || (begun && run.phase === 'ready')) return 'taken'
    begun ||= run.phase !== 'ready'
    return run.phase === 'finished' || run.phase === 'failed' ? run.phase : undefined
  })
}

/** The first answer that is not undefined, now or at a later state. */
function until<T>(store: StoreApi<AppState>, answer: (state: AppState) => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const look = (state: AppState) => {
      const found = answer(state)
      if (found === undefined) return
      unsubscribe()
      resolve(found)
    }
    const unsubscribe = store.subscribe(look)
    look(store.getState())
  })
}
