import { hashOf } from '../../config/identity'
import { plugin } from '../../config/registries'
import type { Examples } from '../../core/dataset'
import type { Experiment } from '../../core/experiment'
import type { Store } from '../../core/host'
import type { Layout } from '../../core/layout'
import type { Pretraining } from '../../core/start'
import type { BackendReport, TrainerEvent } from '../../core/trainer'
import type { Executor } from '../executor/executor'
import { initialWeights } from '../executor/initial'
import { digestOf } from './digest'
import type { SessionOptions } from './openSession'
import { allOf } from './allOf'
import type { Pretrainer } from './pretrainer'
import { readStart, startFile, type Learnt } from './startFile'

interface Task {
  readonly experiment: Experiment
  readonly examples: Examples
  readonly layout: Layout
  readonly report: BackendReport
  readonly options: SessionOptions
  /** Weights that were trained elsewhere, by name. */
  readonly taken: { readonly weights: ReadonlyMap<string, Float32Array> } | null
}

/** What has to be learnt before the task, and under which key it is kept. */
interface Learning {
  readonly asked: Pretraining
  readonly key: string
  readonly cache: Store
  /** @throws AbortError when the signal fires before it is open */
  readonly open: (signal: AbortSignal) => Promise<Pretrainer>
}

/** The weights that a run begins with, and how they come to be. */
export class Starter {
  private made: Float32Array<ArrayBuffer>
  private pretrainer: Pretrainer | null = null

  private constructor(
    private readonly layout: Layout,
    seed: number,
    private learning: Learning | null,
  ) {
    this.made = initialWeights(layout, seed)
  }

  /** Random weights. */
  static scratch(layout: Layout, seed: number): Starter {
    return new Starter(layout, seed, null)
  }

  /** What was learnt before, for the same model and data on the same device, is read from the cache. */
  static async open(task: Task): Promise<Starter> {
    const { experiment, examples, layout, options } = task
    const asked = askedOf(experiment)
    if (!asked) {
      const starter = Starter.scratch(layout, experiment.seed)
      if (task.taken) starter.take([...task.taken.weights].map(([name, values]) => ({ name, values })))
      return starter
    }
    const { cache } = options.host
    const key = `start ${await keyOf(task, asked)}`
    const learning = {
      asked,
      cache,
      key,
      open: async (signal: AbortSignal) => {
        const { Pretrainer } = await import('./pretrainer')
        return Pretrainer.open(
          experiment,
          asked,
          examples,
          { ...options, signal },
          { store: cache, name: `${key} begun` },
        )
      },
    }
    const starter = new Starter(layout, experiment.seed, learning)
    const file = await cache.get(key)
    const kept = file && readStart(new Uint8Array(file))
    if (!kept || !isWhole(kept.tensors, task)) return starter
    starter.take(kept.tensors)
    const step = asked.steps
    const progress = { step, steps: step, losses: kept.losses, msPerStep: 0, secondsLeft: 0 }
    options.emit({ type: 'pretraining', progress })
    return starter
  }

  /** All parameters before the first step of the task, [layout.length]. */
  get weights(): Float32Array<ArrayBuffer> {
    return this.made
  }

  /**
   * Learns what comes before the task, where anything does, and gives its weights to the executor.
   * @param paused interrupts it; the next call goes on there
   * @returns whether it came to its end
   */
  async begin(executor: Executor, paused: AbortSignal, emit: (event: TrainerEvent) => void): Promise<boolean> {
    const { learning } = this
    if (!learning) return true
    const { asked, cache, key } = learning
    emit({ type: 'phase', phase: 'scoring', text: `Before the task: ${asked.text}` })
    const pretrainer = (this.pretrainer ??= await openUnless(paused, learning))
    if (!pretrainer || !(await pretrainer.train(paused, (progress) => emit({ type: 'pretraining', progress }))))
      return false
    const tensors = await pretrainer.learnt()
    // Where there is no room for all of it, what was saved on the way stays.
    if (await cache.put(key, startFile({ tensors, losses: pretrainer.curve }).buffer)) await pretrainer.forget()
    this.take(tensors)
    this.dispose()
    await executor.setWeights({ weights: this.made, moments: 'fresh' })
    emit({ type: 'phase', phase: 'running', text: 'Training' })
    return true
  }

  dispose(): void {
    this.pretrainer?.dispose()
    this.pretrainer = null
  }

  /** What is not among the tensors, such as the head, stays as it was drawn. */
  private take(tensors: readonly Pick<Learnt, 'name' | 'values'>[]): void {
    const places = new Map(this.layout.tensors.map((t) => [t.name, t]))
    const weights = this.made.slice()
    for (const { name, values } of tensors) {
      const place = places.get(name)
      if (place?.size === values.length) weights.set(values, place.offset)
    }
    this.made = weights
    this.learning = null
  }
}

/** Null where it was interrupted while it read its examples or compiled. */
async function openUnless(paused: AbortSignal, { open }: Learning): Promise<Pretrainer | null> {
  try {
    return await open(paused)
  } catch (error) {
    if (paused.aborted && error instanceof Error && error.name === 'AbortError') return null
    throw error
  }
}

/** What is learnt first, if anything is. All of the user's files may not be read: some are held out from the task. */
function askedOf({ start, data }: Experiment): Pretraining | undefined {
  const asked = plugin('start', start.id).pretraining?.(start.values)
  return asked && { ...asked, all: asked.all && !plugin('data', data.id).ownFiles }
}

/** Whether every tensor of the model is there that is not drawn anew. */
function isWhole(tensors: readonly Learnt[], { experiment: { model }, examples: { input } }: Task): boolean {
  const recipe = plugin('model', model.id)
  const sizes = new Map(tensors.map(({ name, values }) => [name, values.length]))
  return recipe
    .tensors(model.values, input)
    .filter(({ name }) => !recipe.trunk?.above.includes(name.split('/')[0] ?? ''))
    .every(({ name, shape }) => sizes.get(name) === shape.reduce((a, b) => a * b, 1))
}

/** Counts up when the same settings come to learn something else. */
const version = 1

/** A hash of all that decides what is learnt. */
async function keyOf({ experiment, examples, report }: Task, asked: Pretraining): Promise<string> {
  const { data, model, start, seed, training } = experiment
  const { input, vocabulary } = examples
  const read = asked.all ? allOf(data) : { data, seed, digest: await digestOf(examples) }
  return hashOf(
    JSON.stringify([
      version,
      read,
      model,
      start,
      input,
      vocabulary ?? null,
      [training.augment, training.precision],
      [report.backend, report.device],
    ]),
  )
}
