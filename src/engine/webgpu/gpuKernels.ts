import type { Layout } from '../../core/layout'
import * as shaders from '../../../shaders'
import { squaresChunk } from '../../../shaders/train/norm'
import type { RateRange } from '../../../shaders/train/rates'
import { createKernel, workgroups, type Dispatch } from '../../gpu/kernel'
import type { GpuArena } from './gpuArena'

/** The whole-parameter kernels of a run, bound to its arena. */
export interface FlatKernels {
  /** Gradient norm, clip factor, halting and metrics; these run before the others. */
  readonly norms: readonly Dispatch[]
  /** Gathers what tells sentinels; the update comes after it. */
  readonly witness: Dispatch
  /** Optimizer and statistics. */
  readonly update: Dispatch
  /** Statistics at fixed weights. */
  readonly observe: Dispatch
  /** Before a mask change in training: remembers what was kept, where the method exchanges weights. */
  readonly visit: readonly Dispatch[]
}

/**
 * @param loss where the step leaves its loss, once it is recorded; the kernels compile meanwhile
 * @param ranges parameters that move at a share of the learning rate
 */
export async function createFlatKernels(
  device: GPUDevice,
  layout: Layout,
  arena: GpuArena,
  loss: Promise<GPUBufferBinding>,
  optimizer: string,
  ranges: readonly RateRange[] = [],
): Promise<FlatKernels> {
  const [squares, norm, witness, update, observe, visit, { buffer, offset = 0 }] = await Promise.all([
    createKernel(device, 'squares', shaders.squares),
    createKernel(device, 'norm', shaders.norm),
    createKernel(device, 'witness', shaders.witness),
    createKernel(device, 'update', shaders.updateBy(ranges), { entryPoint: optimizer === 'sgd' ? 'sgd' : 'adamw' }),
    createKernel(device, 'observe', shaders.observe),
    arena.visited && createKernel(device, 'visit', shaders.visit),
    loss,
  ])
  const {
    weights,
    grads,
    moment1,
    moment2,
    mask,
    noiseMean,
    noiseSquare,
    importance,
    steady,
    peak,
    sensed,
    control,
    metrics,
    partials,
    step,
    visited,
  } = arena
  const norms = [
    squares.bind({ grads, partials }, workgroups(layout.length, squaresChunk)),
    norm.bind({ step, partials, loss: { buffer, offset, size: 4 }, control, metrics }, [1]),
  ]
  const statistics = { noiseMean, noiseSquare, importance }
  const witnessed = { step, control, weights, grads, mask, noiseMean, noiseSquare, steady, peak, sensed }
  return {
    norms,
    witness: witness.bind(witnessed, workgroups(layout.prunableLength / 4, 256)),
    update: update.bind(
      { step, control, weights, grads, moment1, moment2, mask, ...statistics },
      workgroups(layout.length / 4, 256),
    ),
    observe: observe.bind(
      { step, control, weights, grads, moment1, mask, ...statistics },
      workgroups(layout.prunableLength / 4, 256),
    ),
    visit: visit && visited ? [visit.bind({ mask, visited }, workgroups(layout.prunableLength / 32, 256))] : [],
  }
}
