import { choice, flag, integer } from '../core/knob'
import { method } from '../core/method'
import type { Formula } from '../core/view'
import { idle, scopeKnob, sparsityKnob, windowKnobs, windowOf } from './axes'

const scores = {
  smallest: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  largest: { wgsl: '-abs(x.w)', js: (x) => -Math.abs(x.w) },
  random: { wgsl: 'x.fresh', js: (x) => x.fresh },
} as const satisfies Readonly<Record<string, Formula>>

/** Cuts that differ in how much they hurt, for what the hurt does to the end (docs/algorithms.md 2.25). */
export const stability = method({
  label: 'Generalization stability',
  cite: 'Bartoldson et al., arXiv:1906.03728',
  group: 'control',
  about:
    'An experiment, not a criterion. It reaches the same final sparsity in few or many equal cuts of the smallest, '
    + 'the largest or random weights. Or it zeroes weights for a while and gives them back. The panel on stability '
    + 'compares the accuracy at the end with the accuracy lost at the cuts.',
  formula: 's_i = |w_i| \\quad\\text{or}\\quad -|w_i| \\quad\\text{or}\\quad \\mathcal{U}[0, 1)',
  shines:
    'Separates two things that a method does at once: it leaves weights out, and it disturbs training. If weights '
    + 'that come back help as much, the disturbance was what helped.',
  fails:
    'Cutting the largest weights costs more than late training can repair. If few steps follow the last cut, they '
    + 'hide what the disturbance does.',
  adapted:
    'The paper prunes filters of convolutional networks by the scale of their batch norm. Here single weights are '
    + 'cut by size. The disturbance is measured on 256 held-out examples (training.watchedCuts).',
  knobs: {
    sparsity: sparsityKnob(),
    scope: scopeKnob(),
    order: choice(
      'Order',
      'smallest',
      { smallest: 'Smallest first', largest: 'Largest first', random: 'Random' },
      { help: 'Which weights to cut.' },
    ),
    cuts: integer('Cuts', 4, [1, 100], {
      help: 'How many equal cuts reach the final sparsity: many small ones or few large ones.',
    }),
    ...windowKnobs,
    restore: flag('Noise only', false, {
      help:
        'Every cut zeroes its share of the weights only for a while. They come back with the values that they had, '
        + 'and the run ends dense.',
    }),
    hold: integer('Zeroed for', 10, [1, 10_000], {
      unit: 'steps',
      help: 'How long they stay zero, or until just before the next cut.',
      when: { knob: 'restore', is: true },
    }),
  },
  score: scores.smallest,
  scoreBy: (v) => scores[v.order],
  target: (v) => (v.restore ? 0 : v.sparsity),
  plan(v, steps) {
    const times = cutTimes(v, v.restore ? steps - 1 : steps)
    const events = new Map(
      times.flatMap((t, i) =>
        v.restore
          ? blink(t, times[i + 1] ?? steps, v, times.length)
          : [[t, i === times.length - 1 ? v.sparsity : (v.sparsity * (i + 1)) / times.length]],
      ),
    )
    return { ...idle, nested: !v.restore, lastEvent: Math.max(-1, ...events.keys()), training: (t) => events.get(t) }
  },
  pruned: (v) => (v.restore ? 'latent' : 'held'),
})

/** Steps of the cuts: evenly spread over the window, at most one a step; none in a run without steps. */
function cutTimes(v: { begin: number; end: number; cuts: number }, steps: number): number[] {
  if (steps < 1) return []
  const { first, last } = windowOf(v.begin, v.end, steps)
  const count = Math.min(v.cuts, last - first + 1)
  return Array.from({ length: count }, (_, i) =>
    count === 1 ? last : first + Math.round((i * (last - first)) / (count - 1)),
  )
}

/**
 * Zeroes a share after step t and gives it back `hold` steps later; right before the next cut where that comes first,
 * not at all where there is no step between.
 */
function blink(t: number, next: number, v: { sparsity: number; hold: number }, count: number): [number, number][] {
  const back = Math.min(t + v.hold, next - 1)
  return back > t
    ? [
        [t, v.sparsity / count],
        [back, 0],
      ]
    : [[t, v.sparsity / count]]
}
