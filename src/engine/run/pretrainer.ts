import { check } from '../../config/check'
import { modelOf } from '../../config/modelOf'
import { scratchId } from '../../config/registries'
import type { Examples } from '../../core/dataset'
import type { Store } from '../../core/host'
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
import type { Stateful } from '../executor/stateful'
import { initialWeights } from '../executor/initial'
import { burst, Bursts } from './bursts'
import { allOf } from './allOf'
import { copyRun, loadRun, type Checkpoint, type Parts, type PendingCheckpoint } from './checkpoint'
import { checkpointFile, readCheckpoint } from './checkpointFile'
import { CheckpointKeeper } from './checkpointKeeper'
import { loadExamples } from './loadExamples'
import type { SessionOptions } from './openSession'
import { openExecutor } from './runtime'
import { runtimeOptions } from './runtimeOptions'
import { firstSaveSeconds, SavePace, usualSaveSeconds } from './savePace'
import type { Learnt } from './startFile'

/** Share of the steps in which the rate rises. */
const rising = 0.1

/** The page is told at most so often: it draws no faster, and a step may take less than a millisecond. */
const tellEveryMs = 100

type Tell = (progress: PretrainingProgress) => void

/** Where what has been learnt so far is kept until all of it is. */
interface Place {
  readonly store: Store
  readonly name: string
}

/** Trains a model on an objective before its task, on an executor of its own. */
export class Pretrainer {
  private readonly losses: { step: number; loss: number }[] = []
  /** Of the losses so many were told, the last ones at this time. */
  private told = { count: 0, at: -Infinity }
  private readonly keeper: CheckpointKeeper
  private readonly bursts: Bursts
  private readonly batch: Batch
  private readonly reader: TrainReader
  private submitted = 0

  private constructor(
    private readonly asked: Pretraining,
    private readonly learner: Learner,
    private readonly executor: Executor,
    /** The run that learns. */
    private readonly task: Experiment,
    private readonly place: Place,
    examples: Examples,
    now: () => number,
  ) {
    const { batch, seed } = asked
    this.bursts = new Bursts(now)
    const pace = new SavePace(now, 1000 * usualSaveSeconds, 1000 * firstSaveSeconds)
    this.keeper = new CheckpointKeeper(pace, (checkpoint) => this.put(checkpoint))
    this.reader = batchReader(examples, { batch, seed, augment: task.training.augment })
    const labels = new Int32Array(batch * asked.objective.words(learner))
    this.batch = { ...makeBatch(examples, batch), labels }
    void executor.setWeights({ weights: initialWeights(executor.layout, seed), moments: 'fresh' })
  }

  /**
   * Goes on from what an earlier visit left at the place, where it left anything.
   * @param examples of the task. @throws Problem as opening a run does; AbortError
   */
  static async open(
    experiment: Experiment,
    asked: Pretraining,
    examples: Examples,
    options: SessionOptions,
    place: Place,
  ): Promise<Pretrainer> {
    const own = asked.all ? await allExamples(experiment, asked, examples, options) : examples
    const task = experimentOf(experiment, asked)
    const learner = { model: modelOf(task), values: task.model.values, input: own.input }
    const layout = layoutOf(learner, asked.objective)
    const executor = await openExecutor(task, own.input, layout, runtimeOptions(options), asked.objective)
    const pretrainer = new Pretrainer(asked, learner, executor, task, place, own, () => options.host.now())
    await pretrainer.goOn()
    return pretrainer
  }

  /**
   * Trains to the end, or until the signal fires; the next call goes on there. What was learnt is kept from time to
   * time, and where the signal fires.
   * @returns whether it came to its end
   * @throws Problem where the loss stops being finite
   */
  async train(paused: AbortSignal, tell: Tell): Promise<boolean> {
    const { asked, bursts, executor, keeper } = this
    while (this.submitted < asked.steps && !paused.aborted) {
      const last = Math.min(asked.steps, this.submitted + burst(this.msPerStep))
      const begun = bursts.now()
      while (this.submitted < last) this.trainOnce(this.submitted++)
      bursts.add(begun, executor.drain())
      if (bursts.count > 1) this.read(await bursts.next())
      this.tell(tell)
      await keeper.offer(this)
      await nextTask()
    }
    await this.settle()
    this.tell(tell, 0)
    const isDone = this.submitted >= asked.steps
    if (!isDone) await keeper.take(this)
    await keeper.settle()
    return isDone
  }

  /** Waits for the steps under way. @throws Problem where the loss stops being finite */
  async settle(): Promise<void> {
    while (this.bursts.count > 0) this.read(await this.bursts.next())
  }

  /** A copy of what has been learnt, which may be read while it goes on. */
  copy(): Promise<PendingCheckpoint> {
    return Promise.resolve(copyRun(this.task, this.submitted, this.executor, this.parts))
  }

  /** All has been learnt, and is kept elsewhere. */
  async forget(): Promise<void> {
    await this.place.store.remove(this.place.name)
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

  private read({ steps, haltedAt }: Drained): void {
    this.losses.push(...steps.map(({ step, loss }) => ({ step: step + 1, loss })))
    if (haltedAt !== null)
      throw new Problem(
        `In training before the task, the loss is no number after step ${haltedAt + 1}.`,
        'Lower the rate before (start.rate).',
      )
  }

  /** Tells what is new, unless that is too soon. */
  private tell(tell: Tell, everyMs = tellEveryMs): void {
    const { told, losses, msPerStep } = this
    const { steps } = this.asked
    const now = this.bursts.now()
    if (losses.length === told.count || now - told.at < everyMs) return
    const step = losses.length
    this.told = { count: step, at: now }
    tell({ step, steps, losses: losses.slice(told.count), msPerStep, secondsLeft: ((steps - step) * msPerStep) / 1000 })
  }

  private get parts(): Parts {
    const losses: Stateful<Float64Array> = {
      save: () => Float64Array.from(this.losses, ({ loss }) => loss),
      load: (saved) => this.losses.push(...Array.from(saved, (loss, i) => ({ step: i + 1, loss }))),
    }
    return { losses, bursts: this.bursts }
  }

  private async put(checkpoint: Checkpoint): Promise<void> {
    const { buffer } = await checkpointFile(checkpoint)
    await this.place.store.put(this.place.name, buffer)
  }

  private async goOn(): Promise<void> {
    const file = await this.place.store.get(this.place.name)
    const checkpoint = file && (await wholeOf(file))
    if (!checkpoint) return
    loadRun(checkpoint, this.task, this.executor, this.parts)
    this.submitted = this.losses.length
  }
}

/** Null for what is damaged, or of another version: it is learnt again. */
async function wholeOf(file: ArrayBuffer): Promise<Checkpoint | null> {
  try {
    return await readCheckpoint(new Uint8Array(file), 'What was learnt before the task')
  } catch {
    return null
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
