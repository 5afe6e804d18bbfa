import { choice } from '../core/knob'
import { method } from '../core/method'
import { steadily } from '../core/weighing'
import { batchesKnob, decayKnobs, scopeKnob, sevenBefore, sevenLeavesOut, sparsityKnob, sevenDecay } from './axes'

/**
 * SEVEN before training, a RECONSTRUCTION: the code of SEVENpre was never released, so this runs SEVENdyn's recursion
 * over batches at fixed initial weights (docs/algorithms.md 1.3). With one batch it ranks as SNIP does.
 */
export const sevenPre = method({
  label: 'SEVENpre (reconstruction)',
  cite: 'Xiao et al., arXiv:2403.12688; reconstruction, the code was not released',
  group: 'before training',
  about:
    'A reconstruction: over many batches at the initial weights, sums |w g| times a discount for gradient '
    + 'noise, and cuts before training. Keeps weights whose sensitivity is high and steady.',
  formula:
    '\\begin{gathered} s_i = \\sum_{b=1}^{n} |w_i\\, g_{i,b}| \\cdot \\frac{\\hat M_{i,b}}{\\sqrt{\\hat '
    + 'V_{i,b}} + 10^{-9}} \\\\ M \\leftarrow \\alpha_1 M + (1 - \\alpha_1)|g| \\\\ V \\leftarrow \\alpha_2 V + '
    + '(1 - \\alpha_2) g^2 \\end{gathered}',
  shines:
    "In its authors' figures it leads most at 50 to 80 % on small, noisy tasks. Below 40 % it is within about a "
    + 'point of GraSP.',
  fails:
    'It needs many backward passes before the first step. At 90 % its lead over GraSP on SST-2, read off the '
    + 'figure, is 0.3 points.',
  adapted:
    "The paper's number of batches is not known, nor whether weights move meanwhile. Here weights stand still. One "
    + 'batch ranks as SNIP does. Without the discount it is like iterative SNIP, with two differences: |w g| of every '
    + 'batch is summed over all batches (iterative SNIP averages g first and begins anew each round), and cuts follow '
    + 'the cubic schedule, not an exponential one.',
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
    ...decayKnobs,
  },
  score: { wgsl: 'x.importance', js: (x) => x.importance },
  plan: sevenBefore,
  weighing: () => ({ discount: steadily, leavesOut: sevenLeavesOut }),
  noiseDecay: sevenDecay,
})
