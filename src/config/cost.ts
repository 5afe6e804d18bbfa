import type { Experiment } from '../core/experiment'
import { placeTensors } from '../core/layout'
import type { Plan, Probe } from '../core/method'
import type { InputSpec } from '../core/model'
import { plugin } from './registries'

/** What a method costs beyond training the dense model. */
export interface MethodCost {
  /** float32 numbers that its formulas keep for every prunable weight. */
  readonly floats: number
  /** Prunable weights of the experiment's model; null where its knobs do not fit together. */
  readonly prunable: number | null
  /** Backward passes before the first training step. */
  readonly passesBefore: number
  /** Mask changes during training. */
  readonly maskChanges: number
  /** Trainings from the first step to the last, or from where they rewind to. */
  readonly trainings: number
}

/** Gradients that one scoring batch needs: a Hessian-vector product by differences is two more (docs/algorithms.md 2.6). */
const passesOf: Readonly<Record<Probe, number>> = { loss: 1, curvature: 3, flow: 1 }

/** What a formula sees that is there in any training: weight, gradient, mask, seeded lots, rate, what is known of its matrix. Everything else is stored. */
const free: readonly string[] = ['w', 'g', 'uniform', 'fresh', 'kept', 'rate', 'phase', 'fanIn', 'largest', 'curvature', 'input']

/** The cost of the experiment's method on its model. */
export function costOf(experiment: Experiment): MethodCost {
  const { id, values } = experiment.method
  const method = plugin('method', id)
  const plan = method.plan(values, experiment.training.steps)
  return {
    floats: storedFloats(method), prunable: prunableCount(experiment), maskChanges: changesIn(plan, experiment.training.steps),
    passesBefore: plan.scoringBatches * passesOf[plan.probe ?? 'loss'], trainings: (plan.rounds?.count ?? 0) + 1,
  }
}

/** Distinct numbers beside the free ones that a method's formulas read; SEVEN's importance needs both of its moments. */
function storedFloats(method: object): number {
  const names = formulasIn(method).flatMap((wgsl) => [...wgsl.matchAll(/\bx\.(\w+)/g)].map(([, name]) => name ?? ''))
  const all = names.includes('importance') ? [...names, 'noiseMean', 'noiseSquare'] : names
  return new Set(all.filter((name) => !free.includes(name))).size
}

function formulasIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, entry]) => (key === 'wgsl' && typeof entry === 'string' ? [entry] : formulasIn(entry)))
}

function changesIn(plan: Plan, steps: number): number {
  let changes = 0
  for (let t = 0; t < steps; t++) if (plan.training(t) !== undefined || plan.threshold?.(t) !== undefined) changes++
  return changes
}

/** Prunable matrices lie inside the blocks: their sizes depend on the input through the size of images alone. */
function prunableCount({ data, model }: Experiment): number | null {
  try {
    return placeTensors(plugin('model', model.id).tensors(model.values, usualInput(data.id, data.values))).prunableCount
  } catch {
    return null
  }
}

/** The input of a data set before it is loaded: its knobs where they say, else what its examples usually have. */
export function usualInput(id: string, values: Readonly<Record<string, unknown>>): InputSpec {
  const known = (name: string, usual: number) => (typeof values[name] === 'number' ? values[name] : usual)
  if (plugin('data', id).task === 'text') return { task: 'text', vocabulary: known('vocabulary', 1000), length: known('length', 32), classes: 2 }
  return { task: 'image', shape: [known('size', 32), known('size', 32), 3], classes: 10 }
}
