import { count } from '../controls/format'
import { MapView } from '../controls/MapView'
import { Segments } from '../controls/Segments'
import { useDark } from '../controls/useDark'
import type { MapMode } from '../../src/core/mapModes'
import { useActions, useApp } from '../store'
import { shownKept, shownRun } from '../store/shownRun'
import { panel } from './panel'
import { ClassLegend } from './weightMap/ClassLegend'
import { FollowedWeight } from './weightMap/FollowedWeight'
import { modeNames } from './weightMap/modeNames'
import { NumberLegend } from './weightMap/NumberLegend'
import { WeightFacts, weightWords } from './weightMap/WeightFacts'

/** Every prunable weight as one pixel, coloured by what has become of it or by one of its numbers. */
export const weightMap = panel({
  id: 'weight-map',
  title: 'Weight map',
  place: 'wide',
  Component() {
    const opened = useApp((s) => shownRun(s).opened)
    const generation = useApp((s) => s.run.generation)
    const kept = useApp((s) => shownKept(s) !== null)
    const mode = useApp((s) => s.ui.mapMode)
    const dark = useDark(useApp((s) => s.ui.theme))
    const { attachMap, showOnMap, inspect } = useActions()
    if (!opened) {
      return (
        <>
          <p className="empty tall">
            {kept
              ? 'The map of a kept run is not kept. Start makes this run again, and its map.'
              : 'Here every prunable weight becomes one pixel, and every layer a tile. '
                + 'The colour says what happened to the weight. Press Start.'}
          </p>
          <ClassLegend />
        </>
      )
    }
    return (
      <>
        <Modes mode={mode} />
        <MapView
          key={`${generation} ${opened.runId}`}
          layout={opened.map}
          dark={dark}
          mode={mode}
          attach={attachMap}
          show={showOnMap}
          inspect={inspect}
          legend={mode === 'class' ? null : <NumberLegend mode={mode} />}
          facts={(reading) => <WeightFacts reading={reading} mode={mode} />}
          followed={(readings, leave) => <FollowedWeight readings={readings} onLeave={leave} />}
          words={(reading) => weightWords(reading, mode)}
          summary={
            `Weight map by ${modeNames[mode].toLowerCase()}, ${count(opened.prunable)} weights `
            + `in ${opened.map.tiles.length} layers`
          }
        />
        {mode === 'class' && <ClassLegend />}
      </>
    )
  },
})

function Modes({ mode }: { readonly mode: MapMode }) {
  const { setUi } = useActions()
  return (
    <div className="map-modes">
      <Segments label="Colour weights by" options={modeNames} value={mode} onChange={(mapMode) => setUi({ mapMode })} />
    </div>
  )
}
