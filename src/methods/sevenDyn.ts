import { method } from '../core/method'
import { sevenKeepRatio } from '../core/schedule'
import { steadily } from '../core/weighing'
import { decayKnobs, idle, scopeKnob, sparsityKnob, sevenLeavesOut, windowKnobs, windowOf, sevenDecay } from './axes'

/**
 * SEVENdyn as released (docs/algorithms.md 1.2): in every step of the window the importance grows by |w g| times
 * mean|g| / sqrt(mean g^2), and the mask keeps the top of it, nested. The window of N iterations makes N - 1 updates;
 * the last one lands on the target exactly, where the released code stops (1 - k) / N^3 short of it.
 */
export const sevenDyn = method({
  label: 'SEVENdyn',
  cite: 'Xiao et al., arXiv:2403.12688',
  group: 'during training',
  about:
    'While training, keeps weights whose sensitivity is high and steady: |w g| summed over steps, '
    + 'each time discounted by the noise of |g|. A gradient that is large but noisy marks only a temporary '
    + 'sentinel.',
  formula:
    '\\begin{gathered} s_i = \\sum_{t} |w_{i,t}\\, g_{i,t}| \\cdot \\frac{\\hat M_{i,t}}{\\sqrt{\\hat '
    + 'V_{i,t}} + 10^{-9}} \\\\ M \\leftarrow \\alpha_1 M + (1 - \\alpha_1)|g| \\\\ V \\leftarrow \\alpha_2 V + '
    + '(1 - \\alpha_2) g^2 \\end{gathered}',
  shines:
    'Noisy gradients, as in fine-tuning on little data: a weight has to matter again and again. PLATON makes the '
    + 'opposite bet and multiplies by the noise.',
  fails:
    'A weight that is cut stays cut. The ramp is steepest at the start of the window, when the sums hold only few '
    + 'batches. In a short window early mistakes stay.',
  adapted:
    'The last step reaches the target exactly; the released code stops (1 - k) / N^3 short of it. Only the size of '
    + 'gradients counts, not their sign.',
  knobs: { sparsity: sparsityKnob(), scope: scopeKnob(), ...windowKnobs, ...decayKnobs },
  score: { wgsl: 'x.importance', js: (x) => x.importance },
  plan(v, steps) {
    const { first, last } = windowOf(v.begin, v.end, steps)
    const n = last - first + 2
    return {
      ...idle,
      rounding: 'floor',
      statisticsFrom: first,
      training: (t) =>
        t < first || t > last ? undefined : t === last ? v.sparsity : 1 - sevenKeepRatio(t - first, n, v.sparsity),
      lastEvent: last,
    }
  },
  weighing: () => ({
    discount: steadily,
    leavesOut: sevenLeavesOut + ' The score begins with the window of cuts, the chart with the first step.',
  }),
  noiseDecay: sevenDecay,
})
