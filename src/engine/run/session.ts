/**
 * A run: which batch, which event, which measurement at which step. It knows nothing of devices (an Executor does the
 * work) nor of the page (a Trainer or the command line drives it by `advance`).
 */
import type { Examples } from '../../core/dataset'
import type { Experiment } from '../../core/experiment'
import type { Layout } from '../../core/layout'
import type { Evaluation, LayerSparsity, Opened, RunResult, StepMetrics, TrainerEvent } from '../../core/trainer'
import { batchReader, makeBatch, type Batch, type TrainReader } from '../../data/batches'
import { burst, burstMs, Bursts } from './bursts'
import { Calibrator } from '../cuts/calibrator'
import { continuedText, copyRun, loadRun, type Checkpoint, type Parts, type PendingCheckpoint } from './checkpoint'
import { countOnes } from '../../core/bits'
import type { Drained, Executor, PruneEvent, StepInputs } from '../executor/executor'
import { layerSparsity, livingMask } from '../measures/counts'
import { CutWatch } from '../cuts/cutWatch'
import { Evaluator, momentsAt } from '../measures/evaluator'
import { judgeFirst, scoreFirst } from '../cuts/firstLooks'
import { MaskChecker } from '../cuts/maskChecker'
import { withMeasures } from '../measures/measures'
import { nextStop } from './nextStop'
import { nextTask } from '../../core/nextTask'
import { notFinite } from './notFinite'
import { openedOf } from './opened'
import { Pruner } from '../cuts/pruner'
import { Progress } from './progress'
import { savedCount, savedTensors } from '../measures/saved'
import type { SavedTensor } from '../measures/savedTensor'
import { Rewinder } from '../cuts/rewinder'
import type { Starter } from './starter'
import { rateAt, stepInputs, type Pacing } from './stepInputs'

export class Session {
  readonly opened: Opened
  readonly pruner: Pruner

  private readonly reader: TrainReader
  private readonly batch: Batch
  private readonly steps: number
  readonly evaluator: Evaluator
  private readonly watch: CutWatch
  private readonly maskChecker: MaskChecker
  private readonly rewinder: Rewinder
  private readonly calibrator: Calibrator
  private readonly bursts: Bursts
  private readonly pacing: Pacing
  readonly progress: Progress
  /** What changes while the run trains, the executor's state apart. */
  private readonly parts: Parts
  private prepared = false
  /** The last step was left without its cut: weights and numbers are of different moments. */
  private torn = false

  constructor(
    readonly experiment: Experiment,
    readonly examples: Examples,
    readonly executor: Executor,
    private readonly layout: Layout,
    private readonly starter: Starter,
    now: () => number,
    private readonly emit: (event: TrainerEvent) => void,
  ) {
    const { training, seed } = experiment
    this.steps = training.steps
    this.evaluator = new Evaluator(executor, examples, training.batch, emit)
    this.pruner = new Pruner(executor.pruning, layout)
    this.watch = new CutWatch(executor, examples, training, this.pruner.plan, this.evaluator.answered, emit)
    this.rewinder = new Rewinder(executor, layout, this.steps, seed, this.pruner.plan.rounds)
    this.reader = batchReader(examples, { batch: training.batch, seed, augment: training.augment })
    this.batch = makeBatch(examples, training.batch)
    this.calibrator = new Calibrator(executor, this.pruner, seed, (i) => this.reader.readTrain(i, this.batch), emit)
    this.maskChecker = new MaskChecker(executor, experiment, examples, () => starter.weights, emit)
    this.bursts = new Bursts(now)
    this.pacing = { plan: this.pruner.plan, training, rewinder: this.rewinder, calibrator: this.calibrator }
    this.progress = new Progress(layout.prunableCount)
    const { progress, evaluator, watch, calibrator, rewinder, bursts } = this
    this.parts = { progress, evaluator, watch, calibrator, rewinder, bursts, answered: evaluator.answered }
    void executor.setWeights({ weights: this.starter.weights, moments: 'fresh' })
    this.opened = openedOf(experiment, executor, examples, this.evaluator.majority)
  }

  /** Every step's numbers so far. */
  get metrics(): readonly StepMetrics[] {
    return this.progress.metrics
  }

  /** Every measurement so far. */
  get evaluations(): readonly Evaluation[] {
    return this.evaluator.evaluations
  }

  /** Steps done, without those still under way. */
  get step(): number {
    return this.progress.done
  }

  get finished(): boolean {
    return this.progress.done >= this.steps
  }

  /** Mean milliseconds that the device takes for a training step, without evaluations and looks at the weights. */
  get msPerStep(): number {
    return this.step ? this.bursts.milliseconds / this.step : 0
  }

  /** Seconds that the steps left will take at this pace. */
  get secondsLeft(): number {
    return ((this.steps - this.step) * this.msPerStep) / 1000
  }

