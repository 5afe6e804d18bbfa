import { number } from '../core/knob'
import { method } from '../core/method'
import { everyKnob, idle, scopeKnob, sparsityKnob } from './axes'

/**
 * Edge-popup (docs/algorithms.md 2.20): prunable weights stay as they were drawn for ever, only which of them count is
 * learned.
 */
export const edgePopup = method({
  label: 'Edge-popup',
  cite: 'Ramanujan et al., arXiv:1911.13299',
  group: 'frozen weights',
  about:
    'The matrices of the blocks keep their random initial weights for ever. Each weight learns a score, and the '
    + 'highest |S| of each layer make the network. This is a strong lottery ticket: none of these weights is ever '
    + 'trained.',
  formula:
    'm = \\operatorname{top}_K |S|,\\quad S_i \\leftarrow S_i - \\eta_S\\, '
    + 'v_i,\\quad v_i \\leftarrow \\beta v_i + g_i w_i \\operatorname{sign}(S_i)',
  shines: 'At about half of the weights, random networks contain smaller ones that work.',
  fails:
    'At high sparsity it is far below trained networks. That a good mask exists (see "Why random networks suffice" '
    + 'on this page) does not say how to find it.',
  adapted:
    'Embeddings, norms, biases and the head are trained as usual. The paper freezes everything; here only prunable '
    + "matrices are frozen. Weights are the model's own draw (Glorot), not the signed constants that the paper finds "
    + 'best. Scores start as in the paper (uniform within 1 over the root of the number of inputs) but do not decay '
    + '(there by 1e-4). Their rate stays the same to the last step (there it falls along a cosine).',
  knobs: {
    sparsity: sparsityKnob(0.5),
    scope: scopeKnob('layer'),
    every: everyKnob(1),
    rate: number('Score rate', 0.1, [1e-5, 100], { scale: 'log', help: 'Learning rate of the scores.' }),
    momentum: number('Score momentum', 0.9, [0, 0.999], { help: 'How slowly the velocity of the scores forgets.' }),
  },
  statistics: {
    names: ['score', 'velocity'],
    start: {
      score: { wgsl: '(2.0 * x.uniform - 1.0) / sqrt(x.fanIn)', js: (x) => (2 * x.uniform - 1) / Math.sqrt(x.fanIn) },
    },
    gather: {
      velocity: {
        wgsl: 'p.momentum * x.velocity + x.g * x.w * sign(x.score)',
        js: (x, p) => p.momentum * x.velocity + x.g * x.w * Math.sign(x.score),
      },
      score: { wgsl: 'x.score - p.rate * x.velocity', js: (x, p) => x.score - p.rate * x.velocity },
    },
  },
  step: { wgsl: 'x.initial', js: (x) => x.initial },
  score: { wgsl: 'abs(x.score)', js: (x) => Math.abs(x.score) },
  plan: (v, steps) => ({
    ...idle,
    nested: false,
    initial: v.sparsity,
    lastEvent: steps - 1,
    training: (t) => (t === steps - 1 || (t + 1) % v.every === 0 ? v.sparsity : undefined),
  }),
  pruned: () => 'latent',
})
