import { classLooks } from '../../charts/looks'
import { Mark } from '../../charts/marks'
import { Term } from '../../controls/Term'
import { count, percent, unbroken } from '../../controls/format'
import { sentinelText, sizeOf } from '../../../src/core/sentinels'
import { weightClasses, type WeightClass } from '../../../src/core/trainer'
import { useApp } from '../../store'
import { shownKept, shownRun } from '../../store/shownRun'
import { useSlow } from '../../store/slow'
import type { AppState } from '../../store/state'

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

interface ClassLegendProps {
  /** Whether the map shows other colours, so that only the numbers stand here. */
  readonly plain?: boolean
}

/** What the colours of the map say of weights, with how many there are of each. */
export function ClassLegend({ plain = false }: ClassLegendProps) {
  const classes = useSlow(selectClasses)?.counts
  return (
    <ul className="class-legend" aria-label="Classes of weights">
      {[...weightClasses].reverse().map((name) => (
        <li key={name}>
          <span className="class-name">
            <Term id={name}>{classLooks[name].name}</Term>{' '}
            <span className="range">{classes ? count(sizeOf(classes[name])) : '–'}</span>
          </span>
          {(['kept', 'cut'] as const).map((fate) => (
            <span key={fate} className="class-fate">
              {!plain && <ClassSwatch name={name} fate={fate} />}
              <span>{fate}</span>
              <span className="class-count">{classes ? count(classes[name][fate]) : '–'}</span>
            </span>
          ))}
        </li>
      ))}
    </ul>
  )
}

/** What the classes mean, and what the method did to them. */
export function ClassMeanings() {
  const end = useApp(selectEnd)
  const shares = useApp(selectShares)
  const text = end ? unbroken(sentinelText(end)) : shares ? sharesText(shares) : ''
  return (
    <>
      <dl className="class-meanings">
        {[...weightClasses].reverse().map((name) => (
          <div key={name}>
            <dt>{classLooks[name].name}</dt>
            <dd>{meanings[name]}</dd>
          </div>
        ))}
      </dl>
      {text !== '' && <p className="class-sentence">{text}</p>}
    </>
  )
}

function sharesText({ sentinels_cut: steady, temporary_cut: noisy }: Readonly<Record<string, number>>): string {
  if (steady === undefined) return ''
  const rest = noisy === undefined ? '' : `, and ${percent(noisy)} of temporary ones`
  return `This method cut ${percent(steady)} of sentinels${rest}.`
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
