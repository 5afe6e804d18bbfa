import { choice, integer, share } from '../core/knob'
import { method } from '../core/method'
import { cutBetween } from '../core/rounds'
import { idle, scopeKnob, sparsityKnob } from './axes'

/**
 * Iterative magnitude pruning with rewinding (docs/algorithms.md 2.9): train, cut the smallest weights, go back to an
 * early state, train again. Density falls by the same factor each round. Controls: weights of another seed, a shuffled
 * mask, the rate alone, fine-tuning.
 */
export const lottery = method({
  label: 'Lottery ticket',
  cite:
    'Frankle & Carbin, arXiv:1803.03635; rewinding: Frankle et al., arXiv:1903.01611; rate: Renda et al., '
    + 'arXiv:2003.02389',
  group: 'rounds',
  about:
    'Trains, cuts the smallest weights, takes the others back to where they were early in training, and trains '
    + 'again. The mask that remains is a ticket: a subnetwork that could have been trained alone.',
  formula: 's_i = |w_i(T)|,\\quad w \\leftarrow m \\odot w(k),\\quad \\text{density after round } j = (1 - s)^{j / J}',
  shines: 'Finds the sparsest networks that still train from (near) their beginning.',
  fails: 'It needs several whole trainings. Here they share the steps of one run, so each is short.',
  adapted:
    "The trainings share the run's steps, so that comparisons have one budget. The first gets what rounding leaves "
    + 'over. For full trainings, give it rounds times the steps.',
  knobs: {
    sparsity: sparsityKnob(),
    scope: scopeKnob(),
    rounds: integer('Rounds', 4, [1, 20], { help: 'How many cuts to make. There is one more training than cuts.' }),
    rewind: choice(
      'Rewind',
      'weights',
      {
        weights: 'Weights and rate',
        rate: 'Learning rate only',
        reinitialise: 'New random weights (control)',
        fineTune: 'Nothing: fine-tune (control)',
      },
      {
        help:
          'What goes back before the next training. New random weights are drawn for the last training only, under the '
          + "ticket's mask. Fine-tuning goes on at the last learning rate of the schedule. That is near 0 if the "
          + 'schedule decays, so compare it with a constant one too.',
      },
    ),
    share: share('Rewind to', 0.05, [0, 0.5], {
      step: 0.01,
      unit: 'of a training',
      help: 'How early weights and rate go back to. 0 is the original lottery ticket.',
    }),
    control: choice(
      'Mask',
      'found',
      { found: 'As found', shuffled: 'Shuffled in each layer (control)' },
      { help: 'Whether the last training uses the mask, or a random one with the same counts.' },
    ),
  },
  score: { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  plan(v, steps) {
    const count = Math.min(v.rounds, Math.max(1, steps - 1))
    return cutBetween(idle, steps, {
      count,
      sparsityAfter: (round) => (round === count - 1 ? v.sparsity : 1 - (1 - v.sparsity) ** ((round + 1) / count)),
      rewind: v.rewind,
      share: v.share,
      shuffle: v.control === 'shuffled',
    })
  },
  refuses: ({ rewind, control }) =>
    control === 'shuffled' && (rewind === 'rate' || rewind === 'fineTune')
      ? {
          what: 'Where weights stay, those that a shuffled mask keeps are mostly 0: the mask found has cut them.',
          fix: 'Let weights go back or draw new ones, or take the mask as found.',
        }
      : undefined,
})
