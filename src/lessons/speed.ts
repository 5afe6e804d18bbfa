import { percent } from '../core/figures'
import { lesson } from './lesson'

export const speed = lesson({
  title: 'Why 90 % sparse is not ten times faster',
  say:
    'With 90 % of the weights cut, nine products in ten are products with 0. They can be left out, but finding the '
    + 'others takes time, and a model does more than multiply by weights. At the end of a run the dense and the pruned '
    + 'model are timed on this device.',
  question: 'How many times as fast will the pruned model be, at best?',
  answers: {
    none: 'Less than 1.5 times',
    some: '1.5 to 5 times',
    ten: 'More than 5 times',
  },
  tasks: [
    {
      name: 'SEVENdyn',
      settings: { method: 'sevenDyn', 'method.sparsity': 0.9 },
      text: 'Set the run up, then press Start.',
    },
  ],
  open: true,
  next: 'Open the tab Cost: it has the measurements, and what theory promises beside them.',
  see: ([run]) => {
    if (!run || run.inTheory === null) return null
    const measured = run.measured ?? 1
    const how =
      run.measured === null
        ? 'This engine has no kernels that skip zeros, so it takes as long as the dense one'
        : `Measured, it is ${run.measured.toFixed(1)} times as fast at best`
    return {
      came: measured < 1.5 ? 'none' : measured <= 5 ? 'some' : 'ten',
      text:
        `${percent(1 - run.kept / run.prunable)} of the weights are gone. Counting products, the model could be `
        + `${run.inTheory.toFixed(1)} times as fast, since attention and what is never pruned stay. ${how}. `
        + 'Times of so small a model are noisy; another device gives others.',
    }
  },
})
