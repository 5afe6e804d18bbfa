import { useMemo, type ReactNode } from 'react'
import { count } from '../../controls/format'
import { MapView } from '../../controls/MapView'
import { Segments } from '../../controls/Segments'
import { useDark } from '../../controls/useDark'
import type { MapMode } from '../../../src/core/mapModes'
import type { Opened, Phase } from '../../../src/core/trainer'
import { pixelOf } from '../../../src/core/weightMap'
import { useActions, useApp } from '../../store'
import { isBusy, isUnfinished } from '../../store/run'
import { shownFrame, shownKept, wholeRun } from '../../store/shownRun'
import { ClassLegend, ClassMeanings } from './ClassLegend'
import { FollowChoice } from '../../controls/FollowChoice'
import { FollowedWeight } from '../../controls/FollowedWeight'
import { modeNames } from '../../controls/modeNames'
import { NumberLegend } from './NumberLegend'
import { PastMap } from './PastMap'
import { SaveShownMap } from './SaveShownMap'
import { Scrubber } from './Scrubber'
import { usePointed } from './usePointed'
import { WeightFacts, weightWords } from './WeightFacts'

/** The map of the shown run as it is now, or as it was at a moment, with the control that goes there. */
export default function OpenMap({ opened }: { readonly opened: Opened | null }) {
  const record = useApp((s) => wholeRun(s).record)
  const frame = useApp(shownFrame)
  const dark = useDark(useApp((s) => s.ui.theme))
  const isOver = useApp((s) => isEnded(s.run.phase) || shownKept(s) !== null)
  const mode = useApp((s) => s.ui.mapMode)
  // Of a kept run the last moment is the one to begin with.
  const past = frame ?? (opened ? null : record.frames.at(-1))
  const scrubber = <Scrubber record={record} isLive={!isOver} />
  return (
    <>
      {past ? (
        <PastMap record={record} i={record.frames.indexOf(past)} dark={dark} scrubber={scrubber} />
      ) : (
        opened && <LiveMap opened={opened} scrubber={scrubber} />
      )}
      {(past ?? mode === 'class') && <ClassMeanings />}
    </>
  )
}

/** The map of the open run with what it shows, what its colours say, and what is read of single weights. */
function LiveMap({ opened, scrubber }: { readonly opened: Opened; readonly scrubber: ReactNode }) {
  const generation = useApp((s) => s.run.generation)
  const mode = useApp((s) => s.ui.mapMode)
  const dark = useDark(useApp((s) => s.ui.theme))
  const { attachMap, showOnMap, inspect } = useActions()
  const isOver = useApp((s) => isEnded(s.run.phase))
  const standsAt = useApp(({ run: { phase, last } }) => (isBusy(phase) ? null : (last?.step ?? 0)))
  const { ring, tell } = usePointed(opened.matrices)
  const ringAt = useMemo(() => (ring === null ? null : pixelOf(opened.matrices, opened.map, ring)), [opened, ring])
  const record = useApp((s) => wholeRun(s).record)
  return (
    <>
      <SaveShownMap layout={opened.map} dark={dark} mode={mode} record={record} />
      <MapView
        key={`${generation} ${opened.runId}`}
        matrices={opened.matrices}
        layout={opened.map}
        dark={dark}
        modes={<Modes mode={mode} />}
        mode={mode}
        attach={attachMap}
        show={showOnMap}
        looks={{ inspect, standsAt }}
        legend={mode === 'class' ? <ClassLegend /> : <NumberLegend mode={mode} />}
        scrubber={scrubber}
        ring={ringAt}
        tell={tell}
        facts={(reading) => <WeightFacts reading={reading} mode={mode} matrices={opened.matrices} />}
        followed={(readings, leave) => (
          <FollowChoice record={record} reading={readings.at(-1)} onLeave={leave}>
            <FollowedWeight readings={readings} isOver={isOver} onLeave={leave} />
          </FollowChoice>
        )}
        words={(reading) => weightWords(reading, mode, opened.matrices)}
        summary={
          `Weight map by ${modeNames[mode].toLowerCase()}, ${count(opened.prunable)} weights `
          + `in ${opened.map.tiles.length} layers`
        }
      />
    </>
  )
}

function isEnded(phase: Phase): boolean {
  return !isBusy(phase) && !isUnfinished(phase) && phase !== 'ready'
}

function Modes({ mode }: { readonly mode: MapMode }) {
  const { setUi } = useActions()
  return (
    <div className="map-modes">
      <Segments label="Colour weights by" options={modeNames} value={mode} onChange={(mapMode) => setUi({ mapMode })} />
    </div>
  )
}
