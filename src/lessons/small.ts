import { count, percent } from '../core/figures'
import { cutShare, sizeOf } from '../core/sentinels'
import { lesson } from './lesson'

export const small = lesson({
  title: 'Why small is not unimportant',
  say:
    'Magnitude keeps the largest weights. But a small weight whose gradient is large moves the loss, too: what counts '
    + 'is about the product of the two. Weights that matter steadily by that product are called sentinels.',
  question: 'Magnitude cuts the smallest 80 % of all weights. How many of the sentinels will be among them?',
  answers: {
    few: 'Hardly any: fewer than 5 %',
    some: 'Some: 5 to 20 %',
    many: 'Many: more than 20 %',
  },
  tasks: [{ name: 'Magnitude', settings: { method: 'magnitude' }, text: 'Set the run up, then press Start.' }],
  next: 'The legend of the map counts them: Sentinel, cut. Open the tab Inside: they are hollow diamonds at the right.',
  see: ([run]) => {
    const share = run?.classes ? cutShare(run.classes.sentinel) : null
    if (!run?.classes || share === null) return null
    return {
      came: share < 0.05 ? 'few' : share <= 0.2 ? 'some' : 'many',
      text:
        `Of ${count(sizeOf(run.classes.sentinel))} sentinels Magnitude cut ${percent(share)}. `
        + (share > 0.2
          ? 'They were small, and the loss depended on them all the same.'
          : 'That is fewer than usual: about 40 % in this run. Where size and importance go together, size is enough.'),
    }
  },
})
