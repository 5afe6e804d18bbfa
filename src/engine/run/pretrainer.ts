import { check } from '../../config/check'
import { modelOf } from '../../config/modelOf'
import { scratchId } from '../../config/registries'
import type { Examples } from '../../core/dataset'
import type { Experiment } from '../../core/experiment'
import { defaults } from '../../core/knob'
import { placeTensors, type Layout } from '../../core/layout'
import { nextTask } from '../../core/nextTask'
import type { Learner, Objective } from '../../core/objective'
import { Problem } from '../../core/problem'
import { randomStream } from '../../core/random'
import { rateFactor } from '../../core/schedule'
import type { Pretraining } from '../../core/start'
import { trainingKnobs } from '../../core/training'
import type { PretrainingProgress } from '../../core/trainer'
import { batchReader, makeBatch, type Batch, type TrainReader } from '../../data/batches'
import type { Drained, Executor } from '../executor/executor'
import { initialWeights } from '../executor/initial'
import { burst, Bursts } from './bursts'
import { allOf } from './allOf'
import { loadExamples } from './loadExamples'
import type { SessionOptions } from './openSession'
import { openExecutor } from './runtime'
import { runtimeOptions } from './runtimeOptions'
import type { Learnt } from './startFile'

/** Share of the steps in which the rate rises. */
const rising = 0.1

/** Trains a model on an objective before its task, on an executor of its own. */
export class Pretrainer {
  private readonly losses: { step: number; loss: number }[] = []
  private readonly bursts: Bursts
  private readonly batch: Batch
  private readonly reader: TrainReader
  private submitted = 0

  private constructor(
    private readonly asked: Pretraining,
    private readonly learner: Learner,
    private readonly executor: Executor,
    examples: Examples,
    augment: string,
    now: () => number,
  ) {
    const { batch, seed } = asked
    this.bursts = new Bursts(now)
    this.reader = batchReader(examples, { batch, seed, augment })
    const labels = new Int32Array(batch * asked.objective.words(learner))
    this.batch = { ...makeBatch(examples, batch), labels }
    void executor.setWeights({ weights: initialWeights(executor.layout, seed), moments: 'fresh' })
  }

  /** @param examples of the task. @throws Problem as opening a run does; AbortError */
  static async open(
    experiment: Experiment,
    asked: Pretraining,
    examples: Examples,
    options: SessionOptions,
  ): Promise<Pretrainer> {
    const own = asked.all ? await allExamples(experiment, asked, examples, options) : examples
    const task = experimentOf(experiment, asked)
    const learner = { model: modelOf(task), values: task.model.values, input: own.input }
    const layout = layoutOf(learner, asked.objective)
    const executor = await openExecutor(task, own.input, layout, runtimeOptions(options), asked.objective)
    return new Pretrainer(asked, learner, executor, own, task.training.augment, () => options.host.now())
  }

  /**
   * Trains to the end, or until the signal fires; the next call goes on there.
   * @returns whether it came to its end
   * @throws Problem where the loss stops being finite
   */
  async train(paused: AbortSignal, tell: (progress: PretrainingProgress) => void): Promise<boolean> {
    const { asked, bursts, executor } = this
    while (this.submitted < asked.steps && !paused.aborted) {
      const last = Math.min(asked.steps, this.submitted + burst(this.msPerStep))
      const begun = bursts.now()
      while (this.submitted < last) this.trainOnce(this.submitted++)
      bursts.add(begun, executor.drain())
      if (bursts.count > 1) this.read(await bursts.next(), tell)
      await nextTask()
    }
    while (bursts.count > 0) this.read(await bursts.next(), tell)
    return this.submitted >= asked.steps
  }

  /** What the task goes on with: the tensors of the model that learnt. */
  async learnt(): Promise<readonly Learnt[]> {
    const { executor, learner } = this
    const weights = await executor.weights()
    const own = new Set(learner.model.tensors(learner.values, learner.input).map(({ name }) => name))
    return executor.layout.tensors
      .filter(({ name, frozen }) => own.has(name) && !frozen)
      .map(({ name, shape, offset, size }) => ({ name, shape, values: weights.slice(offset, offset + size) }))
  }

  /** All losses so far. */
  get curve(): readonly { readonly step: number; readonly loss: number }[] {
    return this.losses
  }

  dispose(): void {
    this.executor.dispose()
  }

  private get msPerStep(): number {
    return this.losses.length > 0 ? this.bursts.milliseconds / this.losses.length : 0
  }

  private trainOnce(step: number): void {
    const { asked, learner, reader, batch, executor } = this
    reader.readTrain(step, batch)
    asked.objective.hide(batch, learner, randomStream(asked.seed, 'hidden', step))
    const rate = asked.rate * rateFactor('linear', step, asked.steps, Math.ceil(rising * asked.steps))
    executor.train(batch, { step, momentAge: step, statisticsStep: step, rate, unjudged: true }, null)
  }

  private read({ steps, haltedAt }: Drained, tell: (progress: PretrainingProgress) => void): void {
    const losses = steps.map(({ step, loss }) => ({ step: step + 1, loss }))
    this.losses.push(...losses)
    if (haltedAt !== null)
      throw new Problem(
        `In training before the task, the loss is no number after step ${haltedAt + 1}.`,
        'Lower the rate before (start.rate).',
      )
    const { msPerStep } = this
    const { steps: all } = this.asked
    const step = this.losses.length
    if (losses.length > 0) tell({ step, steps: all, losses, msPerStep, secondsLeft: ((all - step) * msPerStep) / 1000 })
  }
}

/** The model's tensors, of which those above the blocks learn nothing, and the objective's. */
export function layoutOf(learner: Learner, objective: Objective): Layout {
  const above = learner.model.trunk?.above ?? []
  const own = learner.model
    .tensors(learner.values, learner.input)
    .map((t) => (above.includes(t.name.split('/')[0] ?? '') ? { ...t, frozen: true as const, decay: false } : t))
  return placeTensors([...own, ...objective.tensors(learner)])
}

/** The run that learns: nothing is pruned, and training is as its knobs have it, whatever the task's are set to. */
function experimentOf(experiment: Experiment, { steps, batch, rate, seed }: Pretraining): Experiment {
  const { augment, precision } = experiment.training
  const settings = {
    seed,
    method: 'dense',
    start: scratchId,
    'training.steps': steps,
    'training.batch': batch,
    'training.rate': rate,
    'training.weightDecay': 0.01,
    'training.augment': augment,
    'training.precision': precision,
  }
  return check(settings, { ...experiment, training: defaults(trainingKnobs) }).experiment
}

/**
 * All examples of the data set, spelt as the task is. Images have their own mean and deviation: those of the task's
 * differ from seed to seed.
 */
async function allExamples(
  { data }: Experiment,
  { seed }: Pretraining,
  { input, vocabulary }: Examples,
  options: SessionOptions,
): Promise<Examples> {
  const examples = await loadExamples(allOf(data), seed, options, vocabulary)
  return { ...examples, input }
}
