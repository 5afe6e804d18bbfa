import type { Values } from '../../core/knob'
import { maskOf } from '../../core/cut'
import type { Experiment } from '../../core/experiment'
import type { Layout } from '../../core/layout'
import type { Pruning } from '../../core/pruning'
import { randomBits, streams, uniform } from '../../core/random'
import { bit } from '../../core/bits'
import type { AssignmentPass } from '../../../shaders/formula/assign'
import { biasCorrection, plainGates, type StepSettings } from '../../../shaders/train/step'
import { tileSize } from '../../../shaders/parts/tiles'
import type { Ranked, ViewSettings } from '../../../shaders/formula/view'
import type { ProbeOptions } from '../../tf/graph'
import type { StepInputs } from './executor'
import type { Blueprint } from './blueprint'

/** Added to the root of Adam's second moment. */
const epsilon = 1e-8

/** What kernels see of a step. @param witnessed gradients before it that count for sentinels */
export function stepSettings(
  { experiment, pruning, layout }: Pick<Blueprint, 'experiment' | 'pruning' | 'layout'>,
  inputs: StepInputs,
  witnessed = 0,
): StepSettings {
  const { step, momentAge, rate, statisticsStep } = inputs
  const { weightDecay, beta1, beta2, momentum, clip } = experiment.training
  return {
    step,
    rate,
    weightDecay,
    beta1,
    beta2,
    momentum,
    clip,
    epsilon,
    momentAge,
    noiseMeanDecay: pruning.decay.mean,
    noiseSquareDecay: pruning.decay.square,
    noiseAge: statisticsStep,
    witnessed,
    pruned: prunedIn[pruning.pruned],
    regrows: pruning.regrows,
    length: layout.length,
    prunableLength: layout.prunableLength,
    decayLength: layout.decayLength,
    gatesFrom: layout.gatesFrom,
    ...gateSettings(pruning, inputs),
  }
}

/** What holds for gates in a step. */
function gateSettings({ hook }: Pruning, { rate, pace = { weights: 1, gates: 1 } }: StepInputs) {
  const {
    bounds = [plainGates.gateLow, plainGates.gateHigh],
    shrink = 0,
    dead = plainGates.gateDead,
  } = hook?.rule ?? {}
  return {
    weightPace: pace.weights,
    gatePace: pace.gates,
    gateLow: bounds[0],
    gateHigh: bounds[1],
    gateShrink: rate * pace.gates * shrink,
    gateDead: dead,
  }
}

/** What a method's formulas see of a step beside the weight itself. */
export function viewSettings(
  { experiment: { seed }, pruning: { decay }, layout }: Pick<Blueprint, 'experiment' | 'pruning' | 'layout'>,
  { step, rate, statisticsStep, phase = 0 }: StepInputs,
  ranked: Ranked,
): ViewSettings {
  return {
    length: layout.prunableLength,
    ranked,
    seed,
    stream: streams.method,
    freshSeed: randomBits(seed, streams.method, step),
    noiseMeanCorrection: biasCorrection(decay.mean, statisticsStep),
    noiseSquareCorrection: biasCorrection(decay.square, statisticsStep),
    age: statisticsStep + 1,
    rate,
    phase,
  }
}

/** Number and flag knobs of a formula, in the order of its uniform. */
export function numberKnobs(values: Values): string[] {
  return Object.entries(values)
    .filter(([, value]) => typeof value !== 'string')
    .map(([name]) => name)
}

/** The hash that gives `x.uniform` and `x.fresh`. */
export function methodUniform(seed: number, counter: number): number {
  return uniform(seed, streams.method, counter)
}

/** Before any step. */
export const atRest: StepInputs = { step: 0, momentAge: 0, rate: 0, statisticsStep: 0 }

/** All parameters with the pruned ones set to 0. @param weights [layout.length] */
export function masked(
  weights: Float32Array,
  mask: Uint32Array,
  { prunableLength }: Layout,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(weights, (w, i) => (i < prunableLength && !bit(mask, i) ? 0 : w))
}

/** Every weight kept, padding bits 0. */
export function fullMask(layout: Layout): Uint32Array<ArrayBuffer> {
  return maskOf(layout, () => true)
}

/**
 * When a method's own numbers change: at the start, after a gradient, before a mask change, where weights take the
 * values that are ranked; `gradient` is what the optimizer follows, `step` a weight's next value.
 */
export const moments = ['start', 'gather', 'digest', 'gradient', 'step'] as const
export type Moment = (typeof moments)[number]

/** A method's formulas of a moment, as one pass. */
export function assignmentsOf(pruning: Pruning, moment: Moment): AssignmentPass {
  const { names, statistics, gradient, step, candidate } = pruning
  if (moment === 'gradient') return { names, assignments: {}, gradient }
  if (moment === 'step') return { names, assignments: {}, step }
  return { names, assignments: statistics?.[moment] ?? {}, ...(moment === 'digest' ? { step: candidate } : {}) }
}

/** Whether a pass changes nothing. */
export function isIdle({ assignments, gradient, step }: AssignmentPass): boolean {
  return Object.keys(assignments).length === 0 && !gradient && !step
}

/** What scoring before training differentiates. */
export function probeOptions({ pruning: { plan } }: Pick<Blueprint, 'pruning'>): ProbeOptions {
  return { probe: plan.probe ?? 'loss', temperature: plan.temperature ?? 1 }
}

/**
 * Whether scoring before training differentiates something else than training does; the loss, too, is scored without
 * dropout.
 */
export function probesApart({ experiment, pruning: { plan } }: Pick<Blueprint, 'experiment' | 'pruning'>): boolean {
  return plan.scoringBatches > 0 && ((plan.probe ?? 'loss') !== 'loss' || experiment.training.dropout > 0)
}

/** Whether the model trains on int8 weights. */
export function roundsWeights({ training }: Pick<Experiment, 'training'>): boolean {
  return training.weightBits === '8'
}

/** What `update` does with pruned weights. */
const prunedIn = { held: 'held', latent: 'left', through: 'trained', free: 'free' } as const

/** Rows of each tile's matrix, what `x.fanIn` reads. */
export function fanIns({ prunable, prunableLength }: Layout): Float32Array<ArrayBuffer> {
  const rows = new Float32Array(prunableLength / tileSize)
  for (const { offset, size, shape } of prunable)
    rows.fill(shape[0] ?? 1, offset / tileSize, Math.ceil((offset + size) / tileSize))
  return rows
}
