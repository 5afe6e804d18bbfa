/** The page's side of the engine, in the worker: one session, driven in bursts, so that pause and stop get a turn. */
import { count } from '../../core/figures'
import { Problem } from '../../core/problem'
import type { Attempt } from '../../core/attempt'
import type { Experiment } from '../../core/experiment'
import type { MapMode } from '../../core/mapModes'
import type { OpenOptions, Phase, Trainer, TrainerEvent, WeightReading, WeightsFormat } from '../../core/trainer'
import { burst } from './bursts'
import { Display } from './display'
import { nextTask } from '../../core/nextTask'
import { OpenedRun } from './openedRun'
import { openSession, type SessionOptions } from './openSession'
import { duringRescue, goOnFromLastVisit, lossText, reopen, rescuedText, retell } from './rescue'
import { PhaseWords } from './phaseWords'
import { SavedRun } from './savedRun'
import { usualSaveSeconds } from './savePace'
import type { Session } from './session'
import { stillTrains } from './stillTrains'
import { optionsAt, type TrainerPlace } from './trainerPlace'
import { unlessLost } from './unlessLost'
import { weightsOf } from './weightsFile'

export class EngineTrainer implements Trainer {
  private listener: (event: TrainerEvent) => void = () => undefined
  private session: Session | null = null
  private readonly display = new Display((event) => this.emit(event))
  private loading: AbortController | null = null
  private run: OpenedRun | null = null
  /** The phase that the page was told last; `going` says what was asked for. */
  private phase: Phase = 'idle'
  /** The training asked for last; its signal fires once it is to stop. */
  private going = new AbortController()
  private readonly words = new PhaseWords((event) => this.emit(event))
  /** Ends what was asked for before the run was left, scoring included. */
  private left = new AbortController()
  /** Everything that uses the session, one after the other. */
  private work: Promise<void> = Promise.resolve()
  /** The page is told nothing of a run that another one replaces: it shows the new one already. */
  private muted = false
  /** The measurement of a run's end, or another look for which other weights may stand in. */
  private measuring: Promise<unknown> = Promise.resolve()

  constructor(private readonly place: TrainerPlace) {
    this.going.abort()
  }

  listen(listener: (event: TrainerEvent) => void): Promise<void> {
    this.listener = listener
    return Promise.resolve()
  }

  async open(experiment: Experiment, options: OpenOptions): Promise<void> {
    this.loading?.abort()
    this.leave()
    this.muted = true
    const loading = (this.loading = new AbortController())
    await this.inTurn(async () => {
      await this.close()
      if (this.loading !== loading) return
      this.muted = false
      const opening = this.sessionOptions(options, loading.signal)
      const session = await openSession(experiment, opening)
      const kept = new SavedRun(opening.host.checkpoints, session.opened.runId)
      const left = options.resume ? await goOnFromLastVisit(session, kept, opening.emit) : null
      this.session = session
      const saveEveryMs = this.place.saveEveryMs ?? 1000 * usualSaveSeconds
      const told = { tell: (event: TrainerEvent) => this.listener(event), frames: () => this.display.frames() }
      this.run = new OpenedRun({ experiment, options, saveEveryMs, ...told }, kept, left)
      await this.shown(() => this.display.show(session, left?.frames))
    }, loading.signal)
    if (this.loading === loading) this.loading = null
  }

  readonly cancel = () => Promise.resolve(this.loading?.abort())

  async discardLeft(runId: string): Promise<void> {
    await this.guarded(() => new SavedRun(this.place.host([]).checkpoints, runId).remove())
  }

  async handOver(): Promise<void> {
    this.loading?.abort()
    this.leave()
    await this.inTurn(async () => {
      // At its first step there is nothing to save, and after its end nobody goes on with it.
      const isUnfinished = this.phase === 'running' || this.phase === 'paused'
      if (this.session && isUnfinished) await this.run?.save(this.session)
      await this.close()
      this.setPhase('idle', 'Handed over')
    })
  }

  async start(): Promise<void> {
    if (!this.going.signal.aborted) return
    const going = new AbortController()
    this.going = going
    this.words.goOn()
    const { signal } = this.left
    void this.inTurn(() => (going.signal.aborted ? undefined : this.train(going.signal, signal))).finally(() => {
      going.abort()
    })
    await Promise.resolve()
  }

