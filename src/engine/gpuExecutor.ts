/** The executor on WebGPU: a step is one encoder and one submit; nothing waits for the device except `drain` and reads. */
import type { Layout } from '../core/layout'
import type { Group } from '../core/scope'
import type { BackendReport } from '../core/trainer'
import { plugin } from '../config/registries'
import type { Batch } from '../data/batches'
import * as shaders from '../../shaders'
import { freshControl, readControl } from '../../shaders/norm'
import { stepUniform } from '../../shaders/step'
import { write } from '../gpu/buffers'
import { createKernel, encode, workgroups, type Dispatch } from '../gpu/kernel'
import { Readback } from '../gpu/readback'
import { encodeCommands, type Command } from '../tf/recording'
import type { ArenaBackend } from '../tf/backend'
import type { ClassCounts, Drained, Executor, PruneEvent, StepInputs, WeightSample } from './executor'
import { arenaBytes, createArena, destroyArena, metricsLength, type GpuArena } from './gpuArena'
import { createFlatKernels, Ranker, type FlatKernels, type GradientSource } from './gpuKernels'
import { openModel, type GpuModel } from './gpuModel'
import { watchDevice } from '../gpu/watch'
import { GpuClasses } from './gpuClasses'
import { GpuPainter } from './gpuPainter'
import type { Blueprint } from './blueprint'
import { fullMask, stepSettings } from './settings'

/**
 * Compiles the kernels and records the model.
 * @throws Problem when the model does not fit or a kernel does not compile; AbortError when the signal fires meanwhile
 */
export async function openGpuExecutor(blueprint: Blueprint, device: GPUDevice, backend: ArenaBackend, signal?: AbortSignal): Promise<Executor> {
  const { layout, experiment } = blueprint
  const arena = await createArena(device, layout)
  const model = await openModel(blueprint, device, backend, arena, signal)
  const kernels = await createFlatKernels(device, layout, arena, model.loss, experiment.training.optimizer)
  const { formula, groups } = rankingOf(blueprint)
  const ranker = await Ranker.create(device, layout, arena, { formula, values: experiment.method.values, seed: experiment.seed }, groups)
  const { mask, weights, moment1, moment2, importance, scores, control } = arena
  const { thresholds, tiles } = ranker.selection
  const cut = (await createKernel(device, 'mask', shaders.mask))
    .bind({ control, scores, tiles, thresholds, mask, weights, moment1, moment2, importance }, workgroups(layout.prunableLength / 32, 256))
  const classes = await GpuClasses.create(device, blueprint, arena, groups)
  const readback = new Readback(device)
  const painter = await GpuPainter.create(device, layout, arena, classes.classes, readback, blueprint.report.software)
  return new GpuExecutor(blueprint, device, arena, model, kernels, ranker, cut, classes, readback, painter)
}

function rankingOf({ experiment, layout }: Blueprint): { formula: Parameters<typeof Ranker.create>[3]['formula']; groups: readonly Group[] } {
  const method = plugin('method', experiment.method.id)
  const scope = method.scope(experiment.method.values)
  const groups = scope === 'global' ? [{ tensors: layout.prunable, kept: 0 }] : layout.prunable.map((t) => ({ tensors: [t], kept: 0 }))
  return { formula: method.score, groups }
}

class GpuExecutor implements Executor {
  readonly report: BackendReport
  readonly layout: Layout
  /** Steps submitted since the last drain, and whether each trained. */
  private pending: { step: number; trained: boolean }[] = []
  private readonly rank: Readonly<Record<GradientSource, readonly Dispatch[]>>
  private statisticsStep = 0

  constructor(
    private readonly blueprint: Blueprint, private readonly device: GPUDevice, private readonly arena: GpuArena,
    private readonly model: GpuModel, private readonly kernels: FlatKernels, private readonly ranker: Ranker,
    private readonly cut: Dispatch, private readonly classes: GpuClasses, private readonly readback: Readback, readonly painter: GpuPainter,
  ) {
    this.report = blueprint.report
    this.layout = blueprint.layout
    this.rank = { grads: ranker.dispatches('grads'), moment1: ranker.dispatches('moment1') }
  }

  get bytes(): number {
    return arenaBytes(this.arena) + this.model.bytes
  }

  train(batch: Batch, inputs: StepInputs, event: PruneEvent | null): void {
    this.pass(batch, inputs, this.kernels.update, event, 'grads', true)
  }

  observe(batch: Batch, inputs: StepInputs, event: PruneEvent | null): void {
    this.pass(batch, inputs, this.kernels.observe, event, 'moment1', false)
  }

  prune(event: PruneEvent): void {
    const encoder = this.device.createCommandEncoder({ label: 'prune' })
    this.encodeCut(encoder, event, 'grads')
    this.device.queue.submit([encoder.finish()])
  }

