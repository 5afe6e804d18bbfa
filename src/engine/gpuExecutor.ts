/**
 * The executor on WebGPU: a step is one encoder and one submit; nothing waits for the device except `drain` and reads.
 */
import type { Difference } from '../core/curvature'
import type { ForwardCost } from '../core/inference'
import type { Layout } from '../core/layout'
import type { InputSpec } from '../core/model'
import type { Group } from '../core/scope'
import type { BackendReport, ClassCounts } from '../core/trainer'
import type { Batch } from '../data/batches'
import { controlBytes, freshControl, readControl } from '../../shaders/norm'
import { stepUniform } from '../../shaders/step'
import { write } from '../gpu/buffers'
import { encode, type Dispatch } from '../gpu/kernel'
import { Readback } from '../gpu/readback'
import { encodeCommands, type Command } from '../tf/recording'
import type { ArenaBackend } from '../tf/backend'
import type { Drained, Executor, PruneEvent, StepInputs, WeightSample } from './executor'
import { arenaBytes, createArena, destroyArena, metricsLength, type GpuArena } from './gpuArena'
import { GpuCurvature } from './gpuCurvature'
import { GpuCutter } from './gpuCutter'
import { createFlatKernels, type FlatKernels } from './gpuKernels'
import { measureForward } from './gpuLatency'
import { openModel, type GpuModel } from './gpuModel'
import { watchDevice } from '../gpu/watch'
import { GpuClasses } from './gpuClasses'
import { groupsOf } from './choosing'
import type { Descent } from './descent'
import { descendOnGpu } from './gpuDescent'
import { sumOnGpu } from './gpuInputs'
import { GpuPainter } from './gpuPainter'
import { createReadWeights, type ReadWeights } from './gpuReadWeights'
import type { Watch } from './inputs'
import type { GradientSource } from './gpuRanker'
import { GpuStatistics } from './gpuStatistics'
import { allOrNone } from './opening'
import type { Blueprint } from './blueprint'
import { foldedWeights } from './saved'
import { atRest, extrasOf, fullMask, masked, stepSettings, viewSettings } from './settings'
import { withMask } from './visited'

/**
 * Compiles the kernels and records the model.
 * @throws Problem when the model does not fit or a kernel does not compile; AbortError when the signal fires meanwhile
 */
