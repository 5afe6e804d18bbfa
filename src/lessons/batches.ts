import { count } from '../core/figures'
import { lesson } from './lesson'

export const batches = lesson({
  title: 'One batch lies',
  say:
    'A gradient comes from one batch, and the next batch gives another. A weight can be among the most important in '
    + 'its best batch, and not in the mean over all: a temporary sentinel. After a single batch best and mean are the '
    + 'same, so there is none.',
  question: 'Over many batches, what will become of the number of temporary sentinels?',
  answers: {
    none: 'There will never be any',
    grow: 'It will rise, and never fall',
    vary: 'It will rise, and fall again: some of them vanish',
  },
  tasks: [
    {
      name: 'SEVENdyn',
      settings: { method: 'sevenDyn' },
      text: 'Set the run up, press Start, and watch the orange weights on the map.',
    },
  ],
  open: true,
  next: 'Move the scrubber under the map, and the counts of its legend go back in time.',
  see: ([run]) => {
    const counts = run?.temporary ?? []
    const [first, last] = [counts[0], counts.at(-1)]
    if (!first || !last || counts.length < 3) return null
    const most = counts.reduce((a, b) => (b.count > a.count ? b : a))
    const came = most.count === 0 ? 'none' : last.count < most.count ? 'vary' : 'grow'
    return {
      came,
      text:
        `There were ${count(first.count)} at step ${count(first.step)}, at most ${count(most.count)} at step `
        + `${count(most.step)}, and ${count(last.count)} at the end. `
        + (came === 'vary'
          ? 'Those that vanished mattered once and never again, or came to matter steadily. A method that looks at one '
            + 'batch cannot tell which.'
          : 'Here the largest count came last. In two runs of ours it was largest after a twelfth of the run, and a '
            + 'little over half of that at the end.'),
    }
  },
})
