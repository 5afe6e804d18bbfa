import { useState } from 'react'
import { weightsBudget } from '../../src/core/weightsBudget'
import { download } from '../controls/download'
import { bytes, count } from '../controls/format'
import { once } from '../controls/once'
import { useActions, useApp } from '../store'
import type { KeptRun } from '../store/runs'
import { shownId } from '../store/shownRun'
import { panel } from './panel'
import { Differences } from './runs/Differences'
import { filtered, noFilter } from './runs/filtered'
import { FilterBar } from './runs/FilterBar'
import { OneRun } from './runs/OneRun'

/** Runs that are listed at once. */
const page = 30
/** Runs whose differences are still read. */
const mostCompared = 6

/** Every run that this browser keeps: found, named, coloured, pinned, laid beside others, saved and deleted. */
export const runs = panel({
  id: 'runs',
  title: 'Kept runs',
  place: 'compare',
  Component() {
    const all = useApp((s) => s.runs)
    const current = useApp(shownId)
    const [filter, setFilter] = useState(noFilter)
    const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
    const [most, setMost] = useState(page)
    if (all.length === 0)
      return (
        <>
          <p className="empty">Each run that ends is kept in this browser and listed here.</p>
          <BringBack />
        </>
      )
    const found = filtered(all, filter).reverse()
    const picked = all.filter(({ runId }) => chosen.has(runId))
    const choose = (runId: string, isChosen: boolean) => {
      const next = new Set(chosen)
      if (isChosen) next.add(runId)
      else next.delete(runId)
      setChosen(next)
    }
    return (
      <>
        <FilterBar runs={all} filter={filter} onChange={setFilter} />
        <p className="help" role="status">
          {found.length === all.length
            ? `${count(all.length)} kept.`
            : `${count(found.length)} of ${count(all.length)} kept runs.`}{' '}
          {picked.length > 0 ? `${count(picked.length)} chosen.` : 'Choose two or more to see what differs.'}
        </p>
        <ul className="kept-runs">
          {found.slice(0, most).map((run) => (
            <OneRun
              key={run.runId}
              run={run}
              current={run.runId === current}
              chosen={chosen.has(run.runId)}
              onChoose={(isChosen) => choose(run.runId, isChosen)}
            />
          ))}
        </ul>
        {found.length > most && (
          <button type="button" onClick={() => setMost(most + page)}>
            Show {count(Math.min(page, found.length - most))} more
          </button>
        )}
        <Together runs={picked.length > 0 ? picked : found} arePicked={picked.length > 0} />
        {picked.length > 1 && picked.length <= mostCompared && <Differences runs={picked} />}
        {picked.length > mostCompared && (
          <p className="help">What differs is told for up to {mostCompared} chosen runs.</p>
        )}
        <Weights runs={all} />
      </>
    )
  },
})

/** What can be done with the chosen runs, or with all that are listed. */
function Together({ runs, arePicked }: { readonly runs: readonly KeptRun[]; readonly arePicked: boolean }) {
  const { runsFile, removeRuns } = useActions()
  const ids = runs.map(({ runId }) => runId)
  const which = `${arePicked ? 'the' : 'these'} ${count(ids.length)} ${arePicked ? 'chosen ' : ''}runs`
  return (
    <div className="buttons">
      {ids.length > 0 && (
        <>
          <button
            type="button"
            onClick={() =>
              download(`runs-${new Date().toISOString().slice(0, 10)}.json`, runsFile(ids), 'application/json')
            }
          >
            Download {ids.length === 1 ? 'the run' : which}
          </button>
          <button type="button" onClick={once(() => removeRuns(ids))}>
            Delete {ids.length === 1 ? 'the run' : which}
          </button>
        </>
      )}
      <BringBack />
    </div>
  )
}

function BringBack() {
  const removed = useApp((s) => s.removed.length)
  const { bringBackRuns } = useActions()
  if (removed === 0) return null
  return (
    <button type="button" onClick={bringBackRuns}>
      Bring back {removed === 1 ? 'the run that was' : `the ${count(removed)} runs that were`} deleted
    </button>
  )
}

/** How much room weights take, and which leave first. */
function Weights({ runs }: { readonly runs: readonly KeptRun[] }) {
  const weights = useApp((s) => s.weights)
  const ids = new Set(runs.map(({ runId }) => runId))
  const own = weights.filter(({ key }) => ids.has(key)).length
  return (
    <p className="help">
      A file of runs holds results and curves, and opens under More. The weights at the end of{' '}
      {own === 1 ? '1 run' : `${count(own)} runs`} are kept in this browser:{' '}
      {bytes(weights.reduce((sum, file) => sum + file.bytes, 0))} of {bytes(weightsBudget)}. When that is full, the
      oldest leave first, but never those of pinned runs; a run without them can be made again.
    </p>
  )
}
