import { percent } from '../core/figures'
import { cutShare } from '../core/sentinels'
import { lesson, type Outcome } from './lesson'

export const bets = lesson({
  title: 'SEVEN against PLATON',
  say:
    'Both watch how unsteady a weight is over the batches. SEVEN divides by that noise: what is noisy only seems to '
    + 'matter. PLATON multiplies by it: what is noisy may matter yet, so it stays for a while. Opposite bets on one '
    + 'statistic.',
  question: 'Which of the two will have cut more of the temporary sentinels at the end?',
  answers: {
    seven: 'SEVENdyn, at least five points more',
    platon: 'PLATON, at least five points more',
    alike: 'About as many: less than five points between them',
  },
  tasks: [
    { name: 'SEVENdyn', settings: { method: 'sevenDyn' }, text: 'Set the run up, then press Start.' },
    { name: 'PLATON', settings: { method: 'platon' }, text: 'Choose PLATON as the method, then press Start.' },
  ],
  next: 'Open the tab Compare: A | B lays the masks of the two over each other.',
  see: ([seven, platon]) => {
    const [ofSeven, ofPlaton] = [temporaryCut(seven), temporaryCut(platon)]
    if (!seven || !platon || ofSeven === null || ofPlaton === null) return null
    const lead = ofSeven - ofPlaton
    const came = lead >= 0.05 ? 'seven' : lead <= -0.05 ? 'platon' : 'alike'
    return {
      came,
      text:
        `SEVENdyn cut ${percent(ofSeven)} of its temporary sentinels, PLATON ${percent(ofPlaton)} of its own; they end `
        + `at ${percent(seven.accuracy)} and ${percent(platon.accuracy)} of right answers. `
        + (came === 'seven'
          ? 'That is the bet as it is written in the formulas.'
          : 'By the formulas alone you would expect SEVENdyn to cut more. But PLATON forgets: it ranks by what it saw '
            + 'lately, and what mattered once, long ago, is out of its sight. One run proves neither bet: '
            + 'compare over seeds.'),
    }
  },
})

function temporaryCut(run: Outcome | undefined): number | null {
  return run?.classes ? cutShare(run.classes.temporary) : null
}
