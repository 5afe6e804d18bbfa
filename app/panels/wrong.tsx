import { useMemo, useState } from 'react'
import { once } from '../controls/once'
import { useActions, useApp } from '../store'
import { isOpenWith, othersLike, shownAnswers, type AnsweredRun } from '../store/answered'
import { isBusy, isUnfinished } from '../store/run'
import { shownKept } from '../store/shownRun'
import { isUnderWay } from '../store/queue'
import { panel } from './panel'
import { changesOf } from './wrong/changes'
import { Examples } from './wrong/Examples'
import { Confusions } from './wrong/Confusions'
import { beforeCut, choicesFor, pairOf } from './wrong/pairs'
import { PerClass } from './wrong/PerClass'
import { Summary } from './wrong/Summary'
import type { Chosen } from './wrong/chosen'

/** Wrong answers of the shown run, beside those of a denser model: what pruning broke, and who pays for it. */
export const wrong = panel({
  id: 'wrong',
  title: 'What it gets wrong',
  place: 'try',
  Component() {
    const result = useApp((s) => s.run.result)
    const picked = useApp(shownKept)
    const runs = useApp((s) => s.runs)
    const asked = useApp((s) => s.run.asked)
    const shown = useMemo(() => shownAnswers(picked, { result, asked }), [picked, result, asked])
    const others = useMemo(() => (shown ? othersLike(shown, { runs }) : []), [shown, runs])
    // While a run is made again nothing is shown, and what was chosen of it waits.
    const [chosen, setChosen] = useState<{ readonly of: string; readonly what: Chosen | null } | null>(null)
    if (!shown)
      return (
        <p className="empty">
          {picked
            ? 'This run was made by a version of the page that kept no answers. Start makes it again.'
            : 'When a run has ended, its mistakes stand here, beside those of the dense model: which answers pruning '
              + 'broke, which it mended, and which classes pay for it.'}
        </p>
      )
    return (
      <Compared
        key={shown.id}
        shown={shown}
        others={others}
        chosen={chosen?.of === shown.id ? chosen.what : null}
        onChoose={(what) => setChosen({ of: shown.id, what })}
      />
    )
  },
})

interface ComparedProps {
  readonly shown: AnsweredRun
  readonly others: readonly AnsweredRun[]
  readonly chosen: Chosen | null
  readonly onChoose: (chosen: Chosen | null) => void
}

function Compared({ shown, others, chosen, onChoose }: ComparedProps) {
  const choices = useMemo(() => choicesFor(shown, others), [shown, others])
  const [wanted, setWanted] = useState<string>()
  const beside = choices.find(({ id }) => id === wanted) ?? choices[0]
  const pair = useMemo(() => pairOf(shown, others, beside?.id ?? null), [shown, others, beside])
  const changes = useMemo(() => (pair.before ? changesOf({ ...pair, before: pair.before }) : null), [pair])
  const open = useApp((s) => isOpenWith(shown, s))
  return (
    <div className="wrong">
      <Beside shown={shown} choices={choices} value={beside?.id ?? ''} onChange={setWanted} />
      {pair.before && changes && (
        <Summary pair={{ ...pair, before: pair.before }} changes={changes} chosen={chosen} onChoose={onChoose} />
      )}
      <Confusions pair={pair} chosen={chosen} onChoose={onChoose} />
      {chosen && <Examples pair={pair} chosen={chosen} open={open} onClose={() => onChoose(null)} />}
      {pair.before && changes && (
        <PerClass pair={{ ...pair, before: pair.before }} changes={changes} chosen={chosen} onChoose={onChoose} />
      )}
    </div>
  )
}

interface BesideProps {
  readonly shown: AnsweredRun
  readonly choices: ReturnType<typeof choicesFor>
  readonly value: string
  readonly onChange: (id: string) => void
}

/** Which run the shown one is set beside, and the way to a dense one where there is none. */
function Beside({ shown, choices, value, onChange }: BesideProps) {
  const { backToShown, choose, runSetUp } = useActions()
  const busy = useApp((s) => isBusy(s.run.phase) || isUnfinished(s.run.phase) || isUnderWay(s.comparing))
  const hasDense = shown.kept === 1 || choices.some(({ dense }) => dense)
  return (
    <div className="wrong-beside">
      {choices.length > 0 && (
        <label>
          {shown.label} beside{' '}
          <select value={value} onChange={(event) => onChange(event.target.value)}>
            {choices.map(({ id, label }) => (
              <option key={id} value={id}>
                {id === beforeCut ? 'itself before its first cut' : label}
              </option>
            ))}
          </select>
        </label>
      )}
      {!hasDense && (
        <>
          {choices.length === 0 && <p>No other run answered the same examples yet.</p>}
          <button
            type="button"
            disabled={busy}
            onClick={once(() => {
              backToShown()
              choose('method', 'dense')
              void runSetUp()
            })}
          >
            Run dense, too
          </button>
        </>
      )}
    </div>
  )
}
