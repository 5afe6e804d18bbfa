/**
 * A method over a recorded run: the same plan, statistics, scores, selection and mask as in a run, but with recorded
 * weights and gradients, and without training. So you can compare this implementation with your own (docs/replay.md).
 */
import { plugin } from '../../config/registries'
import type { Experiment } from '../../core/experiment'
import type { Layout } from '../../core/layout'
import { Problem } from '../../core/problem'
import { formulasOf, pruningOf } from '../../core/pruning'
import { freshSince, timetable } from '../../core/rounds'
import { bit } from '../../core/bits'
import { freshControl } from '../../../shaders/train/norm'
import { observe } from '../../../shaders/train/observe'
import { pruned, stepStruct, stepUniform, type StepScalars } from '../../../shaders/train/step'
import { sgd } from '../../../shaders/train/update'
import { createCpuArena, type CpuArena } from '../twin/cpuArena'
import { CpuCutter } from '../twin/cpuCutter'
import type { Blueprint } from '../executor/blueprint'
import type { PruneEvent, StepInputs } from '../executor/executor'
import { Pruner } from '../cuts/pruner'
import { shuffledMask } from '../cuts/tickets'
import { atRest, stepSettings } from '../executor/settings'

/** One step of a recorded run, each [layout.length] floats in the layout's places. */
export interface RecordedStep {
  /** After the optimizer step. */
  readonly weights: Float32Array
  /** Of this step's loss at the effective weights; for cut weights too, and not clipped. */
  readonly grads: Float32Array
  /** (H g), for methods that probe curvature. */
  readonly curvature?: Float32Array
  /** Learning rate, for methods whose formulas use it. */
  readonly rate?: number
}

/** What a method makes of a step, each [layout.prunableLength]. */
export interface ReplayedStep {
  /** NaN where a weight is not ranked, because it was pruned before. */
  readonly scores: Float32Array
  /** The scores by which weights were chosen to grow; NaN where a weight was kept. */
  readonly grown?: Float32Array
  /** After the step: 1 = kept. */
  readonly mask: Uint8Array
  /** Whether the plan changed the mask here. */
  readonly event: boolean
}

/**
 * A recorded run without its steps. The experiment gives method, knobs and seed; its data, model and training do not
 * matter.
 */
export interface Recording {
  readonly experiment: Experiment
  readonly layout: Layout
  /** Steps recorded: first the batches scored before training, if the method scores any, then training steps. */
  readonly steps: number
  /** Training steps of the whole run, where the recording is only its beginning. */
  readonly trainingSteps?: number
  /** Weights before the first step, [layout.length]. */
  readonly initial: Float32Array
  /** Mask to start from instead of the method's own, bit i % 32 of word i / 32. */
  readonly mask?: Uint32Array
}

/** Feeds the steps to the method, one by one. @throws Problem when the recording is not what the method needs */
export function* replay(recording: Recording, steps: Iterable<RecordedStep>): Generator<ReplayedStep> {
  yield* walk(recording, steps, (pruner) => new ReplayState(recording, pruner))
}

/** Weights, statistics and mask on the way through a recording, and the results of every step. */
export interface Walker<R> {
  resetStatistics(): void
  /** The control of methods that train in rounds: as many weights of each layer, at random places. */
  shuffle(): void
  /**
   * Takes over a step's weights and gradients, gathers what a run gathers, and changes the mask where the plan does.
   */
  take(recorded: RecordedStep, inputs: StepInputs, scoring: boolean): R
}

/** Leads a walker through the steps as a run would: it says when statistics begin anew, and what each step counts. */
export function* walk<R>(
  recording: Recording,
  steps: Iterable<RecordedStep>,
  walkerOf: (pruner: Pruner) => Walker<R>,
): Generator<R> {
  const { pruner, trainingSteps } = prunerOf(recording)
  const { scoringBatches, statisticsFrom, rounds } = pruner.plan
  const table = timetable(trainingSteps, rounds)
  const walker = walkerOf(pruner)
  let [i, round] = [0, 0]
  for (const step of steps) {
    const scoring = i < scoringBatches
    const t = scoring ? i : i - scoringBatches
    const begin = scoring ? 0 : freshSince(table, t)
    if (i > 0 && !scoring && (t === begin || t === statisticsFrom)) walker.resetStatistics()
    if (rounds?.shuffle && t > 0 && t === table.stages.at(-1)?.begin) walker.shuffle()
    const age = scoring || t < statisticsFrom ? t : t - statisticsFrom
    const momentAge = t - (scoring ? round : begin)
    yield walker.take(
      step,
      {
        step: t,
        momentAge,
        rate: step.rate ?? 0,
        phase: scoring ? 0 : (pruner.plan.course?.phase?.(t) ?? 0),
        statisticsStep: scoring ? t : Math.min(age, momentAge),
      },
      scoring,
    )
    i++
    if (scoring && pruner.scoring(t)) round = i
  }
}

/**
 * What the recording's method does at which step.
 * @throws Problem when the recording is too short, or the method cuts by itself
 */
