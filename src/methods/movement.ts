import { flag, number } from '../core/knob'
import { method, type Statistics } from '../core/method'
import { cubic } from '../core/schedule'
import { clipKnob, everyKnob, idle, scopeKnob, sparsityKnob, windowKnobs, windowOf } from './axes'

const knobs = {
  sparsity: sparsityKnob(),
  scope: scopeKnob('layer'),
  ...windowKnobs,
  every: everyKnob(1),
  rate: number('Score rate', 1e-2, [1e-5, 10], { scale: 'log', help: 'Learning rate of the scores.' }),
  adam: flag('Adam for scores', true, { help: 'Off: plain gradient descent.' }),
  clip: clipKnob,
}

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
    "Scores have a constant learning rate. Their gradients are clipped on request, by the norm of the weights' "
    + "gradient, where the paper's code clips both together, by the norm of both. Not the |w g| of one batch that "
    + 'the SEVEN code calls movement, and not |w - w0|.',
  knobs,
  statistics: moving(false),
  statisticsBy: ({ clip }) => moving(clip),
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

/** S by Adam or plain descent. @param clip whether its gradient is clipped as the weights' is */
function moving(clip: boolean): Statistics<typeof knobs, 'score' | 'first' | 'second'> {
  const [slope, square] = clip ? ['x.g * x.w * x.clip', '(x.g * x.w * x.clip)'] : ['x.g * x.w', '(x.g * x.w)']
  const factor = (x: { readonly clip: number }) => (clip ? x.clip : 1)
  return {
    names: ['score', 'first', 'second'],
    gather: {
      first: {
        wgsl: `mix(${slope}, 0.9 * x.first + 0.1 * ${slope}, p.adam)`,
        js: (x, p) => (p.adam ? 0.9 * x.first + 0.1 * x.g * x.w * factor(x) : x.g * x.w * factor(x)),
      },
      second: {
        wgsl: `0.999 * x.second + 0.001 * ${square} * ${square}`,
        js: (x) => 0.999 * x.second + 0.001 * (x.g * x.w * factor(x)) ** 2,
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
  }
}
