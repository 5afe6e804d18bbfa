import { plugin } from '../config/registries'
import type { Layout } from '../core/layout'
import type { StepSettings } from '../../shaders/step'
import type { StepInputs } from './executor'
import type { Blueprint } from './blueprint'

/** Added to the root of Adam's second moment. */
const epsilon = 1e-8

/** The kernels' view of a step. */
export function stepSettings({ experiment, layout }: Blueprint, { step, rate, statisticsStep }: StepInputs): StepSettings {
  const { weightDecay, beta1, beta2, momentum, clip } = experiment.training
  const decay = plugin('method', experiment.method.id).noiseDecay(experiment.method.values)
  return {
    step, rate, weightDecay, beta1, beta2, momentum, clip, epsilon, momentAge: step,
    noiseMeanDecay: decay.mean, noiseSquareDecay: decay.square, noiseAge: statisticsStep,
    length: layout.length, prunableLength: layout.prunableLength, decayLength: layout.decayLength,
  }
}

/** Every weight kept, padding bits 0. */
export function fullMask(layout: Layout): Uint32Array<ArrayBuffer> {
  const mask = new Uint32Array(layout.prunableLength / 32)
  for (const { offset, size } of layout.prunable) {
    for (let i = offset; i < offset + size; i++) mask[i >>> 5] = ((mask[i >>> 5] ?? 0) | (1 << (i & 31))) >>> 0
  }
  return mask
}
