import type { Values } from '../core/knob'
import type { Layout } from '../core/layout'
import type { Probe } from '../core/plan'
import type { InputSpec, Model, Nn, TensorSpec } from '../core/model'
import type { Objective } from '../core/objective'
import { Problem } from '../core/problem'
import type { Ops } from './ops'
import { differentiable } from './ops/differentiable'
import { flowNn } from './probes/flow'
import { tf, type Scalar, type Tensor, type Variable } from './tfjs'

/** A model over given parameters, ready to be run eagerly or recorded. Tensors are made by the caller and stay his. */
export interface Graph {
  /** Mean loss and its gradient with respect to every parameter at its effective value, dense, in layout order. */
  lossAndGradients(input: Tensor, labels: Tensor): Differentiated
  /**
   * The gradient of the mean loss by the images themselves (float32 [batch, height, width, channels]), of their shape.
   */
  towardsImages(images: Tensor, labels: Tensor): Tensor
  /** What scoring before training differentiates (`Plan.probe`); tensors without a part in it get zeros. */
  probe(input: Tensor, labels: Tensor, options: ProbeOptions): Differentiated
  /** Logits [batch, classes]. */
  logits(input: Tensor): Tensor
  /** Forgets the parameters. */
  dispose(): void
}

/** A scalar and its gradients with respect to every parameter, in layout order; null of those that do not train. */
export interface Differentiated {
  readonly loss: Tensor
  readonly gradients: readonly (Tensor | null)[]
}

/** How weights are probed before training. */
export interface ProbeOptions {
  readonly probe: Probe
  /** Divides the logits where curvature is probed. */
  readonly temperature: number
}

export interface GraphOptions {
  readonly model: Model
  /** What is learnt in the place of the task. */
  readonly objective?: Objective
  readonly values: Values
  /** What a batch is. */
  readonly spec: InputSpec
  readonly layout: Layout
  readonly smoothing: number
  /** Factor on the gradient of what the model penalises, a scalar; 1 unless given. */
  readonly pressure?: Tensor
  /** Operations with dropout, and without. */
  readonly training: Ops
  readonly evaluation: Ops
  /** Operations that are differentiated by images, without dropout; `evaluation` where that makes no difference. */
  readonly attacking?: Ops
}

/**
 * Ties a model to its parameters. `parameters` hold the tensors in layout order; they become variables, because tfjs
 * differentiates with respect to variables without copying them.
 */
export function buildGraph(
  parameters: readonly Tensor[],
  {
    model,
    objective,
    values,
    spec,
    layout,
    smoothing,
    pressure,
    training,
    evaluation,
    attacking = evaluation,
  }: GraphOptions,
): Graph {
  const variables = parameters.map((tensor, i) => tf.variable(tensor, trains(layout.tensors[i])))
  const named: Record<string, Variable> = Object.fromEntries(
    layout.tensors.map((t, i) => [t.name, variables[i] as Variable]),
  )
  const lossOf = (ops: Ops, input: Tensor, labels: Tensor, temperature = 1) => {
    const amounts: Tensor[] = []
    const nn: Nn = {
      ...ops.nn,
      penalise: (f) => {
        amounts.push(f())
      },
    }
    const taskLoss = () => {
      const logits = model.forward(nn, named, input, values, spec)
      return ops.crossEntropy(temperature === 1 ? logits : logits.div(temperature), labels, smoothing)
    }
    const objectiveLoss = (asked: Objective) =>
      asked.loss(
        {
          nn,
          params: named,
          input,
          hidden: labels,
          crossEntropy: (logits, classes) => ops.crossEntropy(logits, classes, 0),
        },
        { model, values, input: spec },
      )
    const loss = (objective ? objectiveLoss(objective) : taskLoss()).asScalar()
    return amounts.reduce<Scalar>((sum, amount) => pushed(sum, amount, pressure ?? tf.scalar(1)), loss)
  }
  const differentiate = (f: () => Scalar, missing: (i: number) => Tensor): Differentiated => {
    const gradientOf = (v: Variable, i: number, grads: Readonly<Record<string, Tensor>>) =>
      trains(layout.tensors[i]) ? (grads[v.name] ?? missing(i)) : null
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(f, variables)
      const made: Differentiated = { loss: value, gradients: variables.map((v, i) => gradientOf(v, i, grads)) }
      return made as unknown as tf.TensorContainerObject
    }) as unknown as Differentiated
  }
  const lossWith = (ops: Ops, input: Tensor, labels: Tensor, temperature?: number) =>
    differentiate(
      () => lossOf(ops, input, labels, temperature),
      (i) => unreached(layout, i),
    )
  return {
    lossAndGradients: (input, labels) => lossWith(training, input, labels),
    towardsImages: (images, labels) => tf.tidy(() => tf.grad((x) => lossOf(attacking, x, labels))(images)),
    probe(input, labels, { probe, temperature }) {
      switch (probe) {
        // A score is of the weights, not of a lot that drops some; and both ends of a difference have to be the same
        // function.
        case 'loss':
          return lossWith(evaluation, input, labels)
        case 'curvature':
          return lossWith(evaluation, input, labels, temperature)
        case 'flow':
          return differentiate(
            () => flowOf(model, named, values, spec),
            (i) => tf.zerosLike(variables[i] as Variable),
          )
      }
    },
    logits: (input) => tf.tidy(() => model.forward(evaluation.nn, named, input, values, spec)),
    dispose: () => tf.dispose(variables),
  }
}

/**
 * The loss, with the gradient of loss + pressure * penalty: what is shown stays comparable with runs that have no
 * penalty.
 */
function pushed(loss: Scalar, penalty: Tensor, pressure: Tensor): Scalar {
  return differentiable([loss, penalty], {
    forward: () => ({ value: loss.clone(), keep: [pressure] }),
    backward: (grad, [factor]) => [grad, grad.mul(factor ?? pressure)],
  }).asScalar()
}

/** Synaptic flow: the sum of the logits of one example of ones, through the linear positive model of probes/flow.ts. */
function flowOf(model: Model, named: Readonly<Record<string, Tensor>>, values: Values, spec: InputSpec): Scalar {
  const positive = Object.fromEntries(Object.entries(named).map(([name, tensor]) => [name, tensor.abs()]))
  const ones = tf.ones(inputShape(spec, 1), spec.task === 'text' ? 'int32' : 'float32')
  return model.forward(flowNn, positive, ones, values, spec).sum().asScalar()
}

/** Whether the loss is differentiated with respect to a tensor. */
function trains(tensor: TensorSpec | undefined): boolean {
  return !tensor?.fixed && !tensor?.frozen
}

function unreached(layout: Layout, i: number): never {
  throw new Problem(
    `The loss does not depend on the tensor "${layout.tensors[i]?.name ?? i}".`,
    'Use it in forward() of the model, or do not list it in tensors().',
  )
}

/** Number of classes and the shape of a batch of inputs. */
export function inputShape(input: InputSpec, batch: number): number[] {
  return input.task === 'image' ? [batch, ...input.shape] : [batch, input.length]
}
