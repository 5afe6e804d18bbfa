import type { Values } from '../core/knob'
import type { Layout } from '../core/layout'
import type { InputSpec, Model } from '../core/model'
import { Problem } from '../core/problem'
import type { Ops } from './ops'
import { tf, type Tensor, type Variable } from './tfjs'

/** A model over given parameters, ready to be run eagerly or recorded. Tensors are made by the caller and stay his. */
export interface Graph {
  /** Mean loss and its gradient with respect to every parameter at its effective value, dense, in layout order. */
  lossAndGradients(input: Tensor, labels: Tensor): { loss: Tensor; gradients: Tensor[] }
  /** Logits [batch, classes]. */
  logits(input: Tensor): Tensor
  /** Forgets the parameters. */
  dispose(): void
}

export interface GraphOptions {
  readonly model: Model
  readonly values: Values
  readonly layout: Layout
  readonly smoothing: number
  /** Operations with dropout, and without. */
  readonly training: Ops
  readonly evaluation: Ops
}

/**
 * Ties a model to its parameters. `parameters` hold the tensors in layout order; they become variables, because tfjs
 * differentiates with respect to variables without copying them.
 */
export function buildGraph(parameters: readonly Tensor[], { model, values, layout, smoothing, training, evaluation }: GraphOptions): Graph {
  const variables = parameters.map((tensor) => tf.variable(tensor, true))
  const named: Record<string, Variable> = Object.fromEntries(layout.tensors.map((t, i) => [t.name, variables[i] as Variable]))
  return {
    lossAndGradients: (input, labels) => tf.tidy(() => {
      const forward = () => training.crossEntropy(model.forward(training.nn, named, input, values), labels, smoothing).asScalar()
      const { value, grads } = tf.variableGrads(forward, variables)
      return { loss: value, gradients: variables.map((v, i) => grads[v.name] ?? unreached(layout, i)) }
    }),
    logits: (input) => tf.tidy(() => model.forward(evaluation.nn, named, input, values)),
    dispose: () => tf.dispose(variables),
  }
}

function unreached(layout: Layout, i: number): never {
  const name = layout.tensors[i]?.name ?? String(i)
  throw new Problem(`The loss does not depend on the tensor "${name}".`, 'Use it in forward() of the model, or do not list it in tensors().')
}

/** Number of classes and the shape of a batch of inputs. */
export function inputShape(input: InputSpec, batch: number): number[] {
  return input.task === 'image' ? [batch, ...input.shape] : [batch, input.length]
}
