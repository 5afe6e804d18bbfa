/**
 * Methods on a handful of weights: numbers in, scores and masks out, by the engine's own path and on both of its
 * devices.
 */
import { expect } from 'vitest'
import { bit, setBit } from '../../core/bits'
import { check } from '../../config/check'
import { defaultExperiment } from '../../config/defaults'
import { plugin } from '../../config/registries'
import type { Experiment } from '../../core/experiment'
import { placeTensors, type Layout } from '../../core/layout'
import type { UnitSlices } from '../../core/model'
import { replay, type RecordedStep, type Recording } from '../../engine/run/replay'
import { expectClose } from '../../gpu/testing'
import { replayOnGpu, type GpuStep } from './gpuReplay'

/** One matrix [inputs, outputs]. */
export interface Matrix {
  readonly shape: readonly [inputs: number, outputs: number]
  readonly units?: UnitSlices
}

/**
 * What is left out of a step is as it was in the step before; gradients are 0 at first. Numbers are of all matrices,
 * row by row.
 */
export interface HandStep {
  readonly weights?: readonly number[]
  readonly grads?: readonly number[]
  readonly curvature?: readonly number[]
  readonly rate?: number
}

export interface HandWorked {
  readonly method: string
  /** Knobs that differ from their defaults. */
  readonly knobs?: Readonly<Record<string, number | string | boolean>>
  /** One column of all weights unless given; matrices lie in blocks of their own. */
  readonly matrices?: readonly Matrix[]
  /** Before the first step. */
  readonly weights: readonly number[]
  readonly steps: readonly HandStep[]
  /** Training steps of the whole run, where `steps` are only its beginning. */
  readonly trainingSteps?: number
  readonly seed?: number
  /** To start from instead of the method's own. */
  readonly mask?: readonly number[]
  /** Of a score, between the two devices; 1e-5 unless given. */
  readonly tolerance?: number
}

/** What a step made of the weights, in the order of `HandWorked.weights`. */
export interface HandResult {
  readonly scores: number[]
  /** What ranked the weights that came for others. */
  readonly grown: number[] | undefined
  /** 1 = kept. */
  readonly mask: number[]
  readonly event: boolean
  /** As the device has them after the step. */
  readonly weights: number[]
}

/**
 * The experiment of a method with some of its knobs set. @throws Error for a knob that is not there or a value that it
 * cannot have
 */
export function experimentWith(method: string, knobs: HandWorked['knobs'] = {}, seed = 1): Experiment {
  const settings = Object.fromEntries(Object.entries(knobs).map(([name, value]) => [`method.${name}`, value]))
  const { experiment, notes } = check({ method, seed, ...settings }, defaultExperiment)
  if (notes.length) throw new Error(notes.join('; '))
  return experiment
}

/** Places matrices, each in a block of its own. */
export function layoutOf(matrices: readonly Matrix[]): Layout {
  return placeTensors(
    matrices.map(({ shape, units }, i) => ({
      name: `block${i}/weights`,
      shape,
      init: { kind: 'constant', value: 0 },
      prunable: true,
      decay: true,
      ...(units ? { units } : {}),
    })),
  )
}

/** A recording in the layout's places. */
export function recordingOf({ method, knobs, matrices, weights, steps, trainingSteps, seed, mask }: HandWorked): {
  recording: Recording
  steps: RecordedStep[]
} {
  const layout = layoutOf(matrices ?? [{ shape: [weights.length, 1] }])
  let last: Required<HandStep> = { weights, grads: weights.map(() => 0), curvature: weights.map(() => 0), rate: 0.1 }
  const recorded = steps.map((step): RecordedStep => {
    last = { ...last, ...step }
    return {
      weights: placed(layout, last.weights),
      grads: placed(layout, last.grads),
      curvature: placed(layout, last.curvature),
      rate: last.rate,
    }
  })
  return {
    steps: recorded,
    recording: {
      experiment: experimentWith(method, knobs, seed),
      layout,
      steps: steps.length,
      initial: placed(layout, weights),
      ...(trainingSteps === undefined ? {} : { trainingSteps }),
      ...(mask ? { mask: bitsOf(layout, mask) } : {}),
    },
  }
}

/** Replays the steps in JavaScript and on WebGPU; fails where the two differ in a bit of a mask or in a score. */
export async function handWorked(given: HandWorked): Promise<HandResult[]> {
  const { recording, steps } = recordingOf(given)
  const { layout } = recording
  const made = [...replay(recording, steps)]
  const device = await replayOnGpu(recording, steps)
  // Selection of units and of groups writes over the scores on the device.
  const weights = plugin('method', given.method).granularity === undefined
  return made.map(({ scores, grown, mask, event }, i) => {
    const there = device[i] as GpuStep
    expect(maskOf(layout, there.mask), `mask of step ${i} on WebGPU`).toEqual(flat(layout, mask))
    if (event && weights)
      expectClose(`scores of step ${i} on WebGPU`, flat(layout, there.scores), flat(layout, grown ?? scores), {
        absolute: 1e-7,
        relative: given.tolerance ?? 1e-5,
      })
    return {
      scores: flat(layout, scores),
      grown: grown && flat(layout, grown),
      mask: flat(layout, mask),
      event,
      weights: flat(layout, there.weights),
    }
  })
}

/** Fails where a score is not what was worked out by hand, to six digits; NaN is a weight that is not ranked. */
export function expectScores(found: readonly number[] | undefined, expected: readonly number[]): void {
  expectClose('scores', found ?? [], expected, { absolute: 1e-7, relative: 1e-6 })
}

/** A layout's places without padding. */
export function flat(layout: Layout, values: ArrayLike<number>): number[] {
  return layout.prunable.flatMap(({ offset, size }) =>
    Array.from({ length: size }, (_, i) => values[offset + i] ?? NaN),
  )
}

/** The mask of every weight, 1 = kept, without padding. */
export function maskOf(layout: Layout, bits: Uint32Array): number[] {
  return layout.prunable.flatMap(({ offset, size }) =>
    Array.from({ length: size }, (_, i) => Number(bit(bits, offset + i))),
  )
}

function placed(layout: Layout, values: readonly number[]): Float32Array {
  const array = new Float32Array(layout.length)
  let from = 0
  for (const { offset, size } of layout.prunable) {
    array.set(values.slice(from, from + size), offset)
    from += size
  }
  if (from !== values.length) throw new Error(`${values.length} numbers for ${from} weights.`)
  return array
}

function bitsOf(layout: Layout, mask: readonly number[]): Uint32Array {
  const bits = new Uint32Array(layout.prunableLength / 32)
  placed(layout, mask).forEach((kept, i) => {
    if (kept) setBit(bits, i, true)
  })
  return bits
}
