import { glossary, type Entry, type TermId } from '../../src/lessons/glossary'
import { Formula } from './Formula'

/** What a word of the glossary means. */
export default function TermText({ id }: { readonly id: TermId }) {
  const { line, formula }: Entry = glossary[id]
  return (
    <>
      <span>{line}</span>
      {formula !== undefined && <Formula tex={formula} />}
    </>
  )
}
