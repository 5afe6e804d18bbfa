import { useEffect, useId, useMemo, useRef, useState } from 'react'
import type { Seen } from '../../../src/core/attempt'
import { count, percent } from '../../controls/format'
import { once } from '../../controls/once'
import { Pixels } from '../../controls/Pixels'
import { useActions, useApp } from '../../store'
import type { Side } from './changes'
import { chosenExamples, chosenText, type Chosen } from './chosen'
import type { HalfPair } from './pairs'

interface ExamplesProps {
  readonly pair: HalfPair
  readonly chosen: Chosen
  /** Whether the open run reads these examples. */
  readonly open: boolean
  readonly onClose: () => void
}

/** Examples that are shown at once. */
const page = 24

/** The examples of a cell; one that is clicked goes into "Try it". */
export function Examples({ pair, chosen, open, onClose }: ExamplesProps) {
  const id = useId()
  const indices = useMemo(() => chosenExamples(pair, chosen), [pair, chosen])
  const [asked, setAsked] = useState({ chosen, most: page })
  const most = asked.chosen === chosen ? asked.most : page
  const shown = useMemo(() => indices.slice(0, most), [indices, most])
  const seen = useSeen(shown, open)
  const { tryOut, backToShown, runSetUp } = useActions()
  return (
    <section className="wrong-examples" aria-labelledby={id}>
      <h3 id={id}>
        <span role="status">
          {count(indices.length)} {indices.length === 1 ? 'example' : 'examples'}: {chosenText(pair, chosen)}
        </span>
      </h3>
      {!open && (
        <p className="note">
          Pictures and texts are not kept with runs; the open run has other examples. What was answered is known all the
          same.{' '}
          <button
            type="button"
            className="link"
            onClick={once(() => {
              backToShown()
              void runSetUp()
            })}
          >
            Make this run again, and look at them
          </button>
        </p>
      )}
      <ul>
        {shown.map((index) => (
          <li key={index}>
            <button
              type="button"
              disabled={!open}
              onClick={() => {
                tryOut({ kind: 'held', index })
                document.getElementById('try-it')?.focus()
              }}
            >
              <Look seen={seen.get(index)} />
              <span>
                Example {count(index + 1)}
                {pair.before && <small>{saidBy(pair, pair.before, index)}</small>}
                <small>{saidBy(pair, pair.after, index)}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div className="buttons">
        {indices.length > most && (
          <button type="button" onClick={() => setAsked({ chosen, most: most + page })}>
            Show {count(Math.min(page, indices.length - most))} more
          </button>
        )}
        <button type="button" onClick={onClose}>
          Put away
        </button>
      </div>
    </section>
  )
}

function Look({ seen }: { readonly seen: Seen | undefined }) {
  if (!seen) return null
  return seen.kind === 'image' ? <Pixels {...seen} /> : <q>{seen.text}</q>
}

function saidBy({ classes, right }: HalfPair, { given, sure, label }: Side, index: number): string {
  const said = given[index] ?? 0
  const mark = said === right[index] ? '✓' : '✗'
  return `${mark} ${classes[said] ?? said} ${percent((sure[index] ?? 0) / 127, 0)} · ${label}`
}

/** The examples themselves, as far as the engine has given them. */
function useSeen(indices: readonly number[], open: boolean): ReadonlyMap<number, Seen> {
  const { seen } = useActions()
  const generation = useApp((s) => s.run.generation)
  const [known, setKnown] = useState<{ readonly of: number; readonly by: ReadonlyMap<number, Seen> }>()
  const asking = useRef<readonly number[]>([])
  useEffect(() => {
    if (!open) return
    asking.current = indices
    void seen(indices).then((found) => {
      if (found && asking.current === indices)
        setKnown({ of: generation, by: new Map(found.map((one, i) => [indices[i] ?? -1, one])) })
    })
  }, [seen, indices, open, generation])
  return open && known?.of === generation ? known.by : none
}

const none: ReadonlyMap<number, Seen> = new Map()
