/**
 * The executor where there is no WebGPU: tfjs (wasm or plain JavaScript) differentiates; the kernels' twins do the rest
 * over typed arrays, in JavaScript or in wasm.
 */
import type { Difference } from '../../core/curvature'
import type { Threads } from '../../core/host'
import type { ForwardCost } from '../../core/inference'
import type { Layout } from '../../core/layout'
import type { InputSpec } from '../../core/model'
import type { Pruning } from '../../core/pruning'
import type { Group } from '../../core/scope'
import { normOf } from '../../core/statistics'
import type { BackendReport, ClassCounts } from '../../core/trainer'
import type { Batch } from '../../data/batches'
import { back, differenceStruct, forth, home } from '../../../shaders/train/curvature'
import { prunedScore } from '../../../shaders/formula/score'
import { freshControl, type Control } from '../../../shaders/train/norm'
import { observe } from '../../../shaders/train/observe'
import type { RateRange } from '../../../shaders/train/rates'
import { stepStruct, stepUniform, type StepScalars } from '../../../shaders/train/step'
import { sgd } from '../../../shaders/train/update'
import { visit } from '../../../shaders/select/visit'
import { createCpuArena, namedArrays, type CpuArena } from './cpuArena'
import { CpuClasses } from './cpuClasses'
import { CpuCutter } from './cpuCutter'
import { descendOnCpu } from './cpuDescent'
import type { Descent } from '../executor/descent'
import { sumOnCpu } from './cpuInputs'
import { measureForwardOnCpu } from './cpuLatency'
import { CpuModel } from './cpuModel'
import { gradientFacts, latestNumbers } from './cpuLatest'
import { CpuPainter } from './cpuPainter'
import { wasmHeap } from '../../tf/wasmHeap'
import type { Blueprint } from '../executor/blueprint'
import type {
  Batches,
  Drained,
  Executor,
  LatestNumbers,
  NextWeights,
  PruneEvent,
  StepInputs,
  StepNumbers,
  WeightSample,
} from '../executor/executor'
import { asInt8 } from '../measures/int8'
import type { Add, Watch } from '../executor/inputs'
import type { ExecutorState, LastingArray } from '../executor/executorState'
import { lastingOf, savedArray } from '../executor/lasting'
import { foldedWeights } from '../measures/saved'
import { rateRanges } from '../executor/rates'
import { atRest, fullMask, masked, roundsWeights, stepSettings } from '../executor/settings'
import { plainTwins, type Twins } from './twins'
import { withMask } from '../measures/visited'
import { recordModel, WasmModel } from './wasmModel'
import { WasmTwins } from './wasmTwins'
import type { OwnMemory } from '../../wasm/ownMemory'

export class CpuExecutor implements Executor {
  readonly report: BackendReport
  readonly layout: Layout
  readonly painter: CpuPainter
  private readonly twins: Twins
  private readonly memory: OwnMemory | null
  private readonly arena: CpuArena
  private readonly model: CpuModel
  private readonly cutter: CpuCutter
  private readonly classes: CpuClasses
  /** Weights that were kept when the mask changed in training, where the method exchanges some. */
  private readonly ever: Uint32Array | null
  private control: Control = freshControl
  private numbers: StepNumbers[] = []
  readonly mask = () => Promise.resolve(this.arena.mask.slice())
  readonly scores = () => Promise.resolve(this.arena.scores.slice())
  private statisticsStep = 0
  /** Gradients by which sentinels are told. */
  private witnessed = 0
  private readonly ranges: readonly RateRange[]

  /** @param threads that share the work where there is wasm; one alone if left out */
  constructor(
    private readonly blueprint: Blueprint,
    threads?: Threads,
  ) {
    const { layout } = blueprint
    this.report = blueprint.report
    this.ranges = rateRanges(layout, blueprint.experiment.training)
    this.layout = layout
    const recorded = wasmHeap() ? recordModel(blueprint, threads?.count ?? 1) : null
    const wasm = recorded ? new WasmTwins(layout, recorded.bytes, threads) : null
    this.memory = wasm?.memory ?? null
    this.twins = wasm ?? plainTwins
    this.arena = createCpuArena(layout, blueprint.pruning.names.length, wasm?.memory)
    this.cutter = new CpuCutter(blueprint, this.arena, this.twins)
    this.ever = blueprint.pruning.exchanges ? new Uint32Array(this.arena.mask.length) : null
    this.model =
      recorded && wasm ? new WasmModel(blueprint, recorded, wasm.memory, this.arena) : new CpuModel(blueprint)
    this.classes = new CpuClasses(blueprint, this.arena, this.twins)
    this.painter = new CpuPainter(layout, this.arena, this.classes.classes, () =>
      gradientFacts(blueprint.pruning.decay, this.control, this.statisticsStep),
    )
  }

