/**
 * The executor where there is no WebGPU: tfjs (wasm or plain JavaScript) differentiates, the kernels' JavaScript twins do
 * the rest over typed arrays.
 */
import { plugin } from '../config/registries'
import type { Layout } from '../core/layout'
import { streams, uniform } from '../core/random'
import type { Group } from '../core/scope'
import type { BackendReport } from '../core/trainer'
import type { Batch } from '../data/batches'
import { mask as cutTwin } from '../../shaders/mask'
import { freshControl, norm, type Control } from '../../shaders/norm'
import { observe } from '../../shaders/observe'
import { score } from '../../shaders/score'
import { select, selectionTables } from '../../shaders/select'
import { biasCorrection, stepStruct, stepUniform } from '../../shaders/step'
import { adamw, sgd } from '../../shaders/update'
import { createCpuArena, type CpuArena } from './cpuArena'
import { CpuClasses } from './cpuClasses'
import { CpuModel } from './cpuModel'
import { CpuPainter } from './cpuPainter'
import type { Blueprint } from './blueprint'
import type { ClassCounts, Drained, Executor, Painter, PruneEvent, StepInputs, StepNumbers, WeightSample } from './executor'
import { fullMask, stepSettings } from './settings'

export class CpuExecutor implements Executor {
  readonly report: BackendReport
  readonly layout: Layout
  readonly painter: Painter
  private readonly arena: CpuArena
  private readonly model: CpuModel
  private readonly classes: CpuClasses
  private control: Control = freshControl
  private numbers: StepNumbers[] = []
  private statisticsStep = 0

  constructor(private readonly blueprint: Blueprint) {
    const { layout } = blueprint
    this.report = blueprint.report
    this.layout = layout
    this.arena = createCpuArena(layout)
    this.model = new CpuModel(blueprint)
    this.classes = new CpuClasses(blueprint, this.arena)
    this.painter = new CpuPainter(layout, this.arena, this.classes.classes)
  }

  get bytes(): number {
    return (Object.values(this.arena) as (Float32Array | Uint32Array)[]).reduce((sum, array) => sum + array.byteLength, 0)
  }

  train(batch: Batch, inputs: StepInputs, event: PruneEvent | null): void {
    const step = this.differentiate(batch, inputs)
    const update = this.blueprint.experiment.training.optimizer === 'sgd' ? sgd : adamw
    update(this.arena, step, this.control)
    if (event) this.cut(event, this.arena.grads)
    if (!this.control.halted) this.numbers.push({ step: inputs.step, loss: this.model.loss, gradientNorm: this.control.norm })
  }

  observe(batch: Batch, inputs: StepInputs, event: PruneEvent | null): void {
    observe(this.arena, this.differentiate(batch, inputs), this.control)
    if (event) this.cut(event, this.arena.moment1)
  }

  prune(event: PruneEvent): void {
    this.cut(event, this.arena.grads)
  }

  resetStatistics(): void {
    for (const array of [this.arena.noiseMean, this.arena.noiseSquare, this.arena.importance]) array.fill(0)
    this.classes.forget()
  }

  resetMoments(): void {
    this.arena.moment1.fill(0)
    this.arena.moment2.fill(0)
  }

  drain(): Promise<Drained> {
    const steps = this.numbers
    this.numbers = []
    return Promise.resolve({ steps, haltedAt: this.control.halted ? this.control.haltedStep : null })
  }

  evaluate(batches: Iterable<Batch>): Promise<Float32Array> {
    const parts = this.model.logits(batches, this.arena.weights)
    const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      all.set(part, at)
      at += part.length
    }
    return Promise.resolve(all)
  }

  classify(groups: readonly Group[]): Promise<ClassCounts> {
    return Promise.resolve(this.classes.count(groups))
  }

  mask(): Promise<Uint32Array> {
    return Promise.resolve(this.arena.mask.slice())
  }

  weights(): Promise<Float32Array> {
    return Promise.resolve(this.arena.weights.slice())
  }

  sample(indices: Uint32Array): Promise<WeightSample[]> {
    return Promise.resolve(this.classes.sample(indices, this.statisticsStep))
  }

  restore(weights: Float32Array): void {
    this.resetStatistics()
    this.resetMoments()
    this.arena.weights.set(weights)
    this.arena.mask.set(fullMask(this.layout))
    this.control = freshControl
    this.numbers = []
    this.statisticsStep = 0
  }

  dispose(): void {
    this.painter.detach()
  }

  /** Loss, gradients and clipping of one batch. */
  private differentiate(batch: Batch, inputs: StepInputs) {
    this.statisticsStep = inputs.statisticsStep
    const step = stepStruct.read(stepUniform(stepSettings(this.blueprint, inputs)))
    this.model.differentiate(batch, inputs.step, this.arena)
    this.control = norm(this.arena.grads, this.model.loss, step, this.control, new Float32Array(2))
    return step
  }

  private cut({ criterion, groups }: PruneEvent, grads: Float32Array): void {
    if (this.control.halted) return
    const { experiment, layout } = this.blueprint
    const decay = plugin('method', experiment.method.id).noiseDecay(experiment.method.values)
    score({ ...this.arena, grads }, (x) => criterion.formula.js(x, criterion.values), {
      length: layout.prunableLength, nested: true, seed: criterion.seed, stream: streams.method,
      noiseMeanCorrection: biasCorrection(decay.mean, this.statisticsStep), noiseSquareCorrection: biasCorrection(decay.square, this.statisticsStep),
    }, (index) => uniform(criterion.seed, streams.method, index))
    const tables = selectionTables(layout, groups)
    cutTwin({ ...this.arena, tiles: tables.tiles, thresholds: select(this.arena.scores, tables) }, this.control)
  }
}
