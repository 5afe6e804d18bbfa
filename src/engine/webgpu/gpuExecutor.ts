import type { Difference } from '../../core/curvature'
import type { ForwardCost } from '../../core/inference'
import type { Layout } from '../../core/layout'
import type { InputSpec } from '../../core/model'
import type { Pruning } from '../../core/pruning'
import type { Group } from '../../core/scope'
import type { BackendReport, ClassCounts } from '../../core/trainer'
import type { Batch } from '../../data/batches'
import { stepUniform } from '../../../shaders/train/step'
import { write } from '../../gpu/buffers'
import { encode, type Dispatch } from '../../gpu/kernel'
import type { Readback } from '../../gpu/readback'
import { watchDevice } from '../../gpu/watch'
import type { ArenaBackend } from '../../tf/backend'
import { encodeCommands, type Command } from '../../tf/recording'
import type { Blueprint } from '../executor/blueprint'
import type { Descent } from '../executor/descent'
import type {
  Batches,
  Drained,
  Executor,
  LatestNumbers,
  NextWeights,
  PruneEvent,
  StepInputs,
  WeightSample,
} from '../executor/executor'
import { arenaBytes, destroyArena, type GpuArena } from './gpuArena'
import type { GpuClasses } from './gpuClasses'
import type { GpuCurvature } from './gpuCurvature'
import type { GpuCutter } from './gpuCutter'
import { descendOnGpu } from './gpuDescent'
import { evaluateOnGpu } from './gpuEvaluation'
import { sumOnGpu, type RunningModel } from './gpuInputs'
import type { FlatKernels } from './gpuKernels'
import { measureForward } from './gpuLatency'
import type { GpuModel } from './gpuModel'
import type { GpuPainter } from './gpuPainter'
import type { GradientSource } from './gpuRanker'
import type { ReadWeights } from './gpuReadWeights'
import type { GpuState } from './gpuState'
import type { GpuStatistics } from './gpuStatistics'
import type { Add, Watch } from '../executor/inputs'
import type { ExecutorState } from '../executor/executorState'
import { lastingOf } from '../executor/lasting'
import { foldedWeights } from '../measures/saved'
import { atRest, masked, stepSettings, viewSettings } from '../executor/settings'

/** What an executor on WebGPU is made of; it frees all but `blueprint`, `device` and `backend`. */
export interface GpuParts {
  readonly blueprint: Blueprint
  readonly device: GPUDevice
  readonly backend: ArenaBackend
  readonly arena: GpuArena
  readonly readback: Readback
  readonly state: GpuState
  /** The weights as the model reads them. */
  readonly read: ReadWeights
  readonly model: GpuModel
  readonly kernels: FlatKernels
  readonly cutter: GpuCutter
  readonly statistics: GpuStatistics
  /** Where the method's plan probes curvature. */
  readonly curvature: GpuCurvature | null
  readonly classes: GpuClasses
  readonly painter: GpuPainter
}

/** A gradient, what follows from it, and perhaps a mask change, whose formulas find the gradient in `source`. */
type Pass = Readonly<{
  gradient: readonly Command[]
  flat: readonly Dispatch[]
  event: PruneEvent | null
  source: GradientSource
}>

/** The executor on WebGPU: a step is one encoder and one submit. Only `drain` and reads wait for the device. */
export class GpuExecutor implements Executor {
  readonly report: BackendReport
  readonly layout: Layout
  readonly painter: GpuPainter
  readonly scores = () => this.parts.state.scores()
  /** Training steps submitted since the last drain. */
  private pending: number[] = []
  private statisticsStep = 0
  /** Gradients by which sentinels are told. */
  private witnessed = 0

  constructor(private readonly parts: GpuParts) {
    const { blueprint, model, painter } = parts
    this.report = { ...blueprint.report, ...(Object.keys(model.tuned).length ? { tuned: model.tuned } : {}) }
    this.layout = blueprint.layout
    this.painter = painter
  }

  get attacks(): boolean {
    return this.parts.model.attacked !== null
  }

  get pruning(): Pruning {
    return this.parts.blueprint.pruning
  }

  get input(): InputSpec {
    return this.parts.blueprint.input
  }

  get bytes(): number {
    return arenaBytes(this.parts.arena) + this.parts.read.bytes + this.parts.model.bytes
  }

  train(batch: Batch, inputs: StepInputs, event: PruneEvent | null): void {
    const { read, model, kernels, statistics } = this.parts
    const flat = [
      ...(inputs.unjudged ? [] : [kernels.witness]),
      ...statistics.at('gather'),
      ...statistics.at('gradient'),
      kernels.update,
      ...statistics.at('step'),
      ...(event ? kernels.visit : []),
    ]
    const gradient = [...read.rounded, ...model.backward]
    this.pass('train', batch, inputs, { gradient, flat, event, source: 'grads' })
  }

