import { flag, number } from '../core/knob'
import { method } from '../core/method'
import { cubic } from '../core/schedule'
import { everyKnob, idle, scopeKnob, sparsityKnob, windowKnobs, windowOf } from './axes'

/**
 * Movement pruning, hard (docs/algorithms.md 2.10): a learned score S of each weight moves by -g w, so it rises while
 * the weight moves away from 0; the largest S are kept. Pruned weights keep their latent value, which no gradient
 * moves.
 */
export const movement = method({
  label: 'Movement (hard)',
  cite: 'Sanh et al., arXiv:2005.07683',
  group: 'during training',
  about:
    'Learns a score for every weight by straight-through gradients. The score rises while the weight moves away '
    + 'from zero and falls while it moves towards zero. Keeps the highest scores, with their sign.',
  formula: 'S_i \\leftarrow S_i - \\eta_S\\, \\mathrm{Adam}(g_i w_i)',
  shines: 'Fine-tuning of pre-trained models at high sparsity. There it matters more what changes than what is large.',
  fails: 'From random weights everything moves, so the score says little.',
  adapted:
    'Scores have a constant learning rate, and their gradients are not clipped, '
    + "where the paper's code clips them together with all others. Not the |w g| of one batch that the SEVEN "
    + 'code calls movement, and not |w - w0|.',
  knobs: {
    sparsity: sparsityKnob(),
    scope: scopeKnob('layer'),
    ...windowKnobs,
    every: everyKnob(1),
    rate: number('Score rate', 1e-2, [1e-5, 10], { scale: 'log', help: 'Learning rate of the scores.' }),
    adam: flag('Adam for scores', true, { help: 'Off: plain gradient descent.' }),
  },
  statistics: {
    names: ['score', 'first', 'second'],
    gather: {
      first: {
        wgsl: 'mix(x.g * x.w, 0.9 * x.first + 0.1 * x.g * x.w, p.adam)',
        js: (x, p) => (p.adam ? 0.9 * x.first + 0.1 * x.g * x.w : x.g * x.w),
      },
      second: {
        wgsl: '0.999 * x.second + 0.001 * (x.g * x.w) * (x.g * x.w)',
        js: (x) => 0.999 * x.second + 0.001 * (x.g * x.w) ** 2,
      },
      score: {
        wgsl:
          'x.score - p.rate * mix(x.first, x.first / (1.0 - pow(0.9, x.age)) / (sqrt(x.second / (1.0 - pow(0.999, '
          + 'x.age))) + 1e-8), p.adam)',
        js: (x, p) =>
          x.score
          - p.rate
            * (p.adam ? x.first / (1 - 0.9 ** x.age) / (Math.sqrt(x.second / (1 - 0.999 ** x.age)) + 1e-8) : x.first),
      },
    },
  },
  score: { wgsl: 'x.score', js: (x) => x.score },
  plan(v, steps) {
    const { first, last } = windowOf(v.begin, v.end, steps)
    const cuts = (t: number) => t === last || t === steps - 1 || (t >= first && (t - first) % v.every === 0)
    return {
      ...idle,
      nested: false,
      lastEvent: steps - 1,
      training: (t) => (cuts(t) ? cubic(t + 1, first, last + 1, v.sparsity) : undefined),
    }
  },
  pruned: () => 'latent',
})
