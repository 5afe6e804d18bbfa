import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import type { Moment } from '../../src/config/comparison'
import { Segments } from '../controls/Segments'
import { useActions, useApp } from '../store'
import { outcomesOf } from '../store/comparison'
import { shownOf, type Shown } from '../store/shown'
import { Curves } from './comparison/Curves'
import { momentNames } from './comparison/momentNames'
import { useLive } from './comparison/useLive'
import { useLooks } from './comparison/useLooks'
import { panel } from './panel'

/** Loaded once there are runs. */
const Ranking = lazy(() => import('./comparison/Ranking'))
const Runs = lazy(() => import('./comparison/Runs'))
const TakeAway = lazy(() => import('./comparison/TakeAway'))

const views = { chart: 'Chart', ranking: 'Ranking', runs: 'Runs' } as const
type View = keyof typeof views

/**
 * Finished runs of the same data, model and training, or of one recipe: mean and spread over seeds, method by method.
 */
export const comparison = panel({
  id: 'comparison',
  title: 'Accuracy against sparsity',
  place: 'curves',
  Component() {
    const shown = useShown()
    const looks = useLooks()
    const live = useLive(shown.family, looks)
    const outcomes = useMemo(() => outcomesOf(shown.runs), [shown.runs])
    const [view, setView] = useState<View>('chart')
    const [moment, setMoment] = useState<Moment>('end')
    const frame = useRef<HTMLDivElement>(null)
    const { pick } = useActions()
    const unread = useApp((s) => s.unread.length)
    return (
      <>
        <StorageNote />
        {shown.options.length + unread > 0 && (
          <div className="panel-tools">
            <FamilyPicker {...shown} />
            {view !== 'runs' && (
              <Segments label="When to measure accuracy" options={momentNames} value={moment} onChange={setMoment} />
            )}
            <Segments label="View" options={views} value={view} onChange={setView} />
            <Suspense fallback={null}>
              <TakeAway outcomes={outcomes} title={shown.title} link={shown.link} frame={frame} />
            </Suspense>
          </div>
        )}
        {view === 'chart' && (
          <div ref={frame}>
            <Curves outcomes={outcomes} moment={moment} live={live} looks={looks} onPick={pick} />
          </div>
        )}
        <Suspense fallback={<p className="empty">Loading the table</p>}>
          {view === 'ranking' && <Ranking outcomes={outcomes} moment={moment} looks={looks} />}
          {view === 'runs' && <Runs runs={shown.runs} looks={looks} onPick={pick} />}
        </Suspense>
      </>
    )
  },
})

/** What the reader must know of how runs are stored. */
function StorageNote() {
  const note = useApp((s) => s.storageNote)
  const { dismissStorageNote } = useActions()
  if (note === '') return null
  return (
    <div className="note" role="status">
      <p>{note}</p>
      <button type="button" className="link" onClick={dismissStorageNote}>
        Dismiss
      </button>
    </div>
  )
}

function useShown(): Shown {
  const runs = useApp((s) => s.runs)
  const chosen = useApp((s) => s.ui.family)
  const asked = useApp((s) => s.run.asked)
  const recipe = useApp((s) => s.comparing.recipe)
  const { experiment, files } = useApp((s) => s.setup)
  return useMemo(
    () => shownOf({ runs, chosen, asked, recipe, experiment, files }),
    [runs, chosen, asked, recipe, experiment, files],
  )
}

function FamilyPicker({ options, value }: Shown) {
  const { setUi } = useActions()
  if (options.length < 2 && value !== '') return null
  return (
    <select
      aria-label="Which runs to compare"
      value={value}
      onChange={(event) => setUi({ family: event.target.value })}
    >
      {value === '' && <option value="">Runs like the open one</option>}
      {options.map(([key, label]) => (
        <option key={key} value={key}>
          {label}
        </option>
      ))}
    </select>
  )
}
