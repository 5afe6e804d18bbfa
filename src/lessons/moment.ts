import { percent } from '../core/figures'
import { lesson } from './lesson'

export const moment = lesson({
  title: 'When a mask is made',
  say:
    'Three moments to cut 80 %: before the first step (SNIP looks at a few batches of an untrained model), little by '
    + 'little during training (Magnitude), or at once when training is over, so that nothing can make up for the cut '
    + '(Magnitude, one-shot, at the end).',
  question: 'Which of the three models will be right most often?',
  answers: { before: 'Cut before training', during: 'Cut during training', after: 'Cut after training' },
  tasks: [
    { name: 'Before', settings: { method: 'snip' }, text: 'Set the first run up (SNIP), then press Start.' },
    { name: 'During', settings: { method: 'magnitude' }, text: 'Choose Magnitude as the method, then press Start.' },
    {
      name: 'After',
      settings: { method: 'magnitude', 'method.schedule': 'once', 'method.at': 1 },
      text: 'In the set-up choose the schedule One-shot and cut at 1, then press Start.',
    },
  ],
  next: 'The chart of accuracy against sparsity shows the three one above the other.',
  see: (runs) => {
    const [before, during, after] = runs
    if (!before || !during || !after) return null
    const all = { before, during, after }
    const came = Object.entries(all).reduce((a, b) => (b[1].accuracy > a[1].accuracy ? b : a))[0]
    return {
      came,
      text:
        `Before: ${percent(before.accuracy)}. During: ${percent(during.accuracy)}. After: ${percent(after.accuracy)}. `
        + (came === 'during'
          ? 'An untrained model tells little of what will matter, and a trained one that is cut at once cannot heal. '
            + 'In between weights have learnt something, and the others can still make up for the loss.'
          : 'Usually cutting during training wins here. The order may change with the seed, the sparsity, and above '
            + 'all with how long the model learns after the cut.'),
    }
  },
})
