import { number, share } from '../core/knob'
import { method } from '../core/method'
import { everyKnob, idle, scopeKnob, sparsityKnob } from './axes'

/** Steps before which the search for a mask begins and ends. */
function bounds(v: { pretrain: number; search: number }, steps: number): { first: number; last: number } {
  const first = Math.min(steps, Math.floor(v.pretrain * steps))
  return { first, last: Math.min(steps, Math.max(first, Math.floor((v.pretrain + v.search) * steps))) }
}

/**
 * HYDRA (docs/algorithms.md 2.19): train all weights, then freeze them and learn which of them to keep, then train what
 * was kept.
 */
export const hydra = method({
  label: 'HYDRA',
  cite: 'Sehwag et al., arXiv:2002.10509',
  group: 'during training',
  about:
    'Three trainings with one loss. First all weights train. Then the weights are frozen, only scores train, and '
    + 'the highest |S| of each layer make the network. Then what was kept trains. With Attack set to train, the loss '
    + 'is that of adversarial images, so the mask is chosen for robustness.',
  formula:
    'm = \\operatorname{top}_K |S|,\\quad S^{0} = \\sqrt{6 / n_{in}}\\,\\frac{\\theta}{\\max|\\theta|},\\quad '
    + 'S_i \\leftarrow S_i - \\eta_S\\, v_i,\\quad v_i \\leftarrow \\beta v_i + g_i \\theta_i '
    + '\\operatorname{sign}(S_i)',
  shines: 'Robust accuracy at high sparsity: it keeps small weights that the robust loss needs.',
  fails: 'In short runs each phase is too short. Then a single cut by magnitude is hard to beat.',
  adapted:
    'One run instead of three: the schedule of the weights stands still while scores learn, and their rate falls '
    + 'linearly to 0. Norms, embeddings and biases are frozen with the weights meanwhile. A search of 0 is the '
    + "paper's baseline (least weight magnitude). Its repository gets that by fine-tuning with --scaled-score-init: "
    + 'scores that start so and never learn are magnitudes.',
  knobs: {
    sparsity: sparsityKnob(0.9),
    scope: scopeKnob('layer'),
    pretrain: share('Pre-training', 0.4, [0, 1], {
      step: 0.01,
      unit: 'of the run',
      help: 'How long all weights train.',
    }),
    search: share('Search', 0.3, [0, 1], {
      step: 0.01,
      unit: 'of the run',
      help: 'How long scores train after that. The rest of the run trains what is kept. 0 cuts once by magnitude.',
    }),
    every: everyKnob(1),
    rate: number('Score rate', 0.1, [1e-5, 100], {
      scale: 'log',
      help: 'Learning rate of the scores at the start of their training.',
    }),
    momentum: number('Score momentum', 0.9, [0, 0.999], { help: 'How slowly the velocity of the scores forgets.' }),
  },
  statistics: {
    names: ['score', 'velocity'],
    gather: {
      velocity: {
        wgsl: 'select(x.velocity, p.momentum * x.velocity + x.g * x.w * sign(x.score), floor(x.phase) == 1.0)',
        js: (x, p) =>
          Math.floor(x.phase) === 1 ? p.momentum * x.velocity + x.g * x.w * Math.sign(x.score) : x.velocity,
      },
      score: {
        wgsl: 'select(x.score, x.score - p.rate * (2.0 - x.phase) * x.velocity, floor(x.phase) == 1.0)',
        js: (x, p) => (Math.floor(x.phase) === 1 ? x.score - p.rate * (2 - x.phase) * x.velocity : x.score),
      },
    },
    digest: {
      score: {
        wgsl: 'select(x.score, sqrt(6.0 / x.fanIn) * x.w / max(x.largest, 1e-30), x.phase < 1.0)',
        js: (x) => (x.phase < 1 ? (Math.sqrt(6 / x.fanIn) * x.w) / Math.max(x.largest, 1e-30) : x.score),
      },
    },
  },
  score: { wgsl: 'abs(x.score)', js: (x) => Math.abs(x.score) },
  plan(v, steps) {
    const { first, last } = bounds(v, steps)
    const searches = (t: number) => t >= first && t < last
    const cuts = (t: number) => t === first - 1 || t === last - 1 || (searches(t) && (t + 1 - first) % v.every === 0)
    return {
      ...idle,
      nested: false,
      lastEvent: last - 1,
      ...(first === 0 ? { initial: v.sparsity } : {}),
      training: (t) => (cuts(t) ? v.sparsity : undefined),
      course: {
        pace: (t) => (searches(t) ? { weights: 0, gates: 0 } : { weights: 1, gates: 1 }),
        // Moments that a search gathers belong to no step: fine-tuning is a training of its own.
        ...(first < last && last < steps ? { momentsFrom: [last] } : {}),
        // While weights are frozen their rate does not fall, so that fine-tuning begins where pre-training ended.
        clock: {
          steps: Math.max(1, steps - (last - first)),
          passed: (t) => Math.min(t, first) + Math.max(0, t - last),
        },
        phase: (t) => (t < first ? t / first : searches(t) ? 1 + (t - first) / (last - first) : 2),
      },
    }
  },
  pruned: () => 'latent',
})
