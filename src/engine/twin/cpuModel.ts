import { batchNumbers, type Batch } from '../../data/batches'
import { buildGraph, inputShape, type Differentiated, type Graph } from '../../tf/graph'
import { createOps } from '../../tf/ops'
import { tf, type Tensor } from '../../tf/tfjs'
import { attackOf, type Attack } from '../executor/attack'
import type { Blueprint } from '../executor/blueprint'
import { attackImages } from './cpuAttack'
import type { StepInputs } from '../executor/executor'
import { probeOptions, probesApart } from '../executor/settings'

/** Effective weights and where their gradients go, [layout.length]. */
export interface Differentiable {
  readonly weights: Float32Array
  readonly grads: Float32Array
}

/** What a pass is told of its step. */
export type Moment = Pick<StepInputs, 'step' | 'pressure'>

/** The model on whatever tfjs backend is set; parameters are copied in before each pass, gradients out after it. */
export class CpuModel {
  /** Loss of the last differentiated batch. */
  loss = 0

  /** How the run makes adversarial images, if it does. */
  readonly attack: Attack | null

  constructor(protected readonly blueprint: Blueprint) {
    this.attack = attackOf(blueprint)
  }

  /** Writes the gradient of the batch's loss into `grads`, [layout.length]. */
  differentiate(batch: Batch, step: Moment, arena: Differentiable): void {
    this.gradientsOf(
      (graph, input, labels) => graph.lossAndGradients(this.seen(graph, input, batch, step), labels),
      batch,
      step,
      arena,
    )
  }

  /** The same of what scoring before training differentiates (`Plan.probe`). */
  probe(batch: Batch, step: Moment, arena: Differentiable): void {
    const options = probeOptions(this.blueprint)
    if (!probesApart(this.blueprint)) {
      this.differentiate(batch, step, arena)
      return
    }
    const seen = (graph: Graph, input: Tensor) =>
      options.probe === 'loss' ? this.seen(graph, input, batch, step) : input
    this.gradientsOf((graph, input, labels) => graph.probe(seen(graph, input), labels, options), batch, step, arena)
  }

  /** The same of the loss without dropout. */
  judge(batch: Batch, step: Moment, arena: Differentiable): void {
    if (this.blueprint.experiment.training.dropout === 0) {
      this.differentiate(batch, step, arena)
      return
    }
    const options = { ...probeOptions(this.blueprint), probe: 'loss' as const }
    this.gradientsOf(
      (graph, input, labels) => graph.probe(this.seen(graph, input, batch, step), labels, options),
      batch,
      step,
      arena,
    )
  }

  /** What training differentiates at: the images of a batch, or adversarial ones made of them. */
  private seen(graph: Graph, input: Tensor, batch: Batch, { step }: Moment): Tensor {
    return this.attack?.trains ? this.attacked(graph, this.attack, batch, step) : input
  }

  private gradientsOf(
    pass: (graph: Graph, input: Tensor, labels: Tensor) => Differentiated,
    batch: Batch,
    step: Moment,
    { weights, grads }: Differentiable,
  ): void {
    const { layout } = this.blueprint
    this.withGraph(weights, step, (graph) => {
      const { loss, gradients } = pass(graph, this.inputs(batch), tf.tensor1d(batch.labels, 'int32'))
      this.loss = loss.dataSync()[0] ?? NaN
      layout.tensors.forEach((t, i) => grads.set(gradients[i]?.dataSync() ?? [], t.offset))
    })
  }

  /** Logits [batch, classes] of every batch, or of adversarial images made of it where the run attacks. */
  logits(batches: Iterable<Batch>, weights: Float32Array, attacked = false): Float32Array[] {
    const attack = attacked ? this.attack : null
    const parts: Float32Array[] = []
    this.withGraph(weights, { step: 0 }, (graph) => {
      const input = (batch: Batch) => (attack ? this.attacked(graph, attack, batch, 0) : this.inputs(batch))
      for (const batch of batches)
        parts.push(tf.tidy(() => graph.logits(input(batch)).dataSync() as Float32Array).slice())
    })
    return parts
  }

  private attacked(graph: Graph, attack: Attack, batch: Batch, step: number): Tensor {
    if (batch.task === 'text') throw new TypeError('An attack on text.')
    return attackImages(graph, attack, batch, this.blueprint.experiment.seed, step)
  }

  private inputs(batch: Batch): Tensor {
    const { input, experiment } = this.blueprint
    return tf.tensor(
      batchNumbers(batch, input),
      inputShape(input, experiment.training.batch),
      input.task === 'text' ? 'int32' : 'float32',
    )
  }

  private withGraph(weights: Float32Array, { step, pressure = 1 }: Moment, use: (graph: Graph) => void): void {
    const { experiment, model, objective, layout, input } = this.blueprint
    const { dropout, labelSmoothing } = experiment.training
    tf.tidy(() => {
      const parameters = layout.tensors.map((t) => tf.tensor(weights.slice(t.offset, t.offset + t.size), [...t.shape]))
      const random = tf.tensor1d([experiment.seed, step], 'int32')
      const graph = buildGraph(parameters, {
        model,
        ...(objective ? { objective } : {}),
        values: experiment.model.values,
        spec: input,
        layout,
        smoothing: labelSmoothing,
        pressure: tf.scalar(pressure),
        training: createOps(null, { dropoutRate: dropout, random, training: true }),
        evaluation: createOps(null, { dropoutRate: 0, random, training: false }),
        attacking: createOps(null, { dropoutRate: 0, random, training: false, towards: 'images' }),
      })
      use(graph)
      graph.dispose()
    })
  }
}
