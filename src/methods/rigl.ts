import { method } from '../core/method'
import { exchanging, fallingShare, sparseFromStart } from './axes'

/**
 * RigL (docs/algorithms.md 2.13): sparse from the start; drops the smallest weights, grows where the dense gradient is
 * largest. New weights start at 0; one that is dropped and grown in the same event keeps its value and moments.
 */
export const rigl = method({
  label: 'RigL',
  cite: 'Evci et al., arXiv:1911.11134',
  group: 'during training',
  about:
    'Sparse from the first step. Every few steps the smallest weights of each layer give their places to pruned '
    + 'ones with the largest gradients, fewer and fewer along a cosine.',
  formula:
    'f(t) = \\tfrac{\\alpha}{2}\\left(1 + \\cos \\tfrac{\\pi (t + 1)}{T}\\right),\\quad \\text{drop } fK '
    + '\\text{ smallest } |w_i|,\\ \\text{grow } fK \\text{ largest } |g_i|',
  shines: 'Nearly as accurate as dense at the memory of a sparse model, given enough steps.',
  fails: 'Short runs leave no time to explore. The gradient of one batch is a noisy guide.',
  adapted:
    'Counts per layer stay as they are in the scopes ERK, smart and per layer; '
    + 'a global ranking moves weights between layers. The mask changes after the optimizer step instead of '
    + 'replacing it; AdamW starts the second moment of a new weight at its first squared gradient, '
    + 'so that it does not leap. Weights, gradients and moments are stored and computed dense here, '
    + 'so no memory or time is saved.',
  ...sparseFromStart,
  grow: { wgsl: 'abs(x.g)', js: (x) => Math.abs(x.g) },
  plan: (v, steps) => exchanging(v, steps, fallingShare(v, steps)),
})
