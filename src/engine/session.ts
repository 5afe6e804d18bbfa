/**
 * A run: which batch, which event, which measurement at which step. It knows nothing of devices (an Executor does the
 * work) nor of the page (a Trainer or the command line drives it by `advance`).
 */
import { plugin } from '../config/registries'
import { runId } from '../config/identity'
import type { Examples } from '../core/dataset'
import type { Experiment } from '../core/experiment'
import type { Layout } from '../core/layout'
import { Problem } from '../core/problem'
import { normOf } from '../core/statistics'
import type { Evaluation, LayerSparsity, Opened, RunResult, StepMetrics, TrainerEvent } from '../core/trainer'
import { batchReader, makeBatch, type Batch, type TrainReader } from '../data/batches'
import { Bursts } from './bursts'
import { Calibrator } from './calibrator'
import { countOnes } from '../../shaders/bits'
import type { Drained, Executor, PruneEvent, StepInputs } from './executor'
import { layerSparsity, livingMask } from './counts'
import { CutWatch } from './cutWatch'
import { Evaluator, momentsAt } from './evaluator'
import { initialWeights } from './initial'
import { judgeBeforeTraining, judgedApart, judgingBatches } from './judging'
import { MaskChecker } from './maskChecker'
import { withMeasures } from './measures'
import { nextTask } from './nextTask'
import { keptBy, Pruner } from './pruner'
import { savedCount, savedTensors, type SavedTensor } from './saved'
import { Rewinder } from './rewinder'
import { scoreBeforeTraining, scoringText } from './scoring'
import { rateAt, stepInputs, type Pacing } from './stepInputs'
import { mapLayout } from './weightMap'

export class Session {
  readonly opened: Opened
  /** Every step's numbers so far. */
  readonly metrics: StepMetrics[] = []
  readonly pruner: Pruner

  private readonly reader: TrainReader
  private readonly batch: Batch
  private readonly initial: Float32Array<ArrayBuffer>
  private readonly steps: number
  private readonly evaluator: Evaluator
  private readonly watch: CutWatch
  private readonly maskChecker: MaskChecker
  private readonly rewinder: Rewinder
  private readonly calibrator: Calibrator
  private readonly bursts: Bursts
  private readonly pacing: Pacing
  /** Optimizer steps done and read. */
  private done = 0
  /** Optimizer steps handed to the device. */
  private submitted = 0
  private prepared = false
  private kept: number
  /** Kept weights before the first step. */
  private keptBefore: number
  /** Kept weights after each step, for its metrics. */
  private readonly keptAfter: number[] = []

  constructor(
    readonly experiment: Experiment,
    private readonly examples: Examples,
    readonly executor: Executor,
    private readonly layout: Layout,
    now: () => number,
    private readonly emit: (event: TrainerEvent) => void,
  ) {
    const { training, seed } = experiment
    this.steps = training.steps
    this.evaluator = new Evaluator(executor, examples, training.batch, emit)
    this.pruner = new Pruner(plugin('method', experiment.method.id), experiment.method.values, layout, this.steps)
    this.watch = new CutWatch(executor, examples, training, this.pruner.plan, emit)
    this.rewinder = new Rewinder(executor, layout, this.steps, seed, this.pruner.plan.rounds)
    this.reader = batchReader(examples, { batch: training.batch, seed, augment: training.augment })
    this.batch = makeBatch(examples, training.batch)
    this.calibrator = new Calibrator(executor, this.pruner, seed, (i) => this.reader.readTrain(i, this.batch), emit)
    this.initial = initialWeights(layout, seed)
    this.maskChecker = new MaskChecker(executor, experiment, examples, this.initial, emit)
    this.bursts = new Bursts(now)
    this.pacing = { plan: this.pruner.plan, training, rewinder: this.rewinder, calibrator: this.calibrator }
    this.kept = this.keptBefore = layout.prunableCount
    executor.restore(this.initial)
    this.opened = {
      runId: runId(experiment),
      backend: executor.report,
      source: examples.source,
      classes: examples.classes,
      trainCount: examples.train.count,
      heldCount: examples.held.count,
      majority: this.evaluator.majority,
      parameters: layout.parameterCount,
      prunable: layout.prunableCount,
      layers: layout.prunable.map(({ name, size }) => ({ name, size, kept: size })),
      map: mapLayout(layout),
    }
  }

  /** Every measurement so far. */
  get evaluations(): readonly Evaluation[] {
    return this.evaluator.evaluations
  }

  /** Steps done, those still under way left out. */
  get step(): number {
    return this.done
  }

  get finished(): boolean {
    return this.done >= this.steps
  }

  /** Mean milliseconds that the device takes for a training step, evaluations and looks at the weights left out. */
  get msPerStep(): number {
    return this.done ? this.bursts.milliseconds / this.done : 0
  }

