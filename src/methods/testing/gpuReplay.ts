/** The replay of a recording (src/engine/run/replay.ts) with the kernels of a run on WebGPU, for tests. */
import type { BackendReport } from '../../core/trainer'
import { freshControl, writeControl } from '../../../shaders/train/norm'
import { stepUniform } from '../../../shaders/train/step'
import { modelOf } from '../../config/modelOf'
import type { Blueprint } from '../../engine/executor/blueprint'
import type { PruneEvent, StepInputs } from '../../engine/executor/executor'
import { createArena, destroyArena, type GpuArena } from '../../engine/webgpu/gpuArena'
import { GpuCutter } from '../../engine/webgpu/gpuCutter'
import { createFlatKernels, type FlatKernels } from '../../engine/webgpu/gpuKernels'
import type { GradientSource } from '../../engine/webgpu/gpuRanker'
import { GpuStatistics } from '../../engine/webgpu/gpuStatistics'
import type { Pruner } from '../../engine/cuts/pruner'
import { prunerOf, walk, type RecordedStep, type Recording, type Walker } from '../../engine/run/replay'
import { shuffledMask } from '../../engine/cuts/tickets'
import { groupsOf } from '../../engine/executor/choosing'
import { extrasOf } from '../../engine/executor/extras'
import { atRest, fullMask, masked, stepSettings, viewSettings } from '../../engine/executor/settings'
import { storageBuffer, write } from '../../gpu/buffers'
import { encode, type Dispatch } from '../../gpu/kernel'
import { Readback } from '../../gpu/readback'
import { testDevice } from '../../gpu/testing'

/** The state of the device after a step; masks as bits, the rest [layout.length], scores [layout.prunableLength]. */
export interface GpuStep {
  readonly mask: Uint32Array<ArrayBuffer>
  /** Of the last ranking. */
  readonly scores: Float32Array
  readonly weights: Float32Array
  readonly moment1: Float32Array
}

/** Every step of a recording on the device. */
export async function replayOnGpu(recording: Recording, steps: readonly RecordedStep[]): Promise<GpuStep[]> {
  const state = await GpuState.create(recording)
  try {
    const made: GpuStep[] = []
    for (const step of walk(recording, steps, (pruner) => state.begin(pruner))) made.push(await step)
    return made
  } finally {
    state.dispose()
  }
}

class GpuState implements Walker<Promise<GpuStep>> {
  private mask: Uint32Array<ArrayBuffer>
  private pruner: Pruner | undefined

  private constructor(
    private readonly device: GPUDevice,
    private readonly recording: Recording,
    private readonly blueprint: Blueprint,
    private readonly arena: GpuArena,
    private readonly kernels: FlatKernels,
    private readonly cutter: GpuCutter,
    private readonly statistics: GpuStatistics,
    private readonly readback: Readback,
  ) {
    this.mask = fullMask(recording.layout)
  }

  static async create(recording: Recording): Promise<GpuState> {
    const { experiment, layout } = recording
    const device = await testDevice()
    const report: BackendReport = { backend: 'webgpu', device: 'test', software: true, reason: 'a test' }
    const blueprint: Blueprint = {
      experiment,
      pruning: prunerOf(recording).pruner.pruning,
      layout,
      model: modelOf(experiment),
      input: { task: 'text', vocabulary: 1, length: 1, classes: 1 },
      report,
    }
    const arena = await createArena(device, layout, extrasOf(blueprint.pruning))
    const groups = groupsOf(blueprint)
    const loss = Promise.resolve({ buffer: await storageBuffer(device, 'loss', 4) })
    const [kernels, cutter, statistics] = await Promise.all([
      createFlatKernels(device, layout, arena, loss, 'sgd'),
      GpuCutter.create(device, blueprint, arena, groups),
      GpuStatistics.create(device, blueprint, arena),
    ])
    return new GpuState(device, recording, blueprint, arena, kernels, cutter, statistics, new Readback(device))
  }

  /** The state before the first step. */
  begin(pruner: Pruner): this {
    const {
      device,
      arena,
      recording,
      recording: { initial, layout },
    } = this
    this.pruner = pruner
    write(device, arena.weights, Float32Array.from(initial))
    if (arena.initial) write(device, arena.initial, Float32Array.from(initial.subarray(0, layout.prunableLength)))
    write(device, arena.control, writeControl(freshControl))
    write(device, arena.mask, recording.mask ? Uint32Array.from(recording.mask) : this.mask)
    this.statistics.prepare(viewSettings(this.blueprint, atRest, 'all'))
    this.resetStatistics()
    const first = pruner.initial()
    if (first && !recording.mask) this.submit(this.cut(first, atRest, 'grads'))
    return this
  }

  resetStatistics(): void {
    const { noiseMean, noiseSquare, importance, moment1, own0, own1, own2 } = this.arena
    const encoder = this.device.createCommandEncoder()
    for (const buffer of [noiseMean, noiseSquare, importance, moment1, own0, own1, own2])
      if (buffer) encoder.clearBuffer(buffer)
    this.device.queue.submit([encoder.finish()])
    this.submit(this.statistics.at('start'))
  }

  shuffle(): void {
    this.mask = shuffledMask(this.mask, this.recording.layout, this.recording.experiment.seed)
    write(this.device, this.arena.mask, this.mask)
  }

  async take({ weights, grads, curvature }: RecordedStep, inputs: StepInputs, scoring: boolean): Promise<GpuStep> {
    const { device, arena, blueprint, statistics, kernels, pruner } = this
    const { layout, pruning } = blueprint
    write(device, arena.step, stepUniform(stepSettings(blueprint, { ...inputs, rate: 0 })))
    write(device, arena.grads, Float32Array.from(grads))
    if (curvature && arena.curvature)
      write(device, arena.curvature, Float32Array.from(curvature.subarray(0, layout.prunableLength)))
    // While scoring, what may come back keeps its value.
    if (scoring)
      write(device, arena.weights, pruning.regrows ? Float32Array.from(weights) : masked(weights, this.mask, layout))
    statistics.prepare(viewSettings(blueprint, inputs, 'all'))
    this.submit(statistics.at('gather'))
    if (!scoring) {
      this.submit(statistics.at('gradient'))
      write(device, arena.weights, Float32Array.from(weights))
    }
    this.submit(scoring ? [kernels.observe] : [kernels.update, ...statistics.at('step')])
    const event = scoring ? pruner?.scoring(inputs.step) : pruner?.training(inputs.step)
    if (event) this.submit(this.cut(event, inputs, scoring ? 'moment1' : 'grads'))
    return this.look()
  }

  dispose(): void {
    this.cutter.dispose()
    this.statistics.dispose()
    this.readback.dispose()
    destroyArena(this.arena)
  }

  private cut(event: PruneEvent, inputs: StepInputs, source: GradientSource): Dispatch[] {
    return [...this.statistics.at('digest'), ...this.cutter.dispatches(event, inputs, source)]
  }

  private submit(dispatches: readonly Dispatch[]): void {
    const encoder = this.device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    encode(pass, dispatches)
    pass.end()
    this.device.queue.submit([encoder.finish()])
  }

  private async look(): Promise<GpuStep> {
    const { arena, readback } = this
    const floats = async (buffer: GPUBuffer) => new Float32Array(await readback.read(buffer))
    this.mask = new Uint32Array(await readback.read(arena.mask))
    return {
      mask: this.mask,
      scores: await floats(arena.scores),
      weights: await floats(arena.weights),
      moment1: await floats(arena.moment1),
    }
  }
}
