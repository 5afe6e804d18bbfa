import { number } from '../core/knob'
import { method } from '../core/method'
import { cubic } from '../core/schedule'
import { everyKnob, idle, scopeKnob, sparsityKnob, windowKnobs, windowOf } from './axes'

/**
 * PLATON (docs/algorithms.md 2.16): an upper confidence bound of |w g|, its mean times its spread, so that weights of
 * uncertain importance are kept. Pruned weights are set to 0 at mask changes and train on in between, so they can
 * return.
 */
export const platon = method({
  label: 'PLATON',
  cite: 'Zhang et al., arXiv:2206.12562',
  group: 'during training',
  about:
    'While training, keeps weights whose |w g| is large or uncertain: the mean over windows times the spread around '
    + 'it. It multiplies by noise; SEVEN divides by it.',
  formula:
    's_i = \\bar I_i\\, \\bar U_i,\\quad \\bar I \\leftarrow \\beta_1 \\bar I + (1 - \\beta_1) I,\\quad \\bar '
    + 'U \\leftarrow \\beta_2 \\bar U + (1 - \\beta_2)\\,|I - \\bar I|',
  shines: 'Weights that looked unimportant on a few batches stay a while, and may come back.',
  fails: 'It keeps what is noisy, whether it matters or not. Between mask changes the model is not sparse.',
  adapted:
    'Masks change after every window until the ramp ends, then at every step, as in the released code. |w g| uses '
    + 'the weight at which g was taken, as in the paper (the code takes the weight after the step). The mean uses the '
    + 'window that ends at the mask change. If masks change before the first window has ended, the |w g| summed so '
    + 'far is used, which gives the same order as the end of a first window. The code ranks by zeros there.',
  knobs: {
    sparsity: sparsityKnob(),
    scope: scopeKnob(),
    ...windowKnobs,
    every: everyKnob(10),
    beta1: number('Beta of the mean', 0.85, [0, 0.999], { help: 'How slowly the mean importance forgets.' }),
    beta2: number('Beta of the spread', 0.95, [0, 0.999], { help: 'How slowly the uncertainty forgets.' }),
  },
  statistics: {
    names: ['window', 'mean', 'spread'],
    gather: {
      // A window begins with the first gradient after a whole number of windows.
      window: {
        wgsl: 'select(x.window, 0.0, (x.age - 1.0) % p.every < 0.5) + abs(x.w * x.g) / p.every',
        js: (x, p) => ((x.age - 1) % p.every < 0.5 ? 0 : x.window) + Math.abs(Math.fround(x.w * x.g)) / p.every,
      },
      mean: {
        wgsl: 'select(x.mean, p.beta1 * x.mean + (1.0 - p.beta1) * x.window, x.age % p.every < 0.5)',
        js: (x, p) => (x.age % p.every < 0.5 ? p.beta1 * x.mean + (1 - p.beta1) * x.window : x.mean),
      },
      spread: {
        wgsl: 'select(x.spread, p.beta2 * x.spread + (1.0 - p.beta2) * abs(x.window - x.mean), x.age % p.every < 0.5)',
        js: (x, p) =>
          x.age % p.every < 0.5 ? p.beta2 * x.spread + (1 - p.beta2) * Math.abs(x.window - x.mean) : x.spread,
      },
    },
  },
  // Mean and spread are 0 in the first window; at its end their product grows with the window's mean, so that alone
  // ranks alike until then.
  score: {
    wgsl: 'select(x.mean * x.spread, x.window, x.age < p.every)',
    js: (x, p) => (x.age < p.every ? x.window : Math.fround(x.mean * x.spread)),
  },
  plan(v, steps) {
    const { first, last } = windowOf(v.begin, v.end, steps)
    const cuts = (t: number) => t >= last || (t >= first && (t + 1) % v.every === 0)
    return {
      ...idle,
      nested: false,
      lastEvent: steps - 1,
      training: (t) => (cuts(t) ? cubic(t + 1, first, last + 1, v.sparsity) : undefined),
    }
  },
  weighing: () => ({
    discount: Math.sqrt,
    power: 2,
    leavesOut:
      'PLATON takes mean and spread of windows of steps, and forgets old ones. The chart averages over all steps, and '
      + 'its noise is that of single batches.',
  }),
  pruned: () => 'free',
})
