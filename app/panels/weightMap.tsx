import { lazy, Suspense } from 'react'
import { useApp } from '../store'
import { shownKept, shownRun, wholeRun } from '../store/shownRun'
import { panel } from './panel'
import { ClassLegend, ClassMeanings } from './weightMap/ClassLegend'

/** Loaded once a run is open: until then there is no map. */
const OpenMap = lazy(() => import('./weightMap/OpenMap'))

/** Every prunable weight as one pixel, coloured by what has become of it or by one of its numbers. */
export const weightMap = panel({
  id: 'weight-map',
  title: 'Weight map',
  place: 'map',
  Component() {
    const opened = useApp((s) => shownRun(s).opened)
    const kept = useApp((s) => shownKept(s) !== null)
    const isRecorded = useApp((s) => wholeRun(s).record.frames.length > 0)
    if (opened || isRecorded)
      return (
        <Suspense fallback={<Unopened text="Loading the map" />}>
          <OpenMap opened={opened} />
        </Suspense>
      )
    return (
      <Unopened
        text={
          kept
            ? 'No map of this run is kept. Start makes the run again, and its map.'
            : 'Here every prunable weight becomes one pixel, and every layer a tile. '
              + 'The colour says what happened to the weight. Press Start.'
        }
      />
    )
  },
})

function Unopened({ text }: { readonly text: string }) {
  return (
    <>
      <ClassLegend />
      <p className="empty tall">{text}</p>
      <ClassMeanings />
    </>
  )
}
