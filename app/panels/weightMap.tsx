import { classLooks } from '../charts/looks'
import { Key, Mark } from '../charts/marks'
import { count, percent, unbroken, value } from '../controls/format'
import { MapView } from '../controls/MapView'
import { useDark } from '../controls/useDark'
import { sentinelText, sizeOf } from '../../src/core/sentinels'
import { weightClasses, type WeightClass, type WeightReading } from '../../src/core/trainer'
import { useActions, useApp } from '../store'
import { shownKept, shownRun } from '../store/shownRun'
import { useSlow } from '../store/slow'
import type { AppState } from '../store/state'
import { panel } from './panel'

/** Every prunable weight as one pixel, coloured by what has become of it. */
export const weightMap = panel({
  id: 'weight-map',
  title: 'Weight map',
  place: 'wide',
  Component() {
    const opened = useApp((s) => shownRun(s).opened)
    const generation = useApp((s) => s.run.generation)
    const kept = useApp((s) => shownKept(s) !== null)
    const dark = useDark(useApp((s) => s.ui.theme))
    const { attachMap, inspect } = useActions()
    if (!opened) {
      return (
        <>
          <p className="empty tall">
            {kept
              ? 'The map of a kept run is not kept. Start makes this run again, and its map.'
              : 'Here every prunable weight becomes one pixel, and every layer a tile. '
                + 'The colour says what happened to the weight. Press Start.'}
          </p>
          <Legend />
        </>
      )
    }
    return (
      <>
        <MapView
          key={`${generation} ${opened.runId}`}
          layout={opened.map}
          dark={dark}
          attach={attachMap}
          inspect={inspect}
          facts={facts}
          words={words}
          summary={`Weight map, ${count(opened.prunable)} weights in ${opened.map.tiles.length} layers`}
        />
        <Legend />
      </>
    )
  },
})

const facts = (reading: WeightReading | null) => <WeightFacts reading={reading} />

/** The same for a screen reader: class and value first. */
function words({ layer, row, column, class: name, cut, value: w, importance, peak, noise }: WeightReading): string {
  const numbers = Object.entries({
    value: w,
    importance,
    peak,
    ...(noise === null ? {} : { noise }),
  }).map(([what, number]) => `${what} ${value(number)}`)
  return (
    `${classLooks[name].name}, ${cut ? 'cut' : 'kept'}, ${numbers.join(', ')}; row ${count(row)}, `
    + `column ${count(column)} of ${layer}`
  )
}

/** What is known of the weight under the cursor, in a place of fixed size. */
function WeightFacts({ reading }: { readonly reading: WeightReading | null }) {
  if (!reading) return <p className="weight-facts range">Point at a weight to read it.</p>
  const { name, colour, marker } = classLooks[reading.class]
  return (
    <dl className="weight-facts">
      <div className="weight-place">
        <dt>{reading.layer}</dt>
        <dd>
          row {count(reading.row)}, column {count(reading.column)}
        </dd>
      </div>
      <div>
        <dt>Class</dt>
        <dd>
          <Key
            label={`${name}, ${reading.cut ? 'cut' : 'kept'}`}
            colour={colour}
            marker={marker}
            hollow={reading.cut}
          />
        </dd>
      </div>
      <div>
        <dt>Value</dt>
        <dd>{value(reading.value)}</dd>
      </div>
      <div>
        <dt>Importance</dt>
        <dd>{value(reading.importance)}</dd>
      </div>
      <div>
        <dt>Peak</dt>
        <dd>{value(reading.peak)}</dd>
      </div>
      <div>
        <dt>Noise</dt>
        <dd>{reading.noise === null ? '–' : value(reading.noise)}</dd>
      </div>
    </dl>
  )
}

const meanings: Readonly<Record<WeightClass, string>> = {
  sentinel: 'Matters steadily: among the most important by the mean over all batches.',
  temporary: 'Mattered once: among the most important by its best batch, but not by the mean.',
  ordinary: 'Neither of the two.',
}

const selectClasses = (s: AppState) => shownRun(s).classes
/** Of a run that has ended: the counts of its end. */
const selectEnd = (s: AppState) => (shownKept(s) ? shownRun(s).classes?.counts : shownRun(s).result?.classes)
/** Old versions kept these two shares alone. */
const selectShares = (s: AppState) => shownKept(s)?.measures

function Legend() {
  const classes = useSlow(selectClasses)?.counts
  const end = useApp(selectEnd)
  const shares = useApp(selectShares)
  const text = end ? unbroken(sentinelText(end)) : shares ? sharesText(shares) : ''
  return (
    <>
      <ul className="class-legend" aria-label="Classes of weights">
        {[...weightClasses].reverse().map((name) => (
          <li key={name}>
            <span className="class-name">{classLooks[name].name}</span>
            <span className="class-count">{classes ? count(sizeOf(classes[name])) : '–'}</span>
            <span className="help">{meanings[name]}</span>
            {(['kept', 'cut'] as const).map((fate) => (
              <span key={fate} className="class-fate">
                <ClassSwatch name={name} fate={fate} />
                <span>{fate}</span>
                <span className="class-count">
                  {classes ? (
                    <>
                      {count(classes[name][fate])}{' '}
                      <span className="range">{shareText(classes[name][fate], sizeOf(classes[name]))}</span>
                    </>
                  ) : (
                    '–'
                  )}
                </span>
              </span>
            ))}
          </li>
        ))}
      </ul>
      {text !== '' && <p className="class-sentence">{text}</p>}
    </>
  )
}

function sharesText({ sentinels_cut: steady, temporary_cut: noisy }: Readonly<Record<string, number>>): string {
  if (steady === undefined) return ''
  const rest = noisy === undefined ? '' : `, and ${percent(noisy)} of temporary ones`
  return `This method cut ${percent(steady)} of sentinels${rest}.`
}

function shareText(part: number, whole: number): string {
  return whole === 0 ? '' : percent(part / whole)
}

function ClassSwatch({ name, fate }: { readonly name: WeightClass; readonly fate: 'kept' | 'cut' }) {
  const { marker } = classLooks[name]
  return (
    <svg className="swatch" width={20} height={20} aria-hidden="true">
      <rect x={0.5} y={0.5} width={19} height={19} rx={3} fill={`var(--map-${name}-${fate})`} stroke="var(--rule)" />
      <Mark
        marker={marker}
        colour={`var(--on-${name}-${fate})`}
        inside={`var(--map-${name}-${fate})`}
        hollow={fate === 'cut'}
        x={10}
        y={10}
        r={3.6}
      />
    </svg>
  )
}