export async function openGpuExecutor(
  blueprint: Blueprint,
  device: GPUDevice,
  backend: ArenaBackend,
  tuned: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<Executor> {
  const { layout, experiment } = blueprint
  const groups = groupsOf(experiment.method, layout)
  const arena = await createArena(device, layout, extrasOf(experiment.method))
  const readback = new Readback(device)
  let read: ReadWeights | undefined
  try {
    read = await createReadWeights(device, blueprint, arena)
    // All at once, so that their kernels compile side by side.
    const model = openModel(blueprint, device, backend, { ...arena, weights: read.buffer }, tuned, signal)
    const classes = GpuClasses.create(device, blueprint, arena, groups)
    return new GpuExecutor(
      blueprint,
      device,
      backend,
      arena,
      readback,
      read,
      ...(await allOrNone([
        model,
        createFlatKernels(
          device,
          layout,
          arena,
          model.then(({ loss }) => loss),
          experiment.training.optimizer,
        ),
        GpuCutter.create(device, blueprint, arena, groups),
        GpuStatistics.create(device, blueprint, arena),
        GpuCurvature.create(device, layout, arena),
        classes,
        classes.then((made) =>
          GpuPainter.create(device, layout, arena, made.classes, readback, blueprint.report.software),
        ),
      ])),
    )
  } catch (error) {
    readback.dispose()
    read?.dispose()
    destroyArena(arena)
    throw error
  }
}

/** A gradient, what follows from it, and perhaps a mask change, whose formulas find the gradient in `source`. */
type Pass = Readonly<{
  gradient: readonly Command[]
  flat: readonly Dispatch[]
  event: PruneEvent | null
  source: GradientSource
}>

class GpuExecutor implements Executor {
  readonly report: BackendReport
  readonly layout: Layout
  /** Steps submitted since the last drain, and whether each trained. */
  private pending: { step: number; trained: boolean }[] = []
  private statisticsStep = 0
  /** Gradients by which sentinels are told. */
  private witnessed = 0

  constructor(
    private readonly blueprint: Blueprint,
    private readonly device: GPUDevice,
    private readonly backend: ArenaBackend,
    private readonly arena: GpuArena,
    private readonly readback: Readback,
    private readonly read: ReadWeights,
    private readonly model: GpuModel,
    private readonly kernels: FlatKernels,
    private readonly cutter: GpuCutter,
    private readonly statistics: GpuStatistics,
    private readonly curvature: GpuCurvature | null,
    private readonly classes: GpuClasses,
    readonly painter: GpuPainter,
  ) {
    this.report = { ...blueprint.report, ...(Object.keys(model.tuned).length ? { tuned: model.tuned } : {}) }
    this.layout = blueprint.layout
  }

  get attacks(): boolean {
    return this.model.attacked !== null
  }

  get input(): InputSpec {
    return this.blueprint.input
  }

  get bytes(): number {
    return arenaBytes(this.arena) + this.read.bytes + this.model.bytes
  }

  train(batch: Batch, inputs: StepInputs, event: PruneEvent | null): void {
    const { update, visit } = this.kernels
    const flat = [
      ...(inputs.unjudged ? [] : [this.kernels.witness]),
      ...this.statistics.at('gather'),
      update,
      ...this.statistics.at('step'),
      ...(event ? visit : []),
    ]
    this.pass('train', batch, inputs, {
      gradient: [...this.read.rounded, ...this.model.backward],
      flat,
      event,
      source: 'grads',
    })
  }

  observe(batch: Batch, inputs: StepInputs, event: PruneEvent | null): void {
    const flat = [
      ...(inputs.unjudged ? [] : [this.kernels.witness]),
      ...this.statistics.at('gather'),
      this.kernels.observe,
    ]
    this.pass('observe', batch, inputs, {
      gradient: [...this.read.exact, ...this.model.probe],
      flat,
      event,
      source: 'moment1',
    })
  }

  judge(batch: Batch, inputs: StepInputs): void {
    const flat = [this.kernels.witness, this.kernels.observe]
    this.pass('judge', batch, inputs, {
      gradient: [...this.read.exact, ...this.model.judge],
      flat,
      event: null,
      source: 'moment1',
    })
  }

  directionNorm(): Promise<number> {
    return this.probed().directionNorm(this.readback)
  }

  bend(batch: Batch, inputs: StepInputs, difference: Difference, event: PruneEvent | null): void {
    const { forth, back, home } = this.probed().prepare(difference)
    const encoder = this.begin('bend', batch, inputs)
    const gradient = [...this.read.exact, ...this.model.probe, ...this.kernels.norms.map(asCommand)]
    encodeCommands(encoder, [asCommand(forth), ...gradient, asCommand(back), ...gradient, asCommand(home)])
    if (event) this.encodeCut(encoder, event, inputs, 'moment1')
    this.device.queue.submit([encoder.finish()])
  }

  async slope(batch: Batch, inputs: StepInputs, amount: number): Promise<Float32Array> {
    this.bend(batch, inputs, { amount, share: 1 / (2 * amount) }, null)
    const curvature = this.arena.curvature as GPUBuffer
    const found = this.readback.read(curvature)
    this.clear([curvature])
    return new Float32Array(await found)
  }

  prune(event: PruneEvent, inputs?: StepInputs): void {
    if (inputs) this.run('visit', this.kernels.visit.map(asCommand))
    const encoder = this.device.createCommandEncoder({ label: 'prune' })
    this.encodeCut(encoder, event, inputs ?? atRest, 'grads')
    this.device.queue.submit([encoder.finish()])
  }

  resetStatistics(): void {
    const { noiseMean, noiseSquare, importance, own0, own1, own2 } = this.arena
    this.clear([noiseMean, noiseSquare, importance, ...[own0, own1, own2].filter((buffer) => buffer !== undefined)])
    this.run('assign', this.statistics.at('start').map(asCommand))
  }

  resetMoments(): void {
    this.clear([this.arena.moment1, this.arena.moment2])
  }

  async drain(): Promise<Drained> {
    const pending = this.pending
    this.pending = []
    const encoder = this.device.createCommandEncoder({ label: 'drain' })
    const metrics = this.readback.encode(encoder, this.arena.metrics)
    const control = this.readback.encode(encoder, this.arena.control, 0, controlBytes)
    this.device.queue.submit([encoder.finish()])
    const ring = new Float32Array(await metrics.read())
    const { halted, haltedStep } = readControl(await control.read())
    const steps = pending
      .filter((p) => p.trained && (!halted || p.step < haltedStep))
      .map(({ step }) => ({
        step,
        loss: ring[2 * (step % metricsLength)] ?? NaN,
        gradientNorm: ring[2 * (step % metricsLength) + 1] ?? NaN,
      }))
    return { steps, haltedAt: halted ? haltedStep : null }
  }

  async evaluate(batches: Iterable<Batch>, attacked = false): Promise<Float32Array> {
    const { logits, forward } = attacked && this.model.attacked ? this.model.attacked : this.model
    const parts: Promise<ArrayBuffer>[] = []
    this.run('round', this.read.rounded)
    for (const batch of batches) {
      this.model.feed(batch, 0)
      const encoder = this.device.createCommandEncoder({ label: 'evaluate' })
      encodeCommands(encoder, forward)
      const copy = this.readback.encode(encoder, logits.buffer, logits.offset, logits.size)
      this.device.queue.submit([encoder.finish()])
      parts.push(copy.read())
    }
    const read = await Promise.all(parts)
    const all = new Float32Array((read.length * logits.size) / 4)
    read.forEach((part, i) => all.set(new Float32Array(part), (i * logits.size) / 4))
    return all
  }

  classify(groups: readonly Group[]): Promise<ClassCounts> {
    return this.classes.count(groups, this.readback)
  }

  async mask(): Promise<Uint32Array> {
    return new Uint32Array(await this.readback.read(this.arena.mask, 0, this.layout.prunableLength / 8))
  }

  async visited(): Promise<Uint32Array | null> {
    const { visited } = this.arena
    if (!visited) return null
    const [ever, mask] = await Promise.all([
      this.readback.read(visited, 0, this.layout.prunableLength / 8),
      this.mask(),
    ])
    return withMask(new Uint32Array(ever), mask)
  }

  async weights(): Promise<Float32Array> {
    return new Float32Array(await this.readback.read(this.arena.weights, 0, 4 * this.layout.length))
  }

  async gates(): Promise<Float32Array> {
    const { gatesFrom, length } = this.layout
    return gatesFrom < length
      ? new Float32Array(await this.readback.read(this.arena.weights, 4 * gatesFrom, 4 * (length - gatesFrom)))
      : new Float32Array(0)
  }

  async withWeights<T>(weights: Float32Array<ArrayBuffer>, look: () => Promise<T>): Promise<T> {
    const own = new Float32Array(await this.weights())
    write(this.device, this.arena.weights, weights)
    try {
      return await look()
    } finally {
      write(this.device, this.arena.weights, own)
    }
  }

  async measureForward(batches: readonly Batch[]): Promise<ForwardCost> {
    const [weights, mask] = await Promise.all([this.weights(), this.mask()])
    const folded = foldedWeights(masked(weights, mask, this.layout), this.layout, this.blueprint.experiment.method)
    // Passes without room for what they write answer at once, which would count as fast.
    return watchDevice(
      this.device,
      measureForward({ blueprint: this.blueprint, backend: this.backend, weights: folded, mask }, batches),
    )
  }

  sample(indices: Uint32Array<ArrayBuffer>): Promise<WeightSample[]> {
    return this.classes.sample(indices, this.statisticsStep, this.readback)
  }

  sums(batches: Iterable<Batch>, watch: Watch): Promise<ReadonlyMap<string, Float64Array>> {
    const {
      blueprint,
      backend,
      read: { buffer: parameters, rounded },
      readback,
    } = this
    this.run('round', rounded)
    return watchDevice(this.device, sumOnGpu({ blueprint, backend, parameters, readback }, batches, watch))
  }

  descend(batches: Iterable<Batch>, descent: Descent): Promise<void> {
    const {
      blueprint,
      backend,
      read: { buffer: parameters, rounded },
      readback,
    } = this
    this.run('round', rounded)
    return watchDevice(this.device, descendOnGpu({ blueprint, backend, parameters, readback }, batches, descent))
  }

  place(weights: Float32Array<ArrayBuffer>, mask: Uint32Array<ArrayBuffer>): void {
    write(this.device, this.arena.weights, masked(weights, mask, this.layout))
    write(this.device, this.arena.mask, mask)
  }

  async cut(weights: Float32Array<ArrayBuffer>, mask: Uint32Array<ArrayBuffer>): Promise<void> {
    const moments = [this.arena.moment1, this.arena.moment2]
    const read = await Promise.all(moments.map((buffer) => this.readback.read(buffer)))
    moments.forEach((buffer, i) => {
      write(this.device, buffer, masked(new Float32Array(read[i] ?? new ArrayBuffer()), mask, this.layout))
    })
    this.place(weights, mask)
  }

  resume(weights: Float32Array<ArrayBuffer>, mask: Uint32Array<ArrayBuffer>): void {
    this.place(weights, mask)
    this.resetStatistics()
    this.resetMoments()
  }

  mark(mask: Uint32Array<ArrayBuffer>): void {
    write(this.device, this.arena.mask, mask)
  }

  restore(weights: Float32Array<ArrayBuffer>, judged = false): void {
    write(this.device, this.arena.weights, weights)
    if (this.arena.initial) write(this.device, this.arena.initial, weights.subarray(0, this.layout.prunableLength))
    const { grads, curvature, visited, steady, peak } = this.arena
    this.clear([grads, curvature, visited, ...(judged ? [] : [steady, peak])].filter((buffer) => buffer !== undefined))
    if (!judged) this.witnessed = 0
    write(this.device, this.arena.mask, fullMask(this.layout))
    write(this.device, this.arena.control, Float32Array.of(freshControl.clipFactor, 0, 0, 0, 0))
    this.pending = []
    this.statisticsStep = 0
    this.statistics.prepare(viewSettings(this.blueprint, atRest, 'all'))
    this.resetStatistics()
    this.resetMoments()
  }

  dispose(): void {
    this.painter.dispose()
    this.classes.dispose()
    this.cutter.dispose()
    this.statistics.dispose()
    this.curvature?.dispose()
    this.model.dispose()
    this.read.dispose()
    this.readback.dispose()
    destroyArena(this.arena)
  }

  /** One gradient and what follows from it, in one submit. */
  private pass(
    label: 'train' | 'observe' | 'judge',
    batch: Batch,
    inputs: StepInputs,
    { gradient, flat, event, source }: Pass,
  ): void {
    const encoder = this.begin(label, batch, inputs)
    this.statistics.prepare(viewSettings(this.blueprint, inputs, 'all'))
    encodeCommands(encoder, [...gradient, ...[...this.kernels.norms, ...flat].map(asCommand)])
    if (event) this.encodeCut(encoder, event, inputs, source)
    this.device.queue.submit([encoder.finish()])
    this.pending.push({ step: inputs.step, trained: label === 'train' })
    if (flat.includes(this.kernels.witness)) this.witnessed++
  }

  /** Feeds what a step reads. */
  private begin(label: string, batch: Batch, inputs: StepInputs): GPUCommandEncoder {
    this.statisticsStep = inputs.statisticsStep
    this.model.feed(batch, inputs.step, inputs.pressure)
    write(this.device, this.arena.step, stepUniform(stepSettings(this.blueprint, inputs, this.witnessed)))
    return this.device.createCommandEncoder({ label })
  }

  private probed(): GpuCurvature {
    if (!this.curvature) throw new TypeError("The method's plan does not probe curvature.")
    return this.curvature
  }

  private encodeCut(encoder: GPUCommandEncoder, event: PruneEvent, inputs: StepInputs, source: GradientSource): void {
    const pass = encoder.beginComputePass({ label: 'cut' })
    encode(pass, [...this.statistics.at('digest'), ...this.cutter.dispatches(event, inputs, source)])
    pass.end()
  }

  private run(label: string, commands: readonly Command[]): void {
    if (commands.length === 0) return
    const encoder = this.device.createCommandEncoder({ label })
    encodeCommands(encoder, commands)
    this.device.queue.submit([encoder.finish()])
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
