import { choice, flag, number } from '../core/knob'
import { method } from '../core/method'
import { steadily } from '../core/weighing'
import { batchesKnob, decayKnobs, scopeKnob, sevenBefore, sevenLeavesOut, sparsityKnob, sevenDecay } from './axes'

/**
 * The ablation from SNIP to SEVENpre (docs/algorithms.md 1.3): one recursion whose parts can be taken away. Without
 * discount and with one cut it sums |w g| over batches (SNIP where there is one batch), with cuts on the way it is like
 * iterative SNIP, with the discount SEVENpre (reconstruction).
 */
export const sevenVariants = method({
  label: 'SEVENpre, ablations',
  cite: 'after Xiao et al., arXiv:2403.12688; variants of this playground',
  group: 'before training',
  about:
    'SEVENpre with switches for its parts: how strongly gradient noise is discounted, whether the first mean sees '
    + 'signs, whether scores are measured on the thinning network.',
  formula: 's_i = \\sum_b |w_i g_{i,b}|\\, \\rho_{i,b}^{\\delta},\\quad \\rho = \\frac{|\\hat m|}{\\sqrt{\\hat v}}',
  shines: 'Shows what each part of the method is worth.',
  fails: 'It is for understanding. Compare the named methods instead.',
  adapted:
    'The mean with signs is that of Adam. It punishes changes of sign, which SEVEN does not. Without the discount '
    + 'it is like iterative SNIP, with two differences: |w g| of every batch is summed over all batches (iterative '
    + 'SNIP averages g first and begins anew each round), and cuts follow the cubic schedule, not an exponential one.',
  knobs: {
    sparsity: sparsityKnob(),
    scope: scopeKnob(),
    batches: batchesKnob(100),
    schedule: choice(
      'Schedule',
      'cubic',
      { cubic: 'Cubic over the batches', once: 'One cut at the end' },
      { help: 'Whether scores are measured on the network as it becomes thinner.' },
    ),
    discount: number('Discount', 1, [0, 4], {
      step: 0.1,
      help: 'Exponent of the noise discount. 0 sums |w g|. 1 is SEVEN.',
    }),
    signed: flag('Signed moment', false, { help: 'The first mean is over g instead of |g|.' }),
    ...decayKnobs,
  },
  statistics: {
    names: ['mean', 'square', 'sum'],
    gather: {
      mean: {
        wgsl: 'p.alpha1 * x.mean + (1.0 - p.alpha1) * mix(abs(x.g), x.g, p.signed)',
        js: (x, p) => p.alpha1 * x.mean + (1 - p.alpha1) * (p.signed ? x.g : Math.abs(x.g)),
      },
      square: {
        wgsl: 'p.alpha2 * x.square + (1.0 - p.alpha2) * x.g * x.g',
        js: (x, p) => p.alpha2 * x.square + (1 - p.alpha2) * x.g * x.g,
      },
      sum: {
        wgsl:
          'x.sum + abs(x.w * x.g) * pow((abs(x.mean) / (1.0 - pow(p.alpha1, '
          + 'x.age)) + 1e-30) / (sqrt(x.square / (1.0 - pow(p.alpha2, x.age))) + 1e-9), p.discount)',
        js: (x, p) => {
          const mean = Math.abs(x.mean) / (1 - p.alpha1 ** x.age) + 1e-30
          return (
            x.sum + Math.abs(x.w * x.g) * (mean / (Math.sqrt(x.square / (1 - p.alpha2 ** x.age)) + 1e-9)) ** p.discount
          )
        },
      },
    },
  },
  score: { wgsl: 'x.sum', js: (x) => x.sum },
  plan: sevenBefore,
  weighing: (v) => ({
    discount: (noise) => steadily(noise) ** v.discount,
    leavesOut: sevenLeavesOut + (v.signed ? ' The chart does not see signs either.' : ''),
  }),
  noiseDecay: sevenDecay,
})