export function prunerOf(recording: Recording): { pruner: Pruner; trainingSteps: number } {
  const { experiment, layout, steps } = recording
  const { id, values } = experiment.method
  const method = plugin('method', id)
  const { label, cut, plan } = pruningOf(method, values, Math.max(1, steps))
  const { scoringBatches, calibration } = plan
  if (calibration !== undefined || cut !== undefined) {
    throw new Problem(
      `${label} cuts in a way of its own, which replay does not run.`,
      'Compare it with its tests in src/methods and src/engine; docs/replay.md lists the methods that are refused.',
    )
  }
  if (scoringBatches > steps) {
    throw new Problem(
      `${label} scores ${scoringBatches} batches before training, and the trace has ${steps} steps.`,
      'Record more of them, or lower the knobs that say how many.',
    )
  }
  const trainingSteps = recording.trainingSteps ?? Math.max(1, steps - scoringBatches)
  return { pruner: new Pruner(pruningOf(method, values, trainingSteps), layout), trainingSteps }
}

/** Over typed arrays. */
class ReplayState implements Walker<ReplayedStep> {
  private readonly arena: CpuArena
  private readonly cutter: RankingCutter
  private readonly blueprint: Pick<Blueprint, 'experiment' | 'pruning' | 'layout'>
  private readonly usesRate: boolean

  constructor(
    private readonly recording: Recording,
    private readonly pruner: Pruner,
  ) {
    const { experiment, layout, initial, mask } = recording
    const { pruning } = pruner
    this.blueprint = { experiment, layout, pruning }
    this.usesRate = formulasOf(pruning).some(({ wgsl }) => /\bx\s*\.\s*rate\b/.test(wgsl))
    this.arena = createCpuArena(layout, pruning.names.length)
    this.arena.weights.set(initial)
    this.arena.initial.set(initial.subarray(0, layout.prunableLength))
    this.cutter = new RankingCutter(this.blueprint, this.arena)
    this.resetStatistics()
    const first = pruner.initial()
    if (mask) this.arena.mask.set(mask)
    else if (first) this.cutter.cut(first, atRest, this.arena.grads, freshControl)
  }

  shuffle(): void {
    const {
      experiment: { seed },
      layout,
    } = this.recording
    this.arena.mask.set(shuffledMask(this.arena.mask, layout, seed))
  }

  resetStatistics(): void {
    const { noiseMean, noiseSquare, importance, own, moment1 } = this.arena
    for (const array of [noiseMean, noiseSquare, importance, moment1, ...own]) array.fill(0)
    this.cutter.assign('start', atRest, freshControl)
  }

  take(recorded: RecordedStep, inputs: StepInputs, scoring: boolean): ReplayedStep {
    this.require(recorded, scoring)
    const { arena, cutter, pruner } = this
    // At rate 0 the update gathers statistics and keeps pruned weights at 0 as in a run, and moves no weight.
    const step = stepStruct.read(stepUniform(stepSettings(this.blueprint, { ...inputs, rate: 0 })))
    arena.grads.set(recorded.grads)
    if (recorded.curvature) arena.curvature.set(recorded.curvature.subarray(0, arena.curvature.length))
    if (scoring) this.place(recorded.weights, step, scoring)
    cutter.assign('gather', inputs, freshControl)
    if (!scoring) {
      cutter.assign('gradient', inputs, freshControl)
      this.place(recorded.weights, step, scoring)
    }
    if (scoring) observe(arena, step, freshControl)
    else sgd(arena, step, freshControl)
    if (scoring) return this.cut(pruner.scoring(inputs.step), inputs, arena.moment1)
    return this.cut(pruner.training(inputs.step), inputs, arena.grads)
  }

  private place(weights: Float32Array, step: StepScalars, scoring: boolean): void {
    const { arena, pruner } = this
    arena.weights.set(weights)
    // While scoring, weights that may come back keep their values, as in a run.
    if (step.pruned !== pruned.held || (scoring && pruner.plan.nested === false)) return
    for (let i = 0; i < step.prunableLength; i++) if (!bit(arena.mask, i)) arena.weights[i] = 0
  }

  private cut(event: PruneEvent | null, inputs: StepInputs, grads: Float32Array): ReplayedStep {
    const { arena, cutter, pruner } = this
    cutter.rankings.length = 0
    if (event) cutter.cut(event, inputs, grads, freshControl)
    else cutter.score('score', inputs, pruner.plan.nested === false ? 'all' : 'kept', grads)
    const [scores = new Float32Array(), grown] = cutter.rankings
    const mask = Uint8Array.from({ length: scores.length }, (_, i) => Number(bit(arena.mask, i)))
    return { scores, mask, event: event !== null, ...(grown ? { grown } : {}) }
  }

  private require({ curvature, rate }: RecordedStep, scoring: boolean): void {
    const { label, plan } = this.pruner.pruning
    if (scoring && plan.probe === 'curvature' && !curvature) {
      throw new Problem(
        `${label} needs the product of Hessian and gradient, and the trace has none.`,
        'Record it as 000000/h/<name> beside the gradient.',
      )
    }
    if (this.usesRate && rate === undefined) {
      throw new Problem(
        `${label} needs the learning rate, and the trace has none.`,
        'Give it in the metadata "rate": one number, or one a step with commas between.',
      )
    }
  }
}

/** A cutter that remembers the scores of its rankings; weights that were not ranked have NaN. */
class RankingCutter extends CpuCutter {
  readonly rankings: Float32Array[] = []

  constructor(
    blueprint: Pick<Blueprint, 'experiment' | 'pruning' | 'layout'>,
    private readonly scored: CpuArena,
  ) {
    super(blueprint, scored)
  }

  override score(...scoring: Parameters<CpuCutter['score']>): void {
    super.score(...scoring)
    this.rankings.push(new Float32Array(this.scored.scores.slice().buffer))
  }
}
