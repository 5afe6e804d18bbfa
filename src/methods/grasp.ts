import { number } from '../core/knob'
import { method } from '../core/method'
import { batchesKnob, cutBefore, scopeKnob, sparsityKnob } from './axes'

/**
 * GraSP (docs/algorithms.md 2.6): gradient signal preservation. Without a weight, |g|^2 changes by -2 w (H g) to first
 * order; the weights whose removal would lower it most are kept.
 */
export const grasp = method({
  label: 'GraSP',
  cite: 'Wang et al., arXiv:2002.07376',
  group: 'before training',
  about:
    'Keeps the largest w (H g), where H is the Hessian of the loss. These are the weights whose removal would lower '
    + 'the norm of the gradient most. So the sparse network can still learn.',
  formula: 's_i = w_i\\, (H \\bar g)_i',
  shines: 'High sparsities before training. There it says little to keep the loss, as SNIP does.',
  fails:
    "At moderate sparsity it has no clear lead over SNIP. In the figures beside SEVEN's code it is ahead on MRPC "
    + 'at 10 to 60 %, level on SST-2, and slightly worse with a ViT on ImageNet up to 50 %. It cuts weights with a '
    + 'large negative score though they matter.',
  adapted:
    'H g comes from differences of gradients along g, with a step chosen by an estimate of the error, '
    + 'not from a second differentiation, and over prunable weights alone; '
    + 'the batches are those of the first training steps, not a number of examples a class.',
  knobs: {
    sparsity: sparsityKnob(),
    scope: scopeKnob(),
    batches: batchesKnob(4),
    temperature: number('Temperature', 200, [1, 1000], {
      scale: 'log',
      help: 'Divides the logits while scores are measured.',
    }),
  },
  score: { wgsl: 'x.w * x.curvature', js: (x) => Math.fround(x.w * x.curvature) },
  plan: (v) => ({ ...cutBefore(v.batches, v.sparsity), probe: 'curvature', temperature: v.temperature }),
})
