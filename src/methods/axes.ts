import { choice, flag, integer, number, share, type ChoiceKnob, type NumberKnob } from '../core/knob'
import type { NoiseDecay } from '../core/method'
import type { Calibration, Plan } from '../core/plan'
import type { WeightView } from '../core/view'
import { cubic, sevenKeepRatio } from '../core/schedule'
import { scopes } from '../core/scope'

/** Knobs and plans that many methods share, so that the same axis has the same name and range everywhere. */

export function sparsityKnob(initial = 0.8): NumberKnob {
  return share('Sparsity', initial, [0, 0.99], {
    step: 0.01,
    help: 'Share of the prunable weights that are zero at the end.',
  })
}

export function scopeKnob(initial: keyof typeof scopes = 'global'): ChoiceKnob<keyof typeof scopes> {
  return choice('Scope', initial, scopes, {
    help:
      'Global: all layers in one ranking. Per layer: the same sparsity in each. ERK: small layers stay denser. Smart '
      + 'ratios: later layers become sparser (arXiv:2009.11094; what a full layer cannot take goes to all others, not '
      + 'only to later ones).',
  })
}

/** Start and end of a pruning window as shares of the run, so that one setting fits runs of any length. */
export const windowKnobs = {
  begin: share('Begin', 0.2, [0, 1], { step: 0.01, unit: 'of the run', help: 'When pruning begins.' }),
  end: share('End', 0.75, [0, 1], { step: 0.01, unit: 'of the run', help: 'When the final sparsity is reached.' }),
}

export function everyKnob(initial: number): NumberKnob {
  return integer('Every', initial, [1, 1000], { unit: 'steps', help: 'Steps from one mask change to the next.' })
}

export function batchesKnob(initial: number): NumberKnob {
  return integer('Scoring batches', initial, [1, 1000], {
    unit: 'batches',
    help: 'How many batches of gradients to gather before training.',
  })
}

/** Whether learned scores are clipped, too. */
export const clipKnob = flag('Clip scores', false, {
  help: "On: the gradient of the scores shrinks by the factor that clips the weights' own.",
})

/** When the one cut of a run is made. */
export function atKnob(initial: number, help: string): NumberKnob {
  return share('Cut at', initial, [0, 1], { step: 0.01, unit: 'of the run', help })
}

/** When a trained model is cut, and on how much data its layers' inputs are measured. */
export const calibrationKnobs = {
  at: atKnob(1, 'When to cut. If this is before the end, the rest of the run fine-tunes with a fixed mask.'),
  batches: integer('Calibration batches', 8, [1, 1000], {
    unit: 'batches',
    help: 'How many training batches measure the inputs of layers.',
  }),
}

/** One cut at a share of the run, the end included; with a calibration it looks at the inputs of layers. */
export function cutAfter(v: { at: number; sparsity: number }, steps: number, calibration?: Calibration): Plan {
  const { last } = windowOf(0, v.at, steps)
  return {
    ...idle,
    training: (t) => (t === last ? v.sparsity : undefined),
    lastEvent: last,
    ...(calibration ? { calibration } : {}),
  }
}

/** Units of a layer that a share of them makes, at least one. */
export function countOf(share: number, count: number): number {
  return Math.max(1, Math.round(share * count))
}

/** SEVEN's decay rates a1 (moment of |g|) and a2 (moment of g^2). */
export const decayKnobs = {
  alpha1: number('Alpha 1', 0.8, [0, 0.999], { help: 'How slowly the mean of |g| forgets.' }),
  alpha2: number('Alpha 2', 0.9, [0, 0.999], {
    help: 'How slowly the mean of g squared forgets. With equal rates the discount is at most 1.',
  }),
}

/** What the noise chart's line leaves out of SEVEN's score. */
export const sevenLeavesOut =
  'Batches with a larger gradient count more in the score. In the chart all count alike, and where there were several '
  + 'cuts, the line is that of the last one.'

/** The decay rates that `decayKnobs` set. */
export function sevenDecay(v: { alpha1: number; alpha2: number }): NoiseDecay {
  return { mean: v.alpha1, square: v.alpha2 }
}

/** A plan that changes nothing; methods override what they need. */
export const idle: Plan = {
  scoringBatches: 0,
  scoring: () => undefined,
  training: () => undefined,
  statisticsFrom: 0,
  lastEvent: -1,
  rounding: 'nearest',
}

/** One cut after all scoring batches, before training. */
export function cutBefore(batches: number, sparsity: number): Plan {
  return { ...idle, scoringBatches: batches, scoring: (i) => (i === batches - 1 ? sparsity : undefined) }
}

/** A cubic ramp over a window, cutting every `every` steps and at the window's end. */
export function gradual(v: { begin: number; end: number; every: number; sparsity: number }, steps: number): Plan {
  const { first, last } = windowOf(v.begin, v.end, steps)
  const cuts = (t: number) => t === last || (t >= first && t < last && (t - first) % v.every === 0)
  return {
    ...idle,
    lastEvent: last,
    training: (t) => (cuts(t) ? cubic(t + 1, first, last + 1, v.sparsity) : undefined),
  }
}