  resetStatistics(): void {
    const { noiseMean, noiseSquare, importance } = this.arena
    this.clear([noiseMean, noiseSquare, importance])
    this.classes.forget()
  }

  resetMoments(): void {
    this.clear([this.arena.moment1, this.arena.moment2])
  }

  drain(): Promise<Drained> {
    return watchDevice(this.device, this.collect())
  }

  private async collect(): Promise<Drained> {
    const pending = this.pending
    this.pending = []
    const encoder = this.device.createCommandEncoder({ label: 'drain' })
    const metrics = this.readback.encode(encoder, this.arena.metrics)
    const control = this.readback.encode(encoder, this.arena.control, 0, 16)
    this.device.queue.submit([encoder.finish()])
    const ring = new Float32Array(await metrics.read())
    const { halted, haltedStep } = readControl(await control.read())
    const steps = pending.filter((p) => p.trained && (!halted || p.step < haltedStep)).map(({ step }) => ({
      step, loss: ring[2 * (step % metricsLength)] ?? NaN, gradientNorm: ring[2 * (step % metricsLength) + 1] ?? NaN,
    }))
    return { steps, haltedAt: halted ? haltedStep : null }
  }

  async evaluate(batches: Iterable<Batch>): Promise<Float32Array> {
    const { logits, forward } = this.model
    const parts: Promise<ArrayBuffer>[] = []
    for (const batch of batches) {
      this.model.feed(batch, 0)
      const encoder = this.device.createCommandEncoder({ label: 'evaluate' })
      encodeCommands(encoder, forward)
      const copy = this.readback.encode(encoder, logits.buffer, logits.offset, logits.size)
      this.device.queue.submit([encoder.finish()])
      parts.push(copy.read())
    }
    const read = await Promise.all(parts)
    const all = new Float32Array(read.length * logits.size / 4)
    read.forEach((part, i) => all.set(new Float32Array(part), i * logits.size / 4))
    return all
  }

  classify(groups: readonly Group[]): Promise<ClassCounts> {
    return this.classes.count(groups, this.readback)
  }

  async mask(): Promise<Uint32Array> {
    return new Uint32Array(await this.readback.read(this.arena.mask, 0, this.layout.prunableLength / 8))
  }

  async weights(): Promise<Float32Array> {
    return new Float32Array(await this.readback.read(this.arena.weights, 0, 4 * this.layout.length))
  }

  sample(indices: Uint32Array<ArrayBuffer>): Promise<WeightSample[]> {
    return this.classes.sample(indices, this.statisticsStep, this.readback)
  }

  restore(weights: Float32Array<ArrayBuffer>): void {
    this.resetStatistics()
    this.resetMoments()
    write(this.device, this.arena.weights, weights)
    write(this.device, this.arena.mask, fullMask(this.layout))
    write(this.device, this.arena.control, Float32Array.of(freshControl.clipFactor, 0, 0, 0))
    this.pending = []
    this.statisticsStep = 0
  }

  dispose(): void {
    this.painter.dispose()
    this.classes.dispose()
    this.ranker.dispose()
    this.model.dispose()
    this.readback.dispose()
    destroyArena(this.arena)
  }

  /** One gradient and what follows from it, in one submit. */
  private pass(batch: Batch, inputs: StepInputs, flat: readonly Dispatch[], event: PruneEvent | null, source: GradientSource, trained: boolean): void {
    this.statisticsStep = inputs.statisticsStep
    this.model.feed(batch, inputs.step)
    write(this.device, this.arena.step, stepUniform(stepSettings(this.blueprint, inputs)))
    const encoder = this.device.createCommandEncoder({ label: trained ? 'train' : 'observe' })
    encodeCommands(encoder, [...this.model.backward, ...flat.map(asCommand)])
    if (event) this.encodeCut(encoder, event, source)
    this.device.queue.submit([encoder.finish()])
    this.pending.push({ step: inputs.step, trained })
  }

  private encodeCut(encoder: GPUCommandEncoder, event: PruneEvent, source: GradientSource): void {
    const { experiment } = this.blueprint
    const decay = plugin('method', experiment.method.id).noiseDecay(experiment.method.values)
    this.ranker.prepare(event.groups, decay, this.statisticsStep)
    const pass = encoder.beginComputePass({ label: 'cut' })
    encode(pass, [...this.rank[source], this.cut])
    pass.end()
  }

  private clear(buffers: readonly GPUBuffer[]): void {
    const encoder = this.device.createCommandEncoder({ label: 'clear' })
    for (const buffer of buffers) encoder.clearBuffer(buffer)
    this.device.queue.submit([encoder.finish()])
  }
}

function asCommand({ pipeline, bindGroup, grid }: Dispatch): Command {
  return { kind: 'dispatch', pipeline, bindGroup, grid }
}
