import { number } from '../core/knob'
import { method, type Statistics } from '../core/method'
import { cubic } from '../core/schedule'
import { clipKnob, everyKnob, idle, windowKnobs, windowOf } from './axes'

/** At least this share of each matrix is kept, as in the released code. */
const most = 0.995

const knobs = {
  ...windowKnobs,
  every: everyKnob(1),
  threshold: number('Threshold', 0.1, [0.001, 0.49], {
    scale: 'log',
    help: 'Final threshold of sigmoid(S). Scores start at one half.',
  }),
  penalty: number('Penalty', 1e-5, [1e-9, 1], {
    scale: 'log',
    help: 'How strongly every score is pulled down, to be compared with |g w|.',
  }),
  rate: number('Score rate', 1e-2, [1e-5, 10], { scale: 'log', help: 'Learning rate of the scores.' }),
  clip: clipKnob,
}

/**
 * Movement pruning, soft (docs/algorithms.md 2.11): scores as in the hard one, kept is what has sigmoid(S) above a
 * threshold; a penalty pulls all scores down. How many weights stay is an outcome.
 */
export const softMovement = method({
  label: 'Movement (soft)',
  cite: 'Sanh et al., arXiv:2005.07683',
  group: 'during training',
  about:
    'Learns a score for every weight as movement pruning does. A penalty pulls all scores down, and what stays '
    + 'above a threshold is kept. The sparsity of each layer is a result of the penalty.',
  formula:
    'm_i = \\mathbb{1}[\\sigma(S_i) > \\tau(t)],\\quad S_i \\leftarrow S_i - \\eta_S\\, '
    + "\\mathrm{Adam}(g_i w_i + \\lambda\\, \\sigma'(S_i))",
  shines: 'Each matrix finds its own density.',
  fails: 'You have to find the sparsity by trying penalties.',
  adapted:
    'The penalty is per weight and constant over the run; the paper scales a mean over matrices along with '
    + 'the threshold. The rate of the scores is constant to the last step too, '
    + "where the released code lets it fall to 0. The paper's L0 variant, "
    + 'gates drawn from the hard-concrete distribution, is left out.',
  knobs,
  statistics: moving(false),
  statisticsBy: ({ clip }) => moving(clip),
  score: { wgsl: 'x.score', js: (x) => x.score },
  target: () => most,
  scope: () => 'layer',
  plan(v, steps) {
    const { first, last } = windowOf(v.begin, v.end, steps)
    const cuts = (t: number) => t === last || t === steps - 1 || (t >= first && (t - first) % v.every === 0)
    const tau = (t: number) => cubic(t + 1, first, last + 1, v.threshold)
    return {
      ...idle,
      nested: false,
      lastEvent: steps - 1,
      training: (t) => (cuts(t) ? most : undefined),
      threshold: (t) => Math.log(tau(t) / (1 - tau(t))),
    }
  },
  pruned: () => 'latent',
})

/** S by Adam. @param clip whether its gradient is clipped as the weights' is */
function moving(clip: boolean): Statistics<typeof knobs, 'score' | 'first' | 'second'> {
  const pulled = '(x.g * x.w + p.penalty * exp(-abs(x.score)) / pow(1.0 + exp(-abs(x.score)), 2.0))'
  const size = `abs(${pulled.slice(1, -1)})`
  const factor = (x: { readonly clip: number }) => (clip ? x.clip : 1)
  return {
    names: ['score', 'first', 'second'],
    gather: {
      first: {
        wgsl: `0.9 * x.first + 0.1 * ${pulled}${clip ? ' * x.clip' : ''}`,
        js: (x, p) => 0.9 * x.first + 0.1 * (x.g * x.w + p.penalty * slope(x.score)) * factor(x),
      },
      second: {
        wgsl: `0.999 * x.second + 0.001 * pow(${size}${clip ? ' * x.clip' : ''}, 2.0)`,
        js: (x, p) => 0.999 * x.second + 0.001 * ((x.g * x.w + p.penalty * slope(x.score)) * factor(x)) ** 2,
      },
      score: {
        wgsl:
          'x.score - p.rate * x.first / (1.0 - pow(0.9, x.age)) / (sqrt(x.second / (1.0 - pow(0.999, '
          + 'x.age))) + 1e-8)',
        js: (x, p) =>
          x.score - (p.rate * x.first) / (1 - 0.9 ** x.age) / (Math.sqrt(x.second / (1 - 0.999 ** x.age)) + 1e-8),
      },
    },
  }
}

/** Derivative of the sigmoid, in the form that does not overflow. */
function slope(score: number): number {
  const e = Math.exp(-Math.abs(score))
  return e / (1 + e) ** 2
}