  /** To the end, or until the signal fires; the result is of the steps done. */
  async run(signal: AbortSignal): Promise<RunResult> {
    while (!this.finished && !signal.aborted) await this.advance(burst(this.msPerStep))
    return this.result()
  }

  /**
   * Submits at most `count` steps (fewer where a measurement is due), all scoring before training included. Where the
   * pace is known and fast, it waits only for the steps of the call before; `settle` waits for the rest.
   * @param left gives up scoring, behind which the session is as before the first step
   * @throws Problem when loss or gradient stops being finite; the weights are those before that step
   */
  async advance(count: number, left?: AbortSignal): Promise<void> {
    if (!this.prepared) await this.prepare(left)
    if (!this.prepared) {
      this.reset()
      return
    }
    if (this.rewinder.stops.includes(this.submitted)) {
      await this.settle()
      await this.rewinder.enter(this.submitted)
    }
    const last = this.nextStop(this.submitted + count)
    const begun = this.bursts.now()
    while (this.submitted < last) this.trainOnce(this.submitted++)
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
    if (cuts) await this.cutBehind(last - 1)
    await this.watch.close(last - 1, this.sparsity)
    for (const moment of due) await this.evaluate(moment)
  }

  /** Waits until at most `left` bursts of steps are under way. @throws Problem as `advance` */
  async settle(left = 0): Promise<void> {
    while (this.bursts.count > left) await this.collect(await this.bursts.next())
  }

  /**
   * Reads something of the device behind the steps under way. @returns milliseconds that it kept the device from steps
   */
  aside(read: () => Promise<unknown>): Promise<number> {
    return this.bursts.aside(read)
  }

  /** Back to step 0: same weights, same order of data. */
  reset(): void {
    this.executor.restore(this.initial)
    this.metrics.length = 0
    this.evaluator.forget()
    this.watch.forget()
    this.calibrator.forget()
    this.bursts.giveUp()
    this.bursts.milliseconds = 0
    this.done = 0
    this.submitted = 0
    this.prepared = false
    this.kept = this.keptBefore = this.layout.prunableCount
    this.keptAfter.length = 0
  }

  async layers(): Promise<LayerSparsity[]> {
    return layerSparsity(this.layout, await livingMask(this.executor, this.experiment.method))
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
      cuts: this.watch.upTo(this.done),
      layers,
      classes,
      steps: this.done,
      kept: layers.reduce((sum, l) => sum + l.kept, 0),
      prunable: this.layout.prunableCount,
      parameters: savedCount(this.layout, this.experiment.method),
      majority: this.evaluator.majority,
      held: this.examples.held.count,
      seconds: this.bursts.milliseconds / 1000,
      msPerStep: this.msPerStep,
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
    this.executor.dispose()
  }

  /** Whatever the method does before the first optimizer step. */
  private async prepare(left?: AbortSignal): Promise<void> {
    const { plan } = this.pruner
    if (judgedApart(this.experiment) && !(await this.judge(left))) return
    await this.watch.open(-1)
    await this.prune(this.pruner.initial(), -1)
    if (plan.scoringBatches && !(await this.scoreWeights(left))) return
    await this.maskChecker.disturb(plan)
    await this.watch.close(-1, this.sparsity)
    this.prepared = true
    this.keptBefore = this.kept
    if (this.kept < this.layout.prunableCount && plan.lastEvent < 0) await this.evaluate('pruned')
  }

  /** @returns whether it came to its end */
  private async scoreWeights(left?: AbortSignal): Promise<boolean> {
    const { plan } = this.pruner
    const reader = this.maskChecker.reader(this.reader)
    this.emit({ type: 'phase', phase: 'scoring', text: scoringText(plan) })
    const scored = await scoreBeforeTraining({
      executor: this.executor,
      plan,
      weightNorm: normOf(this.initial.subarray(0, this.layout.prunableLength)),
      read: (i) => reader.readTrain(i, this.batch),
      event: (i) => this.pruner.scoring(i),
      unjudged: judgedApart(this.experiment),
      wait: () => this.wait(left),
    })
    if (!scored) return false
    const last = this.pruner.scoring(plan.scoringBatches - 1)
    if (last) this.kept = keptBy(last)
    this.emit({ type: 'phase', phase: 'running', text: 'Training' })
    return true
  }

  /** @returns whether it came to its end */
  private async judge(left?: AbortSignal): Promise<boolean> {
    this.emit({
      type: 'phase',
      phase: 'scoring',
      text: `Looking at ${judgingBatches} batches, by which the first cut is judged`,
    })
    const read = (i: number) => this.reader.readTrain(i, this.batch)
    if (!(await judgeBeforeTraining({ executor: this.executor, read, wait: () => this.wait(left) }, this.initial)))
      return false
    this.emit({ type: 'phase', phase: 'running', text: 'Training' })
    return true
  }

