import { count, percent } from '../core/figures'
import { lesson } from './lesson'

export const mask = lesson({
  title: 'What a mask is',
  say:
    'A mask holds a 1 or a 0 for every weight, and the model computes with weight times mask. A 0 takes a weight away. '
    + 'This run cuts 80 % of the weights little by little, while the others go on learning. There are ten shapes to '
    + 'tell apart, so guessing is right one time in ten.',
  question: 'How often will the model be right at the end, with one weight in five left?',
  answers: {
    guess: 'Hardly more often than guessing: less than 20 %',
    some: 'Better than guessing: 20 to 40 %',
    most: 'Far better than guessing: more than 40 %',
  },
  tasks: [{ name: 'Magnitude', settings: { method: 'magnitude' }, text: 'Set the run up, then press Start.' }],
  next: 'Click a weight on the map and follow it: when its mask becomes 0, its line turns grey.',
  see: ([run]) =>
    run
      ? {
          came: run.accuracy < 0.2 ? 'guess' : run.accuracy <= 0.4 ? 'some' : 'most',
          text:
            `${count(run.kept)} of ${count(run.prunable)} masks are 1 at the end, and the model is right `
            + `${percent(run.accuracy)} of the time. `
            + (run.accuracy > 0.4
              ? 'Most weights were not needed, once the others could make up for them.'
              : 'That is less than usual for this run, which ends at about 56 %: another seed, or fewer steps, may '
                + 'leave too little time to learn.'),
        }
      : null,
})