  observe(batch: Batch, inputs: StepInputs, event: PruneEvent | null): void {
    const { read, model, kernels, statistics } = this.parts
    const flat = [...(inputs.unjudged ? [] : [kernels.witness]), ...statistics.at('gather'), kernels.observe]
    const gradient = [...read.exact, ...model.probe]
    this.pass('observe', batch, inputs, { gradient, flat, event, source: 'moment1' })
  }

  judge(batch: Batch, inputs: StepInputs): void {
    const { read, model, kernels } = this.parts
    const gradient = [...read.exact, ...model.judge]
    this.pass('judge', batch, inputs, {
      gradient,
      flat: [kernels.witness, kernels.observe],
      event: null,
      source: 'moment1',
    })
  }

  directionNorm(): Promise<number> {
    return this.probed().directionNorm(this.parts.readback)
  }

  bend(batch: Batch, inputs: StepInputs, difference: Difference, event: PruneEvent | null): void {
    const { forth, back, home } = this.probed().prepare(difference)
    const encoder = this.encoderOf('bend', batch, inputs)
    const { read, model, kernels } = this.parts
    const gradient = [...read.exact, ...model.probe, ...kernels.norms.map(asCommand)]
    encodeCommands(encoder, [asCommand(forth), ...gradient, asCommand(back), ...gradient, asCommand(home)])
    if (event) this.encodeCut(encoder, event, inputs, 'moment1')
    this.parts.device.queue.submit([encoder.finish()])
  }

  async slope(batch: Batch, inputs: StepInputs, amount: number): Promise<Float32Array> {
    this.bend(batch, inputs, { amount, share: 1 / (2 * amount) }, null)
    const curvature = this.parts.arena.curvature as GPUBuffer
    const found = this.parts.readback.read(curvature)
    this.parts.state.clear([curvature])
    return new Float32Array(await found)
  }

  prune(event: PruneEvent, inputs?: StepInputs): void {
    if (inputs) this.run('visit', this.parts.kernels.visit.map(asCommand))
    const encoder = this.parts.device.createCommandEncoder({ label: 'prune' })
    this.encodeCut(encoder, event, inputs ?? atRest, 'grads')
    this.parts.device.queue.submit([encoder.finish()])
  }

  resetStatistics(): void {
    const { noiseMean, noiseSquare, importance, own0, own1, own2 } = this.parts.arena
    this.parts.state.clear([noiseMean, noiseSquare, importance, own0, own1, own2])
    this.run('assign', this.parts.statistics.at('start').map(asCommand))
  }

  resetMoments(): void {
    this.parts.state.resetMoments()
  }

  drain(): Promise<Drained> {
    const pending = this.pending
    this.pending = []
    return this.parts.state.drain(pending)
  }

  evaluate(batches: Iterable<Batch>, attacked = false): Promise<Float32Array> {
    const { device, readback, model, read } = this.parts
    this.run('round', read.rounded)
    return evaluateOnGpu(device, readback, model, batches, attacked)
  }

  classify(groups: readonly Group[]): Promise<ClassCounts> {
    return this.parts.classes.count(groups, this.parts.readback)
  }

  mask(): Promise<Uint32Array> {
    return this.parts.state.mask()
  }

  visited(): Promise<Uint32Array | null> {
    return this.parts.state.visited()
  }

  weights(): Promise<Float32Array> {
    return this.parts.state.weights()
  }

  gates(): Promise<Float32Array> {
    return this.parts.state.gates()
  }

  withWeights<T>(weights: Float32Array<ArrayBuffer>, look: () => Promise<T>): Promise<T> {
    return this.parts.state.withWeights(weights, look)
  }

  async measureForward(batches: readonly Batch[]): Promise<ForwardCost> {
    const { blueprint, backend, device } = this.parts
    const [latent, mask] = await Promise.all([this.weights(), this.mask()])
    const weights = foldedWeights(masked(latent, mask, this.layout), this.layout, blueprint.pruning.hook)
    // A pass that has no memory for its results returns at once, and would count as fast.
    return watchDevice(device, measureForward({ blueprint, backend, weights, mask }, batches))
  }

  sample(indices: Uint32Array<ArrayBuffer>): Promise<WeightSample[]> {
    return this.parts.classes.sample(indices, this.statisticsStep, this.parts.readback)
  }

  latest(index: number): Promise<LatestNumbers> {
    return this.parts.state.latest(index, this.painter.changed)
  }

  lowestKept(): Promise<readonly number[]> {
    return this.parts.cutter.lowestKept(this.parts.readback)
  }

