import type { TermId } from '../../src/lessons/glossary'
import { Term } from './Term'

/** How sentences that the page writes from numbers say words of the glossary. */
const spellings: Readonly<Record<string, TermId>> = {
  'temporary ones': 'temporary',
  sentinels: 'sentinel',
  'held-out': 'heldOut',
  mask: 'mask',
  Accuracy: 'accuracy',
  peak: 'peak',
  importance: 'importance',
}

const words = new RegExp(`\\b(${Object.keys(spellings).join('|')})\\b`)

/** A sentence in which words of the glossary explain themselves. */
export function Termed({ text }: { readonly text: string }) {
  // Every other part is a word: `split` keeps what the group matched.
  return text.split(words).map((part, i) => {
    const id = i % 2 === 1 ? spellings[part] : undefined
    return id === undefined ? (
      part
    ) : (
      <Term key={i} id={id}>
        {part}
      </Term>
    )
  })
}
