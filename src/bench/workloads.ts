/** What is timed: models of the playground with made-up data, one prepared task for every peer. */
import { check } from '../config/check'
import { defaultExperiment } from '../config/defaults'
import { modelOf } from '../config/modelOf'
import { layered, presets, type Preset } from '../config/presets'
import { plugin } from '../config/registries'
import type { Settings } from '../config/settings'
import type { Examples } from '../core/dataset'
import { pruningOf } from '../core/pruning'
import type { Experiment } from '../core/experiment'
import type { Host } from '../core/host'
import { placeTensors, type Layout } from '../core/layout'
import { Problem } from '../core/problem'
import { batchNumbers, batchReader, makeBatch, type Batch } from '../data/batches'
import type { PruneEvent } from '../engine/executor/executor'
import { initialWeights } from '../engine/executor/initial'
import { Pruner } from '../engine/cuts/pruner'
import { sentences } from './sentences'

/** A named model, batch and data. */
export interface Workload {
  readonly name: string
  readonly batch: number
  /** Settings of the model over the experiment's defaults. */
  readonly model: Settings
  /** Where the inputs come from: `shapes` of so many pixels, or made-up `sentences`. */
  readonly data: { readonly pixels: number } | { readonly vocabulary: number; readonly length: number }
  /** Wants a real GPU: on a software adapter, where a step takes up to minutes, only what needs no GPU is timed. */
  readonly hardware: boolean
}

const vitNano: Settings = {
  model: 'vitTiny',
  'model.width': 64,
  'model.depth': 4,
  'model.heads': 4,
  'model.ratio': 2,
  'model.patch': 4,
  'model.positions': 0.5,
}
const bertNano: Settings = {
  model: 'miniBert',
  'model.width': 64,
  'model.depth': 2,
  'model.heads': 4,
  'model.ratio': 4,
}
const cifar = { pixels: 32 }
const sst2 = { vocabulary: 4000, length: 32 }

/** The workloads, in the order of the table. */
export const workloads: readonly Workload[] = [
  { name: 'vit-nano', batch: 32, model: vitNano, data: cifar, hardware: false },
  { name: 'bert-nano', batch: 32, model: bertNano, data: sst2, hardware: false },
  ofPreset('cifar10-micro'),
  ofPreset('cifar10-tiny'),
  {
    name: 'bert-mini',
    batch: 32,
    model: { ...bertNano, 'model.width': 256, 'model.depth': 4 },
    data: sst2,
    hardware: true,
  },
  // What people fine-tune: a table of 30,522 pieces of text is two thirds of its weights.
  {
    name: 'bert-384',
    batch: 8,
    model: { ...bertNano, 'model.width': 384, 'model.depth': 3, 'model.heads': 6 },
    data: { vocabulary: 30_522, length: 64 },
    hardware: true,
  },
  // For tests and a first look: a few thousand weights, a second on any adapter.
  {
    name: 'vit-toy',
    batch: 8,
    model: { ...vitNano, 'model.width': 16, 'model.depth': 1, 'model.heads': 2 },
    data: { pixels: 8 },
    hardware: false,
  },
  {
    name: 'bert-toy',
    batch: 8,
    model: { ...bertNano, 'model.width': 16, 'model.depth': 1, 'model.heads': 2 },
    data: { vocabulary: 300, length: 8 },
    hardware: false,
  },
]

/** A preset's model and batch, which want a real GPU, on drawings in the place of photographs. */
function ofPreset(name: string): Workload {
  const settings = layered(presets[name] as Preset)
  const model = Object.fromEntries(Object.entries(settings).filter(([key]) => key.startsWith('model')))
  return { name, batch: Number(settings['training.batch']), model, data: cifar, hardware: true }
}

/** The workload of that name. @throws Problem for an unknown one */
export function workloadOf(name: string): Workload {
  const found = workloads.find((w) => w.name === name)
  if (!found)
    throw new Problem(`There is no workload "${name}".`, `Choose among ${workloads.map((w) => w.name).join(', ')}.`)
  return found
}