  sums(batches: Batches, watch: Watch, add?: Add): Promise<ReadonlyMap<string, Float64Array>> {
    return watchDevice(this.parts.device, sumOnGpu(this.running(), batches, watch, add))
  }

  descend(batches: Batches, descent: Descent): Promise<void> {
    return watchDevice(this.parts.device, descendOnGpu(this.running(), batches, descent))
  }

  setWeights(next: NextWeights): Promise<void> {
    if (!('mask' in next)) {
      this.begin(next.weights, next.moments === 'judged')
      return Promise.resolve()
    }
    const { state } = this.parts
    const done = next.moments === 'masked' ? state.maskMoments(next.mask) : Promise.resolve()
    state.place(next.mask, next.weights)
    if (next.moments === 'zeroed') this.forget()
    return done
  }

  async save(): Promise<ExecutorState> {
    const { statisticsStep, witnessed, parts } = this
    return { arrays: await parts.state.save(lastingOf(parts.blueprint.pruning)), statisticsStep, witnessed }
  }

  load(saved: ExecutorState): void {
    this.parts.state.load(lastingOf(this.parts.blueprint.pruning), saved)
    this.statisticsStep = saved.statisticsStep
    this.witnessed = saved.witnessed
  }

  dispose(): void {
    const { painter, classes, cutter, statistics, curvature, model, read, readback, arena } = this.parts
    for (const part of [painter, classes, cutter, statistics, curvature, model, read, readback]) part?.dispose()
    destroyArena(arena)
  }

  /** As before the first step. @param judged what tells sentinels stays */
  private begin(weights: Float32Array<ArrayBuffer>, judged: boolean): void {
    this.parts.state.begin(weights, judged)
    this.painter.forget()
    this.parts.cutter.forget()
    if (!judged) this.witnessed = 0
    this.pending = []
    this.statisticsStep = 0
    this.parts.statistics.prepare(viewSettings(this.parts.blueprint, atRest, 'all'))
    this.forget()
  }

  private forget(): void {
    this.resetStatistics()
    this.resetMoments()
  }

  /** One gradient and what follows from it, in one submit. */
  private pass(
    label: 'train' | 'observe' | 'judge',
    batch: Batch,
    inputs: StepInputs,
    { gradient, flat, event, source }: Pass,
  ): void {
    const { blueprint, device, kernels, statistics } = this.parts
    const encoder = this.encoderOf(label, batch, inputs)
    statistics.prepare(viewSettings(blueprint, inputs, 'all'))
    encodeCommands(encoder, [...gradient, ...[...kernels.norms, ...flat].map(asCommand)])
    if (event) this.encodeCut(encoder, event, inputs, source)
    device.queue.submit([encoder.finish()])
    if (label === 'train') this.pending.push(inputs.step)
    if (flat.includes(kernels.witness)) this.witnessed++
  }

  /** Feeds what a step reads. */
  private encoderOf(label: string, batch: Batch, inputs: StepInputs): GPUCommandEncoder {
    const { blueprint, device, arena, model } = this.parts
    this.statisticsStep = inputs.statisticsStep
    model.feed(batch, inputs.step, inputs.pressure)
    write(device, arena.step, stepUniform(stepSettings(blueprint, inputs, this.witnessed)))
    return device.createCommandEncoder({ label })
  }

  private probed(): GpuCurvature {
    if (!this.parts.curvature) throw new TypeError("The method's plan does not probe curvature.")
    return this.parts.curvature
  }

  private encodeCut(encoder: GPUCommandEncoder, event: PruneEvent, inputs: StepInputs, source: GradientSource): void {
    const { statistics, cutter, painter } = this.parts
    const pass = encoder.beginComputePass({ label: 'cut' })
    // Cuts apart from a training step are noted by the next look.
    const noted = source === 'grads' && inputs !== atRest ? painter.noted(inputs.step + 1) : []
    encode(pass, [...statistics.at('digest'), ...cutter.dispatches(event, inputs, source), ...noted])
    pass.end()
  }

  /** The model, for a recording that reads the weights as training does. */
  private running(): RunningModel {
    const { blueprint, backend, read, readback } = this.parts
    this.run('round', read.rounded)
    return { blueprint, backend, parameters: read.buffer, readback }
  }

  private run(label: string, commands: readonly Command[]): void {
    if (commands.length === 0) return
    const encoder = this.parts.device.createCommandEncoder({ label })
    encodeCommands(encoder, commands)
    this.parts.device.queue.submit([encoder.finish()])
  }
}

function asCommand({ pipeline, bindGroup, grid }: Dispatch): Command {
  return { kind: 'dispatch', pipeline, bindGroup, grid }
}