  async pause(): Promise<void> {
    if (this.going.signal.aborted) return
    this.going.abort()
    this.words.ask('Pausing after this')
    // The steps under way are done then; they may have been the last ones, or have failed.
    await this.inTurn(async () => {
      if (this.phase !== 'running') return
      this.setPhase('paused', 'Paused')
      if (this.session) await this.run?.checkpoints.take(this.session)
    })
  }

  async step(): Promise<void> {
    this.going.abort()
    const going = (this.going = new AbortController())
    const { signal } = this.left
    await this.inTurn(async () => {
      const session = this.startable()
      if (!session || signal.aborted) return
      if (!session.finished) await session.advance(1, signal, AbortSignal.any([going.signal, signal]))
      going.abort()
      await session.settle()
      await this.display.refresh(session)
      if (session.finished) await this.finish(session, 'finished')
      else this.setPhase('paused', 'Paused')
    })
  }

  async stop(): Promise<void> {
    this.leave()
    this.words.ask('Stopping')
    await this.inTurn(async () => {
      const session = this.startable()
      if (session) await this.finish(session, session.finished ? 'finished' : 'stopped')
    })
  }

  async reset(): Promise<void> {
    this.leave()
    await this.inTurn(async () => {
      const session = this.session
      if (!session) return
      await this.display.settle()
      session.reset()
      await this.run?.reset()
      this.setPhase('ready', 'Ready')
      await this.display.begin(session)
    })
  }

  async attachMap(canvas: OffscreenCanvas | null, dark: boolean): Promise<void> {
    await this.shown(() => this.display.attach(canvas, dark, this.session))
  }

  async showOnMap(mode: MapMode): Promise<void> {
    await this.shown(() => this.display.showOnMap(mode, this.session))
  }

  async setHidden(hidden: boolean): Promise<void> {
    if (hidden && this.phase === 'running') this.run?.checkpoints.hurry()
    await this.shown(() => this.display.hide(hidden, this.session))
  }

  async inspect(x: number, y: number): Promise<WeightReading | null> {
    const { session } = this
    // A run that was left meanwhile is looked at no more.
    const failed = (error: unknown) => (this.session === session ? unlessLost(error) : null)
    return session && this.display.inspect(session, x, y).catch(failed)
  }

  async weights(format: WeightsFormat): Promise<Uint8Array | null> {
    // While a run is measured, other weights stand in for its own.
    await this.measuring
    return this.session && weightsOf(this.session, format)
  }

  async forPyTorch() {
    return this.atRest(async (session) => (await import('./packed')).packed(session))
  }

  async attempt(asked: Attempt) {
    return this.atRest(async (session) => (await import('./tried')).tried(session, asked))
  }

  async seen(indices: readonly number[]) {
    return this.session && (await import('./tried')).seen(this.session, indices)
  }

  /** Calls while the weights stay as they are, before what is asked for later; says why not where the run trains. */
  private async atRest<T>(use: (session: Session) => Promise<T>) {
    await this.measuring
    if (this.phase === 'running') return stillTrains
    const used: { by: T | null } = { by: null }
    await (this.measuring = this.inTurn(async () => {
      used.by = this.session && (await use(this.session))
    }))
    return used.by
  }

  /** Trains, and goes on elsewhere where a device is lost. @param left ends scoring too */
  private async train(going: AbortSignal, left: AbortSignal): Promise<void> {
    for (let loss: Problem | null = null; ;) {
      try {
        if (loss && this.run && !(await this.rescue(loss, this.run, left))) throw loss
        loss = null
        await this.trainHere(going, left)
        return
      } catch (error) {
        const problem = Problem.from(error)
        // A device may be lost while the run goes over to it.
        if (problem === loss || problem.about !== 'device' || !this.run || left.aborted) throw error
        loss = problem
      }
    }
  }

