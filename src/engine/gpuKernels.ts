import type { Layout } from '../core/layout'
import type { Group } from '../core/scope'
import { streams } from '../core/random'
import { biasCorrection } from '../../shaders/step'
import * as shaders from '../../shaders'
import { scoreKernel, scoreUniform } from '../../shaders/score'
import { selectionTables } from '../../shaders/select'
import { uniformBuffer, write } from '../gpu/buffers'
import { createKernel, workgroups, type Dispatch, type Kernel } from '../gpu/kernel'
import { createSelection, type Selection } from '../gpu/selection'
import type { Criterion } from './executor'
import type { GpuArena } from './gpuArena'

/** The whole-parameter kernels of a run, bound to its arena. */
export interface FlatKernels {
  /** Clip, optimizer and statistics. */
  readonly update: readonly Dispatch[]
  /** Statistics at fixed weights. */
  readonly observe: readonly Dispatch[]
}

/** @param loss where the recorded step leaves its loss */
export async function createFlatKernels(
  device: GPUDevice, layout: Layout, arena: GpuArena, loss: GPUBufferBinding, optimizer: string,
): Promise<FlatKernels> {
  const [squares, norm, update, observe] = await Promise.all([
    createKernel(device, 'squares', shaders.squares),
    createKernel(device, 'norm', shaders.norm),
    createKernel(device, 'update', shaders.update, { entryPoint: optimizer === 'sgd' ? 'sgd' : 'adamw' }),
    createKernel(device, 'observe', shaders.observe),
  ])
  const { weights, grads, moment1, moment2, mask, noiseMean, noiseSquare, importance, control, metrics, partials, step } = arena
  const lossResource = { buffer: loss.buffer, offset: loss.offset ?? 0, size: 4 }
  const norms = [
    squares.bind({ grads, partials }, workgroups(layout.length, 4096)),
    norm.bind({ step, partials, loss: lossResource, control, metrics }, [1]),
  ]
  const statistics = { noiseMean, noiseSquare, importance }
  return {
    update: [...norms, update.bind({ step, control, weights, grads, moment1, moment2, mask, ...statistics }, workgroups(layout.length, 256))],
    observe: [...norms, observe.bind({ step, control, weights, grads, moment1, mask, ...statistics }, workgroups(layout.prunableLength, 256))],
  }
}

/** Where a formula's `x.g` comes from: this step's gradients, or the mean that scoring keeps in `moment1`. */
export type GradientSource = 'grads' | 'moment1'

/** Scores by one formula, exact selection, and what follows from the thresholds. */
export class Ranker {
  private constructor(
    private readonly device: GPUDevice, private readonly layout: Layout, private readonly arena: GpuArena,
    private readonly kernel: Kernel, private readonly uniform: GPUBuffer, private readonly knobs: readonly string[],
    private readonly criterion: Criterion, readonly selection: Selection,
  ) {}

  static async create(device: GPUDevice, layout: Layout, arena: GpuArena, criterion: Criterion, groups: readonly Group[]): Promise<Ranker> {
    const knobs = Object.entries(criterion.values).filter(([, value]) => typeof value === 'number').map(([name]) => name)
    const kernel = await createKernel(device, 'score', scoreKernel(criterion.formula.wgsl, knobs))
    const uniform = await uniformBuffer(device, 'scoring', uniformOf(layout, criterion, knobs, { mean: 0, square: 0 }, 0).byteLength)
    const selection = await createSelection(device, selectionTables(layout, groups))
    return new Ranker(device, layout, arena, kernel, uniform, knobs, criterion, selection)
  }

  /** Sets counts and bias corrections for the commands submitted next. */
  prepare(groups: readonly Group[], noiseDecay: { readonly mean: number; readonly square: number }, statisticsStep: number): void {
    write(this.device, this.uniform, uniformOf(this.layout, this.criterion, this.knobs, noiseDecay, statisticsStep))
    this.selection.keep(selectionTables(this.layout, groups).kept)
  }

  /** Score and selection; afterwards the thresholds are valid. */
  dispatches(source: GradientSource): Dispatch[] {
    const { weights, mask, noiseMean, noiseSquare, importance, scores } = this.arena
    const grads = this.arena[source]
    const score = this.kernel.bind(
      { scoring: this.uniform, weights, grads, mask, noiseMean, noiseSquare, importance, scores }, workgroups(this.layout.prunableLength, 256),
    )
    return [score, ...this.selection.dispatches(scores)]
  }

  dispose(): void {
    this.uniform.destroy()
    this.selection.dispose()
  }
}

function uniformOf(
  layout: Layout, criterion: Criterion, knobs: readonly string[], decay: { readonly mean: number; readonly square: number }, age: number,
): ArrayBuffer {
  const values = Object.fromEntries(Object.entries(criterion.values).filter((entry): entry is [string, number] => typeof entry[1] === 'number'))
  return scoreUniform({
    length: layout.prunableLength, nested: true, seed: criterion.seed, stream: streams.method,
    noiseMeanCorrection: biasCorrection(decay.mean, age), noiseSquareCorrection: biasCorrection(decay.square, age),
  }, knobs, values)
}
