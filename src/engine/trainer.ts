/**
 * The page's side of the engine, inside the worker: one session at a time, driven in short bursts so that pause and stop
 * get their turn between them. All failures become events.
 */
import { Problem } from '../core/problem'
import type { Experiment } from '../core/experiment'
import type { Host } from '../core/host'
import type { BackendChoice, OpenOptions, Phase, Trainer, TrainerEvent, WeightReading, WeightsFormat } from '../core/trainer'
import { Display } from './display'
import { burst, openSession, type Session } from './session'
import { weightsFile } from './weightsFile'

/** What the trainer needs of the place it runs in. */
export interface TrainerPlace {
  host(files: readonly File[]): Host
  readonly gpu: GPU | undefined
  readonly wasm: string | Readonly<Record<string, string>>
  /** Times variants of kernels, and remembers the fastest in the host's cache. */
  readonly tune?: boolean
}

/** Training longer than this from a measured pace is worth a word and a smaller preset. */
const slowSeconds = 600
const paceMs = 1000

export class EngineTrainer implements Trainer {
  private listener: (event: TrainerEvent) => void = () => undefined
  private session: Session | null = null
  private readonly display = new Display((event) => this.emit(event))
  private loading: AbortController | null = null
  private phase: Phase = 'idle'
  private loop: Promise<void> = Promise.resolve()
  private toldSlow = false

  constructor(private readonly place: TrainerPlace) {}

  listen(listener: (event: TrainerEvent) => void): void {
    this.listener = listener
  }

  async open(experiment: Experiment, options: OpenOptions): Promise<void> {
    await this.close()
    const loading = new AbortController()
    this.loading = loading
    await this.guarded(async () => {
      const host = this.place.host(options.files)
      const session = await openSession(experiment, this.sessionOptions(host, options, loading.signal))
      this.session = session
      this.phase = 'ready'
      this.toldSlow = false
      await this.display.show(session)
    })
    if (this.loading === loading) this.loading = null
  }

  async cancel(): Promise<void> {
    this.loading?.abort()
    await Promise.resolve()
  }

  async start(): Promise<void> {
    if (!this.session || this.phase === 'running' || this.session.finished) return
    this.setPhase('running', 'Training')
    this.loop = this.run(this.session)
    await Promise.resolve()
  }

  async pause(): Promise<void> {
    if (this.phase !== 'running') return
    this.phase = 'paused'
    await this.loop
    // The steps under way are done now; they may have been the last ones, or have failed.
    if (this.current() === 'paused') this.setPhase('paused', 'Paused')
  }

  async step(): Promise<void> {
    await this.pause()
    const session = this.session
    if (!session || session.finished) return
    await this.guarded(async () => {
      await session.advance(1)
      await session.settle()
      await this.display.refresh(session)
      if (session.finished) await this.finish(session, 'finished')
      else this.setPhase('paused', 'Paused')
    })
  }

  async stop(): Promise<void> {
    const session = this.session
    if (!session || this.phase === 'finished' || this.phase === 'stopped') return
    await this.pause()
    await this.guarded(() => this.finish(session, 'stopped'))
  }

  async reset(): Promise<void> {
    await this.pause()
    const session = this.session
    if (!session) return
    await this.guarded(async () => {
      await this.display.settle()
      session.reset()
      this.setPhase('ready', 'Ready')
      await this.display.refresh(session)
    })
  }

  async attachMap(canvas: OffscreenCanvas | null, dark: boolean): Promise<void> {
    await this.guarded(() => this.display.attach(canvas, dark, this.session))
  }

  async setHidden(hidden: boolean): Promise<void> {
    await this.guarded(() => this.display.hide(hidden, this.session))
  }

  async inspect(x: number, y: number): Promise<WeightReading | null> {
    return this.session ? await this.display.inspect(this.session, x, y) : null
  }

  async weights(format: WeightsFormat): Promise<Uint8Array | null> {
    if (!this.session) return null
    const { experiment, executor } = this.session
    return weightsFile(format, experiment, executor.layout, await this.session.tensors())
  }

  private async run(session: Session): Promise<void> {
    await this.guarded(async () => {
      while (this.phase === 'running' && !session.finished) {
        await session.advance(burst(session.msPerStep))
        this.warnIfSlow(session)
        this.display.glance(session)
        await nextTask()
      }
      await session.settle()
      if (session.finished) await this.finish(session, 'finished')
      else await this.display.refresh(session)
    })
  }

  private async finish(session: Session, phase: 'finished' | 'stopped'): Promise<void> {
    await this.display.refresh(session)
    this.emit({ type: 'finished', result: await session.measuredResult() })
    this.setPhase(phase, phase === 'finished' ? 'Finished' : `Stopped at step ${session.step}`)
  }

  private warnIfSlow(session: Session): void {
    const { msPerStep, step } = session
    if (this.toldSlow || msPerStep * step < paceMs) return
    this.toldSlow = true
    const secondsLeft = (session.experiment.training.steps - step) * msPerStep / 1000
    if (secondsLeft > slowSeconds) this.emit({ type: 'slow', msPerStep, secondsLeft })
  }

  private async close(): Promise<void> {
    this.loading?.abort()
    await this.pause()
    await this.display.forget()
    this.session?.dispose()
    this.session = null
  }

  private sessionOptions(host: Host, options: { backend: BackendChoice; allowSoftware: boolean }, signal: AbortSignal) {
    const { gpu, wasm, tune = false } = this.place
    return { host, gpu, wasm, tune, signal, backend: options.backend, allowSoftware: options.allowSoftware, emit: (event: TrainerEvent) => this.emit(event) }
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') { this.setPhase('idle', 'Cancelled'); return }
      this.emit({ type: 'problem', problem: Problem.from(error).toJSON() })
      await this.keepWhatWasComputed()
      this.setPhase('failed', 'Failed')
    }
  }

  /** A failed run still hands over its points. */
  private async keepWhatWasComputed(): Promise<void> {
    const session = this.session
    if (!session || session.step === 0) return
    try {
      this.emit({ type: 'finished', result: await session.result() })
    } catch {
      // The device itself is gone; what was measured has been sent as it came.
    }
  }

  /** The phase after an await, which may have changed it. */
  private current(): Phase {
    return this.phase
  }

  private setPhase(phase: Phase, text: string): void {
    this.phase = phase
    this.emit({ type: 'phase', phase, text })
  }

  private emit(event: TrainerEvent): void {
    if (event.type === 'phase') this.phase = event.phase === 'scoring' ? 'running' : event.phase
    this.listener(event)
  }
}

/**
 * Lets messages from the page in: they are handled between tasks only. Not by a timer, since browsers hold back the timers
 * of nested calls by 4 ms and may hold back those of hidden pages by a second.
 */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