  /**
   * Goes on from the newest checkpoint, on another device. @returns false where that was cancelled
   * @throws Problem when the run cannot be opened again
   */
  private async rescue(loss: Problem, run: OpenedRun, left: AbortSignal): Promise<boolean> {
    const { experiment, options } = run.asked
    const loading = (this.loading = new AbortController())
    run.losses++
    this.setPhase('running', lossText)
    await this.display.leave()
    this.session?.dispose()
    this.session = null
    const opening = this.sessionOptions(options, AbortSignal.any([loading.signal, left]))
    let told = false
    const emit = (event: TrainerEvent) => {
      const heard = told ? event : duringRescue(event)
      if (heard) this.emit(heard)
    }
    const { newest: checkpoint } = run.checkpoints
    try {
      const session = await reopen({ experiment, options: { ...opening, emit }, checkpoint, losses: run.losses })
      told = true
      this.session = session
      retell(session, emit)
      this.emit({ type: 'note', text: rescuedText(loss, session) })
      await this.display.show(session)
      return true
    } catch (error) {
      if (opening.signal.aborted) return false
      throw error
    } finally {
      if (this.loading === loading) this.loading = null
    }
  }

  private async trainHere(going: AbortSignal, left: AbortSignal): Promise<void> {
    const session = this.startable()
    if (!session) return
    this.setPhase('running', 'Training')
    const paused = AbortSignal.any([going, left])
    while (!going.aborted && !session.finished) {
      await session.advance(this.display.upTo(burst(session.msPerStep)), left, paused)
      await this.run?.checkpoints.offer(session)
      this.run?.warnIfSlow(session, (event) => this.emit(event))
      await this.display.glance(session)
      await nextTask()
    }
    await session.settle()
    if (session.finished && (!going.aborted || left.aborted)) await this.finish(session, 'finished')
    else await this.display.refresh(session)
  }

  private async finish(session: Session, phase: 'finished' | 'stopped'): Promise<void> {
    await this.run?.forget()
    await this.display.end(session)
    const measured = session.measuredResult()
    this.measuring = measured.catch(() => undefined)
    const result = await measured
    await this.run?.keepWeights(session, this.place.host([]).weights)
    this.emit({ type: 'finished', result })
    this.setPhase(phase, phase === 'finished' ? 'Finished' : `Stopped at step ${count(session.step)}`)
  }

  /** The session, where it can be trained. */
  private startable(): Session | null {
    return this.phase === 'ready' || this.phase === 'paused' || this.phase === 'running' ? this.session : null
  }

  /** Ends training, and scoring with it. */
  private leave(): void {
    this.going.abort()
    this.left.abort()
    this.left = new AbortController()
  }

  private async close(): Promise<void> {
    await this.display.forget()
    this.session?.dispose()
    this.session = null
    this.run = null
  }

  private sessionOptions(options: OpenOptions, signal: AbortSignal): SessionOptions {
    return optionsAt(this.place, options, signal, (event) => this.emit(event))
  }

  /** A look that failed because the device is lost ends no run: its next step meets the loss, and goes on elsewhere. */
  private async shown(look: () => Promise<void>): Promise<void> {
    await this.guarded(async () => void (await look().catch(unlessLost)))
  }

  private inTurn(work: () => Promise<void> | void, cancelled?: AbortSignal): Promise<void> {
    return (this.work = this.work.then(() => this.guarded(work, cancelled)))
  }

  private async guarded(work: () => Promise<void> | void, cancelled?: AbortSignal): Promise<void> {
    try {
      await work()
    } catch (error) {
      // A lost device aborts reads with the same name.
      if (cancelled?.aborted && error instanceof DOMException && error.name === 'AbortError') {
        this.setPhase('idle', 'Cancelled')
        return
      }
      this.emit({ type: 'problem', problem: Problem.from(error).toJSON() })
      await this.keepWhatWasComputed()
      this.setPhase('failed', 'Failed')
    }
  }

  /** A failed run still hands over its points. */
  private async keepWhatWasComputed(): Promise<void> {
    const session = this.session
    if (!session || session.step === 0) return
    await this.run?.checkpoints.settle()
    try {
      this.emit({ type: 'finished', result: await session.result() })
    } catch {
      // The device itself is gone; all measurements so far have been sent.
    }
  }

  private setPhase(phase: Phase, text: string): void {
    this.emit({ type: 'phase', phase, text })
  }

  private emit(event: TrainerEvent): void {
    if (event.type === 'phase') this.phase = event.phase === 'scoring' ? 'running' : event.phase
    if (!this.muted) this.listener(this.words.told(event))
  }
}
