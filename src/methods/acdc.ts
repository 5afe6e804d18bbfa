import { integer, share } from '../core/knob'
import { method } from '../core/method'
import { idle, scopeKnob, sparsityKnob } from './axes'

/**
 * Alternating compressed and decompressed training (docs/algorithms.md 2.31): dense and sparse phases in turns, sparse
 * at the end. Moments start again with each dense phase.
 */
export const acdc = method({
  label: 'AC/DC',
  cite: 'Peste et al., arXiv:2106.12379',
  group: 'during training',
  about:
    'Trains dense, cuts to the target by magnitude, trains sparse, then lets all weights grow again from 0. This '
    + 'repeats. The last phase is sparse.',
  formula: 's_i = |w_i|',
  shines: 'The next dense phase repairs wrong cuts.',
  fails: 'Half of the run is dense. Short phases repair little.',
  adapted:
    'Adam starts anew with each dense phase, bias correction included; the paper has momentum alone. '
    + 'The run ends sparse; the dense model that the paper also keeps from its last dense phase is not kept.',
  knobs: {
    sparsity: sparsityKnob(),
    scope: scopeKnob(),
    begin: share('Begin', 0.15, [0, 0.9], {
      step: 0.01,
      unit: 'of the run',
      help: 'How long to train dense at the start.',
    }),
    phases: integer('Sparse phases', 4, [1, 20], { help: 'How often the model is cut.' }),
    last: share('Last phase', 0.25, [0.05, 0.9], {
      step: 0.01,
      unit: 'of the run',
      help: 'How long to train sparse at the end.',
    }),
  },
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  plan(v, steps) {
    const begin = Math.min(steps - 1, Math.floor(v.begin * steps))
    const end = Math.min(steps - 1, Math.max(begin, Math.floor((1 - v.last) * steps)))
    // phases sparse ones, one dense one between any two: 2 phases - 2 borders between the first cut and the last.
    const halves = Math.min(2 * v.phases - 2, end - begin)
    const borders = Array.from(
      { length: halves + 1 },
      (_, i) => begin + Math.round((i * (end - begin)) / Math.max(1, halves)),
    )
    const cuts = new Map(borders.map((t, i) => [t, (halves - i) % 2 === 0 ? v.sparsity : 0]))
    // The official scripts run with --reset_momentum_after_recycling (IST-DASLab/ACDC): momentum of the sparse phase is
    // forgotten.
    const momentsFrom = borders.filter((t) => cuts.get(t) === 0).map((t) => t + 1)
    return {
      ...idle,
      nested: false,
      lastEvent: borders.at(-1) ?? -1,
      training: (t) => cuts.get(t),
      course: { momentsFrom },
    }
  },
})
