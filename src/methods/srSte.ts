import { number } from '../core/knob'
import { method } from '../core/method'
import { everyKnob, idle } from './axes'
import { ratioKnobs, ratioOf, ratioSparsity } from './pattern'

/**
 * N:M from the first step on (docs/algorithms.md 2.32): all weights learn from the gradient of the masked model, and
 * those outside the mask are pulled towards 0 as well, so that the mask comes to rest.
 */
export const srSte = method({
  label: 'SR-STE',
  cite: 'Zhou et al., arXiv:2102.04010',
  group: 'structured',
  about:
    'Trains N:M sparsity from the first step. Of every M neighbouring inputs of an output, the model uses the N '
    + 'largest weights, chosen anew after each step. The others learn on from the gradient of the sparse model, and a '
    + 'pull towards zero keeps them from coming and going.',
  formula:
    'w \\leftarrow w - \\gamma \\big(\\nabla L(m \\odot w) + \\lambda\\, (1 - m) \\odot w\\big),\\quad m = '
    + '\\operatorname{top}_{N:M} |w|',
  shines:
    'N:M without a dense model first. By its paper, 2:4 of ResNet-50 is about as accurate as the dense model, where a '
    + 'plain straight-through gradient loses more.',
  fails:
    'Adam divides by the size of the gradient, and beside it the pull of 0.0002 vanishes, so that only a '
    + 'straight-through gradient is left (Lu et al., arXiv:2302.01172). With AdamW raise it, or train by SGD.',
  adapted:
    'The norm by which gradients are clipped is that of the loss alone. Where M does not divide the inputs, the last '
    + 'group keeps its share rounded up. The noise that the page shows of a weight outside the mask contains the pull.',
  knobs: {
    ...ratioKnobs,
    pull: number('Pull', 2e-4, [1e-6, 100], {
      scale: 'log',
      help: 'How strongly weights outside the mask are pulled towards zero. The smallest value is as good as none.',
    }),
    every: everyKnob(1),
  },
  gradient: {
    wgsl: 'x.g + p.pull * (1.0 - x.kept) * x.w',
    js: (x, p) => x.g + p.pull * (1 - x.kept) * x.w,
  },
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  target: ratioSparsity,
  granularity: ratioOf,
  plan(v, steps) {
    const sparsity = ratioSparsity(v)
    if (sparsity === 0) return idle
    return {
      ...idle,
      nested: false,
      initial: sparsity,
      lastEvent: steps - 1,
      training: (t) => (t === steps - 1 || (t + 1) % v.every === 0 ? sparsity : undefined),
    }
  },
  pruned: () => 'through',
})