  get attacks(): boolean {
    return this.model.attack !== null
  }

  get input(): InputSpec {
    return this.blueprint.input
  }

  get pruning(): Pruning {
    return this.blueprint.pruning
  }

  get bytes(): number {
    const arrays = (Object.values(this.arena) as (ArrayBufferView | readonly ArrayBufferView[])[]).flat()
    return arrays.reduce((sum, array) => sum + array.byteLength, 0)
  }

  train(batch: Batch, inputs: StepInputs, event: PruneEvent | null): void {
    const step = this.differentiate(batch, inputs, 'differentiate')
    const update = this.blueprint.experiment.training.optimizer === 'sgd' ? sgd : this.twins.adamw
    if (!inputs.unjudged) this.witness(step)
    for (const moment of ['gather', 'gradient'] as const) this.cutter.assign(moment, inputs, this.control)
    update(this.arena, step, this.control, this.ranges)
    this.cutter.assign('step', inputs, this.control)
    if (event) this.prune(event, inputs)
    if (!this.control.halted)
      this.numbers.push({ step: inputs.step, loss: this.model.loss, gradientNorm: this.control.norm })
  }

  observe(batch: Batch, inputs: StepInputs, event: PruneEvent | null): void {
    const step = this.differentiate(batch, inputs, 'probe')
    if (!inputs.unjudged) this.witness(step)
    this.cutter.assign('gather', inputs, this.control)
    observe(this.arena, step, this.control)
    if (event) this.cutter.cut(event, inputs, this.arena.moment1, this.control)
  }

  judge(batch: Batch, inputs: StepInputs): void {
    const step = this.differentiate(batch, inputs, 'judge')
    this.witness(step)
    observe(this.arena, step, this.control)
  }

  directionNorm(): Promise<number> {
    return Promise.resolve(normOf(this.arena.moment1))
  }

  bend(batch: Batch, inputs: StepInputs, difference: Difference, event: PruneEvent | null): void {
    const settings = differenceStruct.read(
      differenceStruct.write({ length: this.layout.prunableLength, ...difference }),
    )
    forth(this.arena, settings)
    this.differentiate(batch, inputs, 'probe')
    back(this.arena, settings)
    this.differentiate(batch, inputs, 'probe')
    home(this.arena, settings)
    if (event) this.cutter.cut(event, inputs, this.arena.moment1, this.control)
  }

  slope(batch: Batch, inputs: StepInputs, amount: number): Promise<Float32Array> {
    this.bend(batch, inputs, { amount, share: 1 / (2 * amount) }, null)
    const found = this.arena.curvature.slice()
    this.arena.curvature.fill(0)
    return Promise.resolve(found)
  }

  lowestKept(): Promise<readonly number[]> {
    return Promise.resolve(this.cutter.lowestKept())
  }

  prune(event: PruneEvent, inputs?: StepInputs): void {
    if (inputs && this.ever) visit(this.arena.mask, this.ever)
    this.cutter.cut(event, inputs ?? atRest, this.arena.grads, this.control)
    if (inputs) this.painter.note(inputs.step + 1)
  }

  resetStatistics(): void {
    for (const array of [this.arena.noiseMean, this.arena.noiseSquare, this.arena.importance, ...this.arena.own])
      array.fill(0)
    this.cutter.assign('start', atRest, freshControl)
  }

  resetMoments(): void {
    this.arena.moment1.fill(0)
    this.arena.moment2.fill(0)
  }

  drain(): Promise<Drained> {
    const steps = this.numbers.splice(0)
    return Promise.resolve({ steps, haltedAt: this.control.halted ? this.control.haltedStep : null })
  }

