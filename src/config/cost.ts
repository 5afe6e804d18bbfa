import { passesOfCurvature } from '../core/curvature'
import { candidatesOf } from '../core/candidates'
import type { CutPasses } from '../core/cut'
import type { Experiment } from '../core/experiment'
import { placeTensors, type Layout } from '../core/layout'
import type { Method } from '../core/method'
import type { Plan } from '../core/plan'
import type { Formula } from '../core/view'
import type { InputSpec } from '../core/model'
import { remembersWeights } from '../core/rounds'
import type { Group } from '../core/scope'
import { modelOf } from './modelOf'
import { plugin } from './registries'

/** What a method costs beyond training the dense model. */
export interface MethodCost {
  /** float32 numbers that it keeps for every prunable weight. */
  readonly floats: number
  /** Prunable weights of the experiment's model; null where its knobs do not fit together. */
  readonly prunable: number | null
  /** float32 numbers in copies of all parameters, to which a run goes back. */
  readonly copied: number
  /** Numbers in tensors of its own; each also needs a gradient and two moments. */
  readonly own: number
  /** Backward passes before the first training step. */
  readonly passesBefore: number
  /** Mask changes during training. */
  readonly maskChanges: number
  /** How often all of these together run the model. */
  readonly cutPasses: CutPasses
  /** Trainings from the first step, or from the rewinding point, to the last. */
  readonly trainings: number
  /** Gradient passes of the whole run over those of dense training; a forward pass alone is a third of one. */
  readonly relative: number
}

/** The cost of the experiment's method on its model. */
export function costOf(experiment: Experiment): MethodCost {
  const {
    method: { id, values },
    training: { steps },
  } = experiment
  const method = plugin('method', id)
  const plan = method.plan(values, steps)
  const layout = fitting(() => layoutOf(experiment))
  const passesBefore = plan.probe === 'curvature' ? passesOfCurvature(plan.scoringBatches) : plan.scoringBatches
  const cutPasses = fitting(() => layout && passesAtCuts(experiment, plan, layout)) ?? none
  return {
    floats: storedFloats(method, experiment.method.values, plan),
    prunable: layout?.prunableCount ?? null,
    passesBefore,
    cutPasses,
    copied: plan.rounds && remembersWeights(plan.rounds) ? (layout?.parameterCount ?? 0) : 0,
    own: fitting(() => layout && ownNumbers(experiment, layout)) ?? 0,
    maskChanges: changesIn(plan, steps).length,
    trainings: (plan.rounds?.count ?? 0) + 1,
    relative: 1 + (passesBefore + cutPasses.gradients + cutPasses.forward / 3) / steps,
  }
}

/** Numbers that formulas read and that a method by itself would have to keep; the engine gathers them in any case. */
const gathered = ['noiseMean', 'noiseSquare', 'importance']

/**
 * A method's own numbers, other past numbers that its formulas read, and those of its probe; age and rate are the same
 * for all weights.
 */
function storedFloats(method: Method, values: Experiment['method']['values'], plan: Plan): number {
  const { statistics: { names = [], start, gather, digest } = {}, initialScore, grow, step, candidate } = method
  const formulas = [
    method.scoreBy?.(values) ?? method.score,
    step,
    candidate,
    plan.initial === undefined ? undefined : initialScore,
    plan.exchange && grow,
    ...[start, gather, digest].flatMap((pass) => Object.values<Formula | undefined>(pass ?? {})),
  ]
  const read = new Set(
    formulas.flatMap((formula) => [...(formula?.wgsl ?? '').matchAll(/\bx\.(\w+)/g)].map(([, name]) => name ?? '')),
  )
  // SEVEN's importance is made of both moments.
  const statistics = read.has('importance') ? gathered.length : gathered.filter((name) => read.has(name)).length
  const probed = plan.probe === 'curvature'
  return names.length + statistics + Number(probed || read.has('initial')) + Number(probed)
}

/**
 * Sparsities to which mask changes in training lead, one a change. A threshold decides where a change cuts, not when.
 */
function changesIn(plan: Plan, steps: number): number[] {
  return Array.from({ length: steps }, (_, t) => plan.training(t)).filter((sparsity) => sparsity !== undefined)
}

const none: CutPasses = { forward: 0, gradients: 0 }

function passesAtCuts(
  { method: { id, values }, training: { steps } }: Experiment,
  plan: Plan,
  layout: Layout,
): CutPasses {
  const method = plugin('method', id)
  const changes = changesIn(plan, steps)
  const scope = method.scope(values)
  if (plan.calibration) {
    const passes = (scope === 'global' ? 1 : blocksOf(layout)) + (plan.calibration.outliers ? 1 : 0)
    return {
      forward: changes.length * plan.calibration.batches * passes,
      gradients: 0,
    }
  }
  if (method.passes === undefined) return none
  const candidates = candidatesOf(layout, method.granularity?.(values))
  const groups = (sparsity: number) => candidates.groups(scope, sparsity, plan.rounding)
  const final = groups(method.target(values))
  // As the pruner's: no group falls below its final count on the way.
  const onTheWay = (sparsity: number) =>
    groups(sparsity).map((group, i) => ({ ...group, kept: Math.max(group.kept, final[i]?.kept ?? 0) }))
  const asked = [groups(0), ...changes.map(onTheWay)]
  return asked
    .slice(1)
    .map((after, i) => method.passes?.(values, after, asked[i] as readonly Group[]) ?? none)
    .reduce(plus, none)
}

function plus(a: CutPasses, b: CutPasses): CutPasses {
  return { forward: a.forward + b.forward, gradients: a.gradients + b.gradients }
}

/** Blocks that a calibration goes through one by one; the first part of a matrix's name is its block. */
function blocksOf({ prunable }: Layout): number {
  return new Set(prunable.map(({ name }) => name.split('/')[0])).size
}

/**
 * The model's tensors without the method's. Prunable matrices lie inside the blocks, so their sizes depend on nothing
 * of the input but the size of images.
 */
function layoutOf({ data, model }: Experiment): Layout {
  return placeTensors(plugin('model', model.id).tensors(model.values, usualInput(data.id, data.values)))
}

function ownNumbers(experiment: Experiment, plain: Layout): number {
  const { data, model } = experiment
  const size = ({ tensors }: Layout) => tensors.reduce((sum, tensor) => sum + tensor.size, 0)
  return size(placeTensors(modelOf(experiment).tensors(model.values, usualInput(data.id, data.values)))) - size(plain)
}

/** Null where knobs of model, data and method do not fit together, which Start says. */
function fitting<T>(make: () => T): T | null {
  try {
    return make()
  } catch {
    return null
  }
}

/** The input of a data set before it is loaded: as its knobs say, else as its examples usually are. */
export function usualInput(id: string, values: Readonly<Record<string, unknown>>): InputSpec {
  const known = (name: string, usual: number) => (typeof values[name] === 'number' ? values[name] : usual)
  if (plugin('data', id).task === 'text')
    return { task: 'text', vocabulary: known('vocabulary', 1000), length: known('length', 32), classes: 2 }
  return { task: 'image', shape: [known('size', 32), known('size', 32), 3], classes: 10 }
}