  /** The cuts so far, with what was measured at each. */
  get cuts() {
    return this.watch.upTo(this.step)
  }

  /** To the end, or until the signal fires; the result is of the steps done. */
  async run(signal: AbortSignal): Promise<RunResult> {
    while (!this.finished && !signal.aborted) await this.advance(burst(this.msPerStep))
    return this.result()
  }

  /**
   * Submits at most `count` steps (fewer where a measurement is due), all scoring before training included. Where the
   * pace is known and fast, it waits only for the steps of the call before; `settle` waits for the rest.
   * @param left gives up scoring, as if no step was asked for, and cuts made in JavaScript: their step does not count
   * @param paused interrupts what is learnt before the task, which the next call goes on with
   * @throws Problem when loss or gradient stops being finite; the weights are those before that step
   */
  async advance(count: number, left = new AbortController().signal, paused = left): Promise<void> {
    if (!this.prepared) await this.prepare(left, paused)
    if (!this.prepared) {
      this.reset()
      return
    }
    const { progress, rewinder } = this
    if (rewinder.stops.includes(progress.submitted)) {
      await this.settle()
      await rewinder.enter(progress.submitted)
    }
    const last = this.nextStop(count)
    const begun = this.bursts.now()
    while (progress.submitted < last) this.trainOnce(progress.submitted++)
    this.bursts.add(begun, this.executor.drain())
    const due = momentsAt(last, this.experiment.training, this.pruner.plan)
    const cuts = last === this.calibrator.nextStop(last - 1)
    await this.watch.open(last - 1, () => {
      if (!cuts) this.cutApart(last - 1)
    })
    const overlaps =
      due.length === 0
      && !this.pruner.plan.threshold
      && !this.watch.has(last - 1)
      && this.msPerStep > 0
      && this.msPerStep <= burstMs
    await this.settle(overlaps || cuts ? 1 : 0)
    if (cuts && !(await this.cutAfter(last - 1, left))) return
    await this.watch.close(last - 1, progress.sparsity)
    for (const moment of due) await this.evaluate(moment)
  }

  /** Waits until at most `left` bursts of steps are under way. @throws Problem as `advance` */
  async settle(left = 0): Promise<void> {
    while (this.bursts.count > left) await this.collect(await this.bursts.next())
  }

  /** Reads the device once the steps under way are done. @returns milliseconds that it kept it from further ones */
  aside(read: () => Promise<unknown>): Promise<number> {
    return this.bursts.aside(read)
  }

  /**
   * A copy of the run after the steps done, which may be read while it goes on; null before the first one, and where
   * the last one has no cut.
   * @throws Problem as `advance`
   */
  async copy(): Promise<PendingCheckpoint | null> {
    await this.settle()
    return this.step > 0 && !this.torn ? copyRun(this.experiment, this.step, this.executor, this.parts) : null
  }

  /**
   * Goes on from a checkpoint: on the device that made it with the numbers of a run that was never interrupted, to the
   * bit.
   * @throws Problem when it is of another run or model; the session is of no use then
   */
  goOn(checkpoint: Checkpoint): void {
    this.reset()
    loadRun(checkpoint, this.experiment, this.executor, this.parts)
    this.prepared = true
    this.emit({ type: 'note', text: continuedText(checkpoint, this.steps, this.executor.report) })
  }

  /** Back to step 0: same weights, same order of data. */
  reset(): void {
    void this.executor.setWeights({ weights: this.starter.weights, moments: 'fresh' })
    this.progress.reset()
    this.evaluator.forget()
    this.watch.forget()
    this.calibrator.forget()
    this.bursts.load(0)
    this.prepared = this.torn = false
  }

  async layers(): Promise<LayerSparsity[]> {
    return layerSparsity(this.layout, await livingMask(this.executor))
  }

  /** Of the steps done; waits for those under way. */
  async result(): Promise<RunResult> {
    await this.settle()
    const [layers, classes] = await Promise.all([this.layers(), this.executor.classify(this.pruner.budget)])
    return {
      runId: this.opened.runId,
      experiment: this.experiment,
      backend: this.executor.report,
      source: this.examples.source,
      evaluations: [...this.evaluations],
      cuts: this.cuts,
      layers,
      classes,
      steps: this.step,
      kept: layers.reduce((sum, l) => sum + l.kept, 0),
      prunable: this.layout.prunableCount,
      parameters: savedCount(this.executor),
      majority: this.evaluator.majority,
      held: this.examples.held.count,
      seconds: this.bursts.milliseconds / 1000,
      msPerStep: this.msPerStep,
      answers: this.evaluator.answered.result,
    }
  }

  /** The result with what pruning bought (`withMeasures`). */
  async measuredResult(): Promise<RunResult> {
    return withMeasures(this.executor, this.examples, await this.result(), this.emit)
  }

  /** Every parameter as the model reads it, and the mask of the prunable ones. */
  tensors(): Promise<SavedTensor[]> {
    return savedTensors(this.executor, this.experiment)
  }