  evaluate(batches: Iterable<Batch>, attacked = false): Promise<Float32Array> {
    const parts = this.model.logits(batches, this.rounded, attacked)
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

  visited(): Promise<Uint32Array | null> {
    return Promise.resolve(this.ever && withMask(this.ever, this.arena.mask))
  }

  weights(): Promise<Float32Array> {
    return Promise.resolve(this.arena.weights.slice())
  }

  gates(): Promise<Float32Array> {
    return Promise.resolve(this.arena.weights.slice(this.layout.gatesFrom))
  }

  async withWeights<T>(weights: Float32Array<ArrayBuffer>, look: () => Promise<T>): Promise<T> {
    const own = this.arena.weights.slice()
    this.arena.weights.set(weights)
    try {
      return await look()
    } finally {
      this.arena.weights.set(own)
    }
  }

  measureForward(batches: readonly Batch[]): Promise<ForwardCost> {
    const { blueprint, layout } = this
    const { weights, mask } = this.arena
    const read = foldedWeights(masked(weights, mask, layout), layout, blueprint.pruning.hook)
    return Promise.resolve(measureForwardOnCpu(blueprint, read, mask, batches))
  }

  sample(indices: Uint32Array): Promise<WeightSample[]> {
    return Promise.resolve(this.classes.sample(indices, this.statisticsStep))
  }

  latest(index: number): Promise<LatestNumbers> {
    return Promise.resolve(latestNumbers(this.arena, this.control, this.painter.changed(index), index))
  }

  sums(batches: Batches, watch: Watch, add?: Add): Promise<ReadonlyMap<string, Float64Array>> {
    return sumOnCpu(this.blueprint, this.rounded, batches, watch, add)
  }

  descend(batches: Batches, descent: Descent): Promise<void> {
    return descendOnCpu(this.blueprint, this.rounded, batches, descent)
  }

  setWeights(next: NextWeights): Promise<void> {
    if (!('mask' in next)) this.begin(next.weights, next.moments === 'judged')
    else {
      const { arena, layout } = this
      const { weights, mask, moments } = next
      if (moments === 'masked')
        for (const moment of [arena.moment1, arena.moment2]) moment.set(masked(moment, mask, layout))
      if (weights) arena.weights.set(masked(weights, mask, layout))
      arena.mask.set(mask)
      if (moments === 'zeroed') this.forget()
    }
    return Promise.resolve()
  }

  save(): Promise<ExecutorState> {
    const { statisticsStep, witnessed } = this
    const arrays = Object.fromEntries(this.lasting.map(([name, array]) => [name, array.slice()]))
    return Promise.resolve({ arrays, statisticsStep, witnessed })
  }

  load(saved: ExecutorState): void {
    const found = this.lasting.map(([name, array]) => [array, savedArray(saved, name, array.byteLength)] as const)
    for (const [array, values] of found) array.set(values)
    this.statisticsStep = saved.statisticsStep
    this.witnessed = saved.witnessed
  }

  dispose(): void {
    this.painter.detach()
    this.memory?.close()
  }

  /** As before the first step. @param judged what tells sentinels stays */
  private begin(weights: Float32Array, judged: boolean): void {
    const { arena, layout } = this
    arena.weights.set(weights)
    arena.initial.set(weights.subarray(0, layout.prunableLength))
    arena.grads.fill(0)
    arena.curvature.fill(0)
    if (!judged) {
      for (const array of [arena.steady, arena.peak, arena.sensed]) array.fill(0)
      this.witnessed = 0
    }
    this.ever?.fill(0)
    arena.scores.fill(prunedScore)
    this.cutter.forget()
    this.painter.forget()
    arena.mask.set(fullMask(layout))
    this.control = freshControl
    this.numbers = []
    this.statisticsStep = 0
    this.forget()
  }

  private forget(): void {
    this.resetStatistics()
    this.resetMoments()
  }

  /** The arrays of `lastingOf`, by name. */
  private get lasting(): readonly (readonly [string, LastingArray])[] {
    const held = namedArrays(this.arena, this.ever)
    return lastingOf(this.blueprint.pruning).map((name) => [name, held[name] as LastingArray] as const)
  }

  /** What the model trains on. */
  private get rounded(): Float32Array {
    return roundsWeights(this.blueprint.experiment) ? asInt8(this.effective, this.layout) : this.effective
  }

  /** What scoring before training reads. */
  private get effective(): Float32Array {
    const { weights, mask } = this.arena
    return this.blueprint.pruning.keepsValues ? masked(weights, mask, this.layout) : weights
  }

  /** Loss, gradients and clipping of one batch: of training, or of what scoring differentiates. */
  private differentiate(batch: Batch, inputs: StepInputs, pass: 'differentiate' | 'probe' | 'judge') {
    this.statisticsStep = inputs.statisticsStep
    const step = stepStruct.read(stepUniform(stepSettings(this.blueprint, inputs, this.witnessed)))
    this.model[pass](batch, inputs, {
      weights: pass === 'differentiate' ? this.rounded : this.effective,
      grads: this.arena.grads,
    })
    this.control = this.twins.norm(this.arena.grads, this.model.loss, step, this.control, new Float32Array(2))
    return step
  }

  private witness(step: StepScalars): void {
    this.twins.witness(this.arena, step, this.control)
    this.witnessed++
  }
}