  /** Waits for the device. @returns whether to go on */
  private async wait(left?: AbortSignal): Promise<boolean> {
    await this.failIfHalted((await this.executor.drain()).haltedAt)
    await nextTask()
    return left?.aborted !== true
  }

  private trainOnce(step: number): void {
    const { plan } = this.pruner
    if (step === plan.statisticsFrom && step > 0) this.executor.resetStatistics()
    if (plan.momentsFrom?.includes(step)) this.executor.resetMoments()
    const event = this.pruner.training(step)
    const batch = this.reader.readTrain(this.rewinder.local(step), this.batch)
    this.executor.train(batch, this.inputs(step), this.calibrator.cuts || this.watch.has(step) ? null : event)
    if (!this.calibrator.cuts) this.kept = this.pruner.left(event, this.kept)
    this.keptAfter.push(this.kept)
  }

  /** The cut that a watched step left out, as it would have been made. */
  private cutApart(step: number): void {
    const event = this.pruner.training(step)
    if (event) this.executor.prune(event, this.inputs(step))
  }

  /** The cut that JavaScript makes behind a step, whose metrics wait for it. */
  private async cutBehind(step: number): Promise<void> {
    const drained = await this.bursts.next()
    if (drained.haltedAt === null) {
      await this.prune(this.pruner.training(step), step)
      this.keptAfter[step] = this.kept
    }
    await this.collect(drained)
  }

  private inputs(step: number): StepInputs {
    return stepInputs(step, this.pacing)
  }

  private async prune(event: PruneEvent | null, step: number): Promise<void> {
    if (!event) return
    if (!this.calibrator.cuts) this.executor.prune(event)
    this.kept = this.calibrator.cuts ? await this.calibrator.cut(event, step) : keptBy(event)
  }

  /** First step at or before `limit` behind which something is measured. */
  private nextStop(limit: number): number {
    const { evaluateEvery } = this.experiment.training
    const stops = [
      limit,
      this.steps,
      this.pruner.plan.lastEvent + 1,
      this.calibrator.nextStop(this.submitted),
      this.watch.nextStop(this.submitted),
      ...this.rewinder.stops,
    ]
    if (evaluateEvery) stops.push((Math.floor(this.submitted / evaluateEvery) + 1) * evaluateEvery)
    return Math.min(...stops.filter((stop) => stop > this.submitted))
  }

  /** Where a threshold cuts, only the device knows how many weights are left. */
  private async countKept(steps: Drained['steps']): Promise<void> {
    if (!this.pruner.plan.threshold || steps.length === 0) return
    this.kept = (await this.executor.mask()).reduce((sum, word) => sum + countOnes(word), 0)
    for (const { step } of steps) this.keptAfter[step] = this.kept
  }

  private async collect({ steps, haltedAt }: Drained): Promise<void> {
    await this.countKept(steps)
    const fresh = steps.map(({ step, loss, gradientNorm }): StepMetrics => ({
      step: step + 1,
      loss,
      gradientNorm,
      rate: rateAt(step, this.pacing),
      sparsity: 1 - (this.keptAfter[step] ?? this.layout.prunableCount) / this.layout.prunableCount,
    }))
    this.metrics.push(...fresh)
    if (fresh.length) {
      this.done += fresh.length
      const msPerStep = this.msPerStep
      this.emit({ type: 'steps', steps: fresh, msPerStep, secondsLeft: ((this.steps - this.done) * msPerStep) / 1000 })
    }
    await this.failIfHalted(haltedAt)
  }

  /** The device stopped changing weights at the first number that was not finite; everything before it is kept. */
  private async failIfHalted(haltedAt: number | null): Promise<void> {
    if (haltedAt === null) return
    this.bursts.giveUp()
    this.submitted = this.done
    // Cuts behind the halt were asked for and not made.
    this.keptAfter.length = Math.min(this.keptAfter.length, haltedAt)
    this.kept = this.keptAfter[haltedAt - 1] ?? this.keptBefore
    await this.evaluate('end')
    throw new Problem(
      `The loss or the gradient of step ${haltedAt + 1} is not a finite number; `
        + `the run stopped at step ${haltedAt}, the last good one.`,
      'Lower the learning rate, clip the gradient at a smaller norm, or warm up longer.',
    )
  }

  private evaluate(moment: Evaluation['moment']): Promise<void> {
    return this.evaluator.evaluate({ step: this.done, moment, sparsity: this.sparsity })
  }

  private get sparsity(): number {
    return 1 - this.kept / this.layout.prunableCount
  }
}

/** Two bursts may be under way when a pause is asked for, and a tenth of a second is soon enough to answer. */
const burstMs = 50

/** Steps between reads of the device: about a twentieth of a second's work. */
export function burst(msPerStep: number): number {
  return msPerStep > 0 ? Math.max(1, Math.min(64, Math.round(burstMs / msPerStep))) : 1
}
