import { sitesOf } from '../../config/modelOf'
import type { InputMoment } from '../../core/cut'
import type { Nn } from '../../core/model'
import { gateGradients } from '../../tf/gateGradients'
import { inputSums, type InputSum } from '../../tf/inputSums'
import type { Ops } from '../../tf/ops'
import { tf, type Tensor } from '../../tf/tfjs'
import type { Blueprint } from './blueprint'

/** Sums over batches, by the names of matrices or of layers of units, in doubles. */
export type Sums = Map<string, Float64Array>

/** A model at a batch, in evaluation mode. */
export interface Watched {
  readonly blueprint: Blueprint
  readonly ops: Ops
  /** Parameters by name. */
  readonly params: Readonly<Record<string, Tensor>>
  /** Token ids, or images. */
  readonly x: Tensor
  readonly labels: Tensor
}

/** Runs a model once and sums something up on the way; the caller disposes the sums. */
export type Watch = (watched: Watched) => InputSum[]

/** Sums over the rows that enter the linear layers of these matrices; padding does not count. */
export function watchInputs(names: readonly string[], moment: InputMoment): Watch {
  const wanted = new Set(names)
  return (watched) => {
    const {
      ops,
      params,
      x,
      blueprint: { input },
    } = watched
    return inputSums(ops.nn, { params, wanted, moment, ...(input.task === 'text' ? { ids: x } : {}) }, (nn) =>
      logitsOf(nn, watched),
    )
  }
}

/** For every head and neuron the sum over examples of |dL/dgate|, by layer. */
export const watchGates: Watch = (watched) => {
  const {
    ops,
    labels,
    blueprint: {
      layout,
      experiment: {
        training: { batch, labelSmoothing },
      },
    },
  } = watched
  return gateGradients(ops.nn, sitesOf(layout.tensors), batch, (nn) =>
    ops.crossEntropy(logitsOf(nn, watched), labels, labelSmoothing),
  )
}

/** The gradient of the loss by every matrix that may be pruned, by its name. */
export const watchGradients: Watch = ({ ops, labels, params, ...watched }) => {
  const { layout, experiment } = watched.blueprint
  const names = layout.prunable.map(({ name }) => name)
  const loss = (...matrices: Tensor[]) => {
    const own = { ...params, ...Object.fromEntries(matrices.map((matrix, i) => [names[i] ?? '', matrix])) }
    const made = logitsOf(ops.nn, { ...watched, ops, labels, params: own })
    return ops.crossEntropy(made, labels, experiment.training.labelSmoothing).asScalar()
  }
  const gradients = tf.tidy(() => tf.grads(loss)(names.flatMap((name) => params[name] ?? [])))
  return gradients.map((sum, i) => ({ names: [names[i] ?? ''], sum }))
}

/** The logits of a watched model by these operations. */
export function logitsOf(nn: Nn, { params, x, blueprint: { experiment, model, input } }: Watched): Tensor {
  return model.forward(nn, params, x, experiment.model.values, input)
}

/** Takes a batch's part for these names. */
export type Add = (sums: Sums, names: readonly string[], part: Float32Array) => void

/** Adds it up. */
export function addSums(sums: Sums, names: readonly string[], part: Float32Array): void {
  for (const name of names) {
    const sum = sums.get(name) ?? new Float64Array(part.length)
    part.forEach((value, i) => {
      sum[i] = (sum[i] ?? 0) + value
    })
    sums.set(name, sum)
  }
}
