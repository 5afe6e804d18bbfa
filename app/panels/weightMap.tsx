import { classLooks } from '../charts/looks'
import { Key, Mark } from '../charts/marks'
import { count, percent, value } from '../controls/format'
import { MapView } from '../controls/MapView'
import { useDark } from '../controls/useDark'
import { weightClasses, type WeightClass, type WeightReading } from '../../src/core/trainer'
import { useActions, useApp } from '../store'
import { shownKept, shownRun } from '../store/shownRun'
import { useSlow } from '../store/slow'
import type { AppState } from '../store/state'
import { panel } from './panel'

/** Every prunable weight as one pixel, coloured by what has become of it. */
export const weightMap = panel({
  id: 'weight-map', title: 'Weight map', place: 'wide',
  Component() {
    const opened = useApp((s) => shownRun(s).opened)
    const generation = useApp((s) => s.run.generation)
    const kept = useApp((s) => shownKept(s) !== null)
    const dark = useDark(useApp((s) => s.ui.theme))
    const { attachMap, inspect } = useActions()
    if (!opened) {
      return (
        <>
          <p className="empty tall">{kept ? 'The map of a kept run is not kept. Start makes this run again, and its map.' : 'Here every prunable weight becomes one pixel, tile by tile a layer, and its colour says what has become of it. Press Start.'}</p>
          <Legend />
        </>
      )
    }
    return (
      <>
        <MapView
          key={`${generation} ${opened.runId}`} layout={opened.map} dark={dark} attach={attachMap} inspect={inspect} facts={facts} words={words}
          summary={`Weight map, ${count(opened.prunable)} weights in ${opened.map.tiles.length} layers`}
        />
        <Legend />
      </>
    )
  },
})

const facts = (reading: WeightReading | null) => <WeightFacts reading={reading} />

/** The same for a screen reader: class and value first. */
function words({ layer, row, column, class: name, value: w, importance, sensitivity, noise }: WeightReading): string {
  const numbers = Object.entries({ value: w, importance, sensitivity, noise }).map(([what, number]) => `${what} ${value(number)}`)
  return `${classLooks[name].name}, ${numbers.join(', ')}; row ${count(row)}, column ${count(column)} of ${layer}`
}

/** What is known of the weight under the cursor, in a place of fixed size. */
function WeightFacts({ reading }: { readonly reading: WeightReading | null }) {
  if (!reading) return <p className="weight-facts range">Point at a weight to read it.</p>
  const { name, colour, marker, hollow } = classLooks[reading.class]
  return (
    <dl className="weight-facts">
      <div className="weight-place"><dt>{reading.layer}</dt><dd>row {count(reading.row)}, column {count(reading.column)}</dd></div>
      <div><dt>Class</dt><dd><Key label={name} colour={colour} marker={marker} hollow={hollow} /></dd></div>
      <div><dt>Value</dt><dd>{value(reading.value)}</dd></div>
      <div><dt>Importance</dt><dd>{value(reading.importance)}</dd></div>
      <div><dt>Sensitivity</dt><dd>{value(reading.sensitivity)}</dd></div>
      <div><dt>Noise</dt><dd>{value(reading.noise)}</dd></div>
    </dl>
  )
}

const meanings: Readonly<Record<WeightClass, string>> = {
  sentinel: 'Sensitive and steady over many batches.',
  temporary: 'Was among the most sensitive of some batch, but only by noise.',
  ordinary: 'Kept, and neither of the two.',
  pruned: 'Zero from here on, or until it grows back.',
}

const selectClasses = (s: AppState) => shownRun(s).classes

function Legend() {
  const classes = useSlow(selectClasses)
  const total = classes ? weightClasses.reduce((sum, name) => sum + classes.counts[name], 0) : 0
  return (
    <>
      <ul className="class-legend" aria-label="Classes of weights">
        {[...weightClasses].reverse().map((name) => (
          <li key={name}>
            <ClassSwatch name={name} />
            <span className="class-name">{classLooks[name].name}</span>
            <span className="class-count">{classes ? <>{count(classes.counts[name])} <span className="range">{percent(classes.counts[name] / total)}</span></> : '–'}</span>
            <span className="help">{meanings[name]}</span>
          </li>
        ))}
      </ul>
      {classes && (
        <p className="help">
          In the last batch {count(classes.temporaryNow)} of the {count(classes.budget)} most sensitive weights ({percent(classes.temporaryNow / Math.max(1, classes.budget))}) were temporary sentinels.
        </p>
      )}
    </>
  )
}

function ClassSwatch({ name }: { readonly name: WeightClass }) {
  const { marker } = classLooks[name]
  return (
    <svg className="swatch" width={20} height={20} aria-hidden="true">
      <rect x={0.5} y={0.5} width={19} height={19} rx={3} fill={`var(--map-${name})`} stroke="var(--rule)" />
      <Mark marker={marker} colour={`var(--on-${name})`} x={10} y={10} r={3.6} />
    </svg>
  )
}
