import { choice, flag, number } from '../core/knob'
import { method } from '../core/method'
import type { Scope } from '../core/scope'
import { batchesKnob, decayKnobs, scopeKnob, sevenBefore, sparsityKnob } from './axes'

/**
 * The ablation from SNIP to SEVENpre (docs/algorithms.md 1.3): one recursion whose parts can be taken away. Without discount and
 * with one cut it sums |w g| over batches (SNIP where there is one batch), with cuts on the way it is like iterative SNIP, with the
 * discount SEVENpre (reconstruction).
 */
export const sevenVariants = method({
  label: 'SEVENpre, ablations',
  cite: 'after Xiao et al., arXiv:2403.12688; variants of this playground',
  group: 'before training',
  about: 'SEVENpre with its parts to switch: how strongly gradient noise is discounted, whether the moment sees signs, whether scoring sees the thinning network.',
  formula: 's_i = \\sum_b |w_i g_{i,b}|\\, \\rho_{i,b}^{\\delta},\\quad \\rho = \\frac{|\\hat m|}{\\sqrt{\\hat v}}',
  shines: 'Shows which part of the method earns what.',
  fails: 'It is for understanding; the named methods are the points to compare.',
  adapted: 'The signed moment is that of Adam; it punishes sign flips, which SEVEN does not. Without the discount it is like iterative SNIP, but |w g| of every batch is summed over all batches, where iterative SNIP averages g before the absolute value and begins anew each round, and the cuts follow the cubic schedule instead of an exponential one.',
  knobs: {
    sparsity: sparsityKnob(),
    scope: scopeKnob(),
    batches: batchesKnob(100),
    schedule: choice('Schedule', 'cubic', { cubic: 'Cubic over the batches', once: 'One cut at the end' }, { help: 'Whether scoring already sees the thinning network.' }),
    discount: number('Discount', 1, [0, 4], { step: 0.1, help: 'Exponent of the noise discount; 0 sums |w g|, 1 is SEVEN.' }),
    signed: flag('Signed moment', false, { help: 'The first moment averages g instead of |g|.' }),
    ...decayKnobs,
  },
  statistics: {
    names: ['mean', 'square', 'sum'],
    gather: {
      mean: {
        wgsl: 'p.alpha1 * x.mean + (1.0 - p.alpha1) * mix(abs(x.g), x.g, p.signed)',
        js: (x, p) => p.alpha1 * x.mean + (1 - p.alpha1) * (p.signed ? x.g : Math.abs(x.g)),
      },
      square: { wgsl: 'p.alpha2 * x.square + (1.0 - p.alpha2) * x.g * x.g', js: (x, p) => p.alpha2 * x.square + (1 - p.alpha2) * x.g * x.g },
      sum: {
        wgsl: 'x.sum + abs(x.w * x.g) * pow((abs(x.mean) / (1.0 - pow(p.alpha1, x.age)) + 1e-30) / (sqrt(x.square / (1.0 - pow(p.alpha2, x.age))) + 1e-9), p.discount)',
        js: (x, p) => {
          const mean = Math.abs(x.mean) / (1 - p.alpha1 ** x.age) + 1e-30
          return x.sum + Math.abs(x.w * x.g) * (mean / (Math.sqrt(x.square / (1 - p.alpha2 ** x.age)) + 1e-9)) ** p.discount
        },
      },
    },
  },
  score: { wgsl: 'x.sum', js: (x) => x.sum },
  target: (v) => v.sparsity,
  scope: (v) => v.scope as Scope,
  plan: sevenBefore,
  noiseDecay: (v) => ({ mean: v.alpha1, square: v.alpha2 }),
})