/** A workload with its weights and batches: the same numbers for every peer. */
export interface Task {
  readonly name: string
  readonly experiment: Experiment
  readonly input: Examples['input']
  readonly layout: Layout
  /** [layout.length] */
  readonly weights: Float32Array<ArrayBuffer>
  /** Different batches; steps beyond the last one begin again. */
  readonly batches: number
  /** The batch of a 0-based step, as the engine takes it. */
  readonly batch: (step: number) => Batch
  /**
   * Its inputs for other libraries, made beforehand: float32 [batch, h, w, c], normalised, or int32 ids [batch,
   * length].
   */
  readonly numbers: (step: number) => Float32Array | Int32Array
  /** SEVENdyn's cut after a 0-based step. After its window the mask is ranked and cut again at the final sparsity. */
  readonly event: (step: number) => PruneEvent
  /** Weights that this cut keeps. */
  readonly kept: (step: number) => number
}

/** Different batches of a task; enough that none is seen twice while losses are compared. */
const batches = 16

/** Steps of SEVENdyn's window: the agreement of ten steps sees half of the weights go. */
const window = 40

/** Makes the inputs and weights of a workload from its seed. */
export async function openTask(workload: Workload, host: Host): Promise<Task> {
  const experiment = experimentOf(workload)
  const examples = await examplesOf(workload, host)
  const layout = placeTensors(modelOf(experiment).tensors(experiment.model.values, examples.input))
  const reader = batchReader(examples, { batch: workload.batch, seed: experiment.seed, augment: 'none' })
  const made = Array.from({ length: batches }, (_, step) => {
    const batch = makeBatch(examples, workload.batch)
    reader.readTrain(step, batch)
    return batch
  })
  const numbers = made.map((batch) => batchNumbers(batch, examples.input))
  const { id, values } = experiment.method
  const pruner = new Pruner(pruningOf(plugin('method', id), values, window), layout)
  const event = (step: number) => pruner.training(Math.min(step, pruner.plan.lastEvent)) as PruneEvent
  return {
    name: workload.name,
    experiment,
    layout,
    batches,
    input: examples.input,
    weights: initialWeights(layout, experiment.seed),
    batch: (step) => made[step % batches] as Batch,
    numbers: (step) => numbers[step % batches] as Float32Array | Int32Array,
    event,
    kept: (step) => event(step).kept,
  }
}

/**
 * SEVENdyn in its window from the first step on, AdamW without decay, clipping, warm-up and schedule: what tfjs's Adam
 * computes too, so that every peer can use its own optimizer. The rate is small: tfjs computes 1 - beta^t in float32,
 * and at 1e-3 from the first step on training is so unsettled that this alone reaches the fourth digit of the loss
 * within ten steps.
 */
export function experimentOf({ batch, model, data }: Pick<Workload, 'batch' | 'model' | 'data'>): Experiment {
  const { experiment, notes } = check(
    {
      ...model,
      seed: 1,
      data: 'vocabulary' in data ? 'phrases' : 'shapes',
      method: 'sevenDyn',
      'method.begin': 0,
      'method.end': 1,
      'method.sparsity': 0.9,
      'training.batch': batch,
      'training.steps': window,
      'training.optimizer': 'adamw',
      'training.rate': 2e-4,
      'training.schedule': 'constant',
      'training.warmup': 0,
      'training.weightDecay': 0,
      'training.clip': 0,
      'training.labelSmoothing': 0,
      'training.dropout': 0,
    },
    defaultExperiment,
  )
  if (notes.length)
    throw new Problem(
      `A workload asks for what the playground does not know: ${notes.join(' ')}`,
      'Correct src/bench/workloads.ts.',
    )
  return experiment
}

function examplesOf({ batch, data }: Workload, host: Host): Promise<Examples> | Examples {
  const count = batches * batch
  if ('vocabulary' in data) return sentences(count, data.vocabulary, data.length)
  const shapes = plugin('data', 'shapes')
  const values = { train: Math.max(64, count), held: 64, noise: 0.1, turn: 20, size: data.pixels }
  return shapes.load(values, { host, seed: 1, signal: new AbortController().signal, progress: () => undefined })
}
