import { count } from '../../controls/format'
import { MapView } from '../../controls/MapView'
import { Segments } from '../../controls/Segments'
import { useDark } from '../../controls/useDark'
import type { MapMode } from '../../../src/core/mapModes'
import type { Opened } from '../../../src/core/trainer'
import { useActions, useApp } from '../../store'
import { isBusy, isUnfinished } from '../../store/run'
import { ClassLegend, ClassMeanings } from './ClassLegend'
import { FollowedWeight } from './FollowedWeight'
import { modeNames } from './modeNames'
import { NumberLegend } from './NumberLegend'
import { WeightFacts, weightWords } from './WeightFacts'

/** The map of the open run with what it shows, what its colours say, and what is read of single weights. */
export default function OpenMap({ opened }: { readonly opened: Opened }) {
  const generation = useApp((s) => s.run.generation)
  const mode = useApp((s) => s.ui.mapMode)
  const dark = useDark(useApp((s) => s.ui.theme))
  const { attachMap, showOnMap, inspect } = useActions()
  const isOver = useApp(({ run: { phase } }) => !isBusy(phase) && !isUnfinished(phase) && phase !== 'ready')
  const standsAt = useApp(({ run: { phase, last } }) => (isBusy(phase) ? null : (last?.step ?? 0)))
  return (
    <>
      <MapView
        key={`${generation} ${opened.runId}`}
        layout={opened.map}
        dark={dark}
        modes={<Modes mode={mode} />}
        mode={mode}
        attach={attachMap}
        show={showOnMap}
        looks={{ inspect, standsAt }}
        legend={mode === 'class' ? <ClassLegend /> : <NumberLegend mode={mode} />}
        facts={(reading) => <WeightFacts reading={reading} mode={mode} />}
        followed={(readings, leave) => <FollowedWeight readings={readings} isOver={isOver} onLeave={leave} />}
        words={(reading) => weightWords(reading, mode)}
        summary={
          `Weight map by ${modeNames[mode].toLowerCase()}, ${count(opened.prunable)} weights `
          + `in ${opened.map.tiles.length} layers`
        }
      />
      {mode === 'class' && <ClassMeanings />}
    </>
  )
}

function Modes({ mode }: { readonly mode: MapMode }) {
  const { setUi } = useActions()
  return (
    <div className="map-modes">
      <Segments label="Colour weights by" options={modeNames} value={mode} onChange={(mapMode) => setUi({ mapMode })} />
    </div>
  )
}