/** First and last step of a window given as shares of the run; at least one step long and inside the run. */
export function windowOf(begin: number, end: number, steps: number): { first: number; last: number } {
  const first = Math.min(Math.floor(begin * steps), steps - 1)
  return { first, last: Math.min(steps - 1, Math.max(first, Math.floor(end * steps) - 1)) }
}

/** What holds for methods that never change a mask; the score ranks weights for the page alone. */
export const maskless = {
  score: { wgsl: 'abs(x.w)', js: (x: WeightView) => Math.abs(x.w) },
  plan: () => idle,
}

/** Share of each group's weights that change places at an exchange. */
export function shareKnob(initial: number): NumberKnob {
  return share('Share', initial, [0, 1], {
    step: 0.01,
    unit: 'of the kept',
    help: 'Share of the kept weights that change places at a mask change.',
  })
}

/** When exchanges end, so that what was grown last still trains. */
export const stopKnob = share('Stop', 0.75, [0, 1], {
  step: 0.01,
  unit: 'of the run',
  help: 'When weights change places for the last time.',
})

/** What RigL and SET share: random places at first; later the smallest weights of the groups give theirs away. */
export const sparseFromStart = {
  knobs: {
    sparsity: sparsityKnob(),
    scope: scopeKnob('erk'),
    every: everyKnob(50),
    share: shareKnob(0.3),
    stop: stopKnob,
  },
  score: { wgsl: 'abs(x.w)', js: (x: WeightView) => Math.abs(x.w) },
  initialScore: { wgsl: 'x.uniform', js: (x: WeightView) => x.uniform },
}

/** A sparse model from the first step on whose weights change places every `every` steps until `stop`. */
export function exchanging(
  v: { sparsity: number; every: number; stop: number },
  steps: number,
  share: (t: number) => number,
): Plan {
  const { last } = windowOf(0, v.stop, steps)
  const changes = (t: number) => t <= last && (t + 1) % v.every === 0
  const lastEvent = Math.floor((last + 1) / v.every) * v.every - 1
  return {
    ...idle,
    initial: v.sparsity,
    lastEvent,
    training: (t) => (changes(t) ? v.sparsity : undefined),
    exchange: share,
  }
}

/**
 * RigL's share of exchanged weights: half a cosine from `share` to 0 at `stop`. It counts optimizer steps that are
 * done, t + 1 after 0-based step t, as the official code does (google-research/rigl, sparse_optimizers_base.py, where
 * the global step is that count).
 */
export function fallingShare(v: { share: number; stop: number }, steps: number): (t: number) => number {
  const end = windowOf(0, v.stop, steps).last + 1
  return (t) => (v.share / 2) * (1 + Math.cos((Math.PI * Math.min(t + 1, end)) / end))
}

export function roundsKnob(initial: number): NumberKnob {
  return integer('Rounds', initial, [1, 100], {
    help: 'How many cuts to make before training. Each divides the density by the same factor.',
  })
}

/**
 * Cuts before training in rounds of exponentially falling density, `batches` gradients each (docs/algorithms.md 0.7).
 */
export function roundsBefore(v: { sparsity: number; rounds: number; batches: number }): Plan {
  const after = (round: number) => (round === v.rounds ? v.sparsity : 1 - (1 - v.sparsity) ** (round / v.rounds))
  return {
    ...idle,
    scoringBatches: v.rounds * v.batches,
    scoring: (i) => ((i + 1) % v.batches === 0 ? after((i + 1) / v.batches) : undefined),
  }
}

/** A cubic ramp over a window, or a single cut. */
export const cutKnobs = {
  schedule: choice(
    'Schedule',
    'gradual',
    { gradual: 'Gradual (cubic)', once: 'One-shot' },
    { help: 'Little by little, or in a single cut.' },
  ),
  begin: { ...windowKnobs.begin, when: { knob: 'schedule', is: 'gradual' } },
  end: { ...windowKnobs.end, when: { knob: 'schedule', is: 'gradual' } },
  every: { ...everyKnob(10), when: { knob: 'schedule', is: 'gradual' } },
  at: {
    ...atKnob(0.5, 'When to make the single cut. Training goes on after it.'),
    when: { knob: 'schedule', is: 'once' },
  },
}

/** The plan of `cutKnobs`. */
export function cutting(
  v: { sparsity: number; schedule: 'gradual' | 'once'; begin: number; end: number; every: number; at: number },
  steps: number,
): Plan {
  return v.schedule === 'once' ? cutAfter(v, steps) : gradual(v, steps)
}

/**
 * SEVEN over batches before training (docs/algorithms.md 1.3): one cut at the end, or SEVEN's cubic schedule with the
 * target at the end.
 */
export function sevenBefore(v: { batches: number; sparsity: number; schedule: 'cubic' | 'once' }): Plan {
  if (v.schedule === 'once') return { ...cutBefore(v.batches, v.sparsity), rounding: 'floor' }
  return {
    ...idle,
    rounding: 'floor',
    scoringBatches: v.batches,
    scoring: (i) => (i === v.batches - 1 ? v.sparsity : 1 - sevenKeepRatio(i, v.batches, v.sparsity)),
  }
}