  dispose(): void {
    this.starter.dispose()
    this.executor.dispose()
  }

  /** Everything that happens before the first optimizer step; `prepared` tells whether it came to its end. */
  private async prepare(left: AbortSignal, paused: AbortSignal): Promise<void> {
    const { executor, pruner, reader, batch, maskChecker, emit, starter } = this
    if (!(await starter.begin(executor, paused, emit))) return
    const initial = starter.weights
    const { plan } = pruner
    const parts = { executor, pruner, initial, reader, batch, maskChecker, emit, wait: () => this.wait(left) }
    if (!(await judgeFirst(parts))) return
    await this.watch.open(-1)
    if (!(await this.prune(pruner.initial(), -1, left))) return
    if (!(await scoreFirst(parts))) return
    const scored = plan.scoringBatches > 0 ? pruner.scoring(plan.scoringBatches - 1) : null
    if (scored) this.progress.kept = scored.kept
    await maskChecker.disturb(plan)
    await this.watch.close(-1, this.progress.sparsity)
    this.prepared = true
    this.progress.begin()
    if (this.progress.sparsity > 0 && plan.lastEvent < 0) await this.evaluate('pruned')
  }

  /** Waits for the device. @returns whether to go on */
  private async wait(left: AbortSignal): Promise<boolean> {
    await this.failIfHalted((await this.executor.drain()).haltedAt)
    await nextTask()
    return !left.aborted
  }

  private trainOnce(step: number): void {
    const { plan } = this.pruner
    if (step === plan.statisticsFrom && step > 0) this.executor.resetStatistics()
    if (plan.course?.momentsFrom?.includes(step)) this.executor.resetMoments()
    const event = this.pruner.training(step)
    const batch = this.reader.readTrain(this.rewinder.local(step), this.batch)
    this.executor.train(batch, this.inputs(step), this.calibrator.cuts || this.watch.has(step) ? null : event)
    const { kept } = this.progress
    this.progress.leave(step, this.calibrator.cuts ? kept : this.pruner.left(event, kept))
  }

  /** Makes the cut that a watched step left out, as the step would have made it. */
  private cutApart(step: number): void {
    const event = this.pruner.training(step)
    if (event) this.executor.prune(event, this.inputs(step))
  }

  /** The cut that JavaScript makes after a step, whose metrics wait for it. @returns false where it was given up */
  private async cutAfter(step: number, left: AbortSignal): Promise<boolean> {
    const { steps, haltedAt } = await this.bursts.next()
    this.torn = haltedAt === null && !(await this.prune(this.pruner.training(step), step, left))
    this.progress.leave(step, this.progress.kept)
    // The burst's other steps have no cut.
    await this.collect({ steps: this.torn ? steps.slice(0, -1) : steps, haltedAt })
    return !this.torn
  }

  private inputs(step: number): StepInputs {
    return stepInputs(step, this.pacing)
  }

  /** @returns false where the cut was given up */
  private async prune(event: PruneEvent | null, step: number, left: AbortSignal): Promise<boolean> {
    if (!event) return true
    if (!this.calibrator.cuts) this.executor.prune(event)
    const kept = this.calibrator.cuts ? await this.calibrator.cut(event, step, left) : event.kept
    if (kept !== null) this.progress.kept = kept
    return kept !== null
  }

  /** The step at which at most `count` more ones are to be waited for. */
  private nextStop(count: number): number {
    const { pruner, watch, pacing, progress } = this
    return nextStop(progress.submitted, progress.submitted + count, { ...pacing, pruner, watch })
  }

  /** Where a threshold cuts, the device alone knows how many are left. */
  private async countKept(steps: Drained['steps']): Promise<void> {
    if (!this.pruner.plan.threshold || steps.length === 0) return
    const kept = (await this.executor.mask()).reduce((sum, word) => sum + countOnes(word), 0)
    for (const { step } of steps) this.progress.leave(step, kept)
  }

  private async collect({ steps, haltedAt }: Drained): Promise<void> {
    await this.countKept(steps)
    const fresh = this.progress.read(steps, (step) => rateAt(step, this.pacing))
    if (fresh.length) {
      const { msPerStep, secondsLeft } = this
      this.emit({ type: 'steps', steps: fresh, msPerStep, secondsLeft })
    }
    await this.failIfHalted(haltedAt)
  }

  /** The device stopped changing weights at the first number that was not finite; everything before it is kept. */
  private async failIfHalted(haltedAt: number | null): Promise<void> {
    if (haltedAt === null) return
    this.bursts.giveUp()
    this.progress.halt(haltedAt)
    await this.evaluate('end')
    throw notFinite(haltedAt)
  }

  private evaluate(moment: Evaluation['moment']): Promise<void> {
    return this.evaluator.evaluate({ step: this.step, moment, sparsity: this.progress.sparsity })
  }
}
