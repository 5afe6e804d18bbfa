import type { ReactNode } from 'react'
import { tick } from '../../controls/format'
import { plugin } from '../../../src/config/registries'
import { numberAt, numberLooks, type MapRange, type NumberMode } from '../../../src/core/mapModes'
import type { Colour } from '../../../src/core/palette'
import { useApp } from '../../store'
import { shownRun } from '../../store/shownRun'
import type { AppState } from '../../store/state'
import { modeNames } from '../../controls/modeNames'
import { Term } from '../../controls/Term'

/** What each number is, in one sentence. */
const meanings: Readonly<Record<NumberMode, string>> = {
  value: 'what the model multiplies by: red below 0, blue above.',
  gradient: 'how the loss of the latest batch rises with the weight: red where it falls, blue where it rises.',
  sensitivity: '|value × gradient| of the latest batch over the norm of its whole gradient.',
  noise: 'how unsteady the gradient is from batch to batch: the spread of its size over its mean.',
  importance: 'the mean sensitivity over all batches, noise discounted; by it sentinels are told.',
  score: 'by which the method ranked the weight when the mask last changed.',
  age: 'steps since the weight was cut or came back last, as far as was recorded.',
}

/** Why no kept weight has a colour. */
const missing: Readonly<Record<Exclude<NumberMode, 'score'>, string>> = {
  value: 'All kept weights are 0.',
  gradient: 'None yet: it comes with the first step.',
  sensitivity: 'None yet: it comes with the first step.',
  noise: 'None yet: it takes two steps.',
  importance: 'None yet: it comes with the first step.',
  age: 'None yet: no weight was cut at an earlier step that is known. From now on changes are noted.',
}

const selectScale = (s: AppState) => shownRun(s).scale
const selectScores = (s: AppState) => shownRun(s).opened?.scores === true
const selectLabel = (s: AppState) => {
  const { asked } = shownRun(s)
  return asked ? plugin('method', asked.experiment.method.id).label : ''
}

/** The colours of the map's number: what it is, the range in numbers, and how the range was chosen. */
export function NumberLegend({ mode }: { readonly mode: NumberMode }) {
  const told = useApp(selectScale)
  const scores = useApp(selectScores)
  const label = useApp(selectLabel)
  const scale = told?.mode === mode ? told : null
  const range = scale?.range
  const none =
    mode !== 'score'
      ? missing[mode]
      : scores
        ? 'None known: the mask has not changed since the run began or was resumed.'
        : `${label} has no score of every kept weight that the map could show.`
  return (
    <figure className="number-legend" aria-label={`Colours of the map: ${modeNames[mode]}`}>
      <figcaption>
        <Term id={mode}>
          <b>{modeNames[mode]}</b>
        </Term>
        : {meanings[mode]}
      </figcaption>
      <div className="number-scale">
        <div className="number-bar" style={scale ? { background: barOf(scale.colours) } : {}} aria-hidden="true" />
        <div className="number-ticks" role="group" aria-label="Range of the colours">
          {[0, 0.5, 1].map((share) => (
            <span key={share}>{range ? tick(numberAt(share, range, numberLooks[mode])) : '–'}</span>
          ))}
        </div>
      </div>
      <p className="number-keys">
        {numberLooks[mode].cutToo ? (
          <Ground name="kept">kept all along</Ground>
        ) : (
          <>
            <Ground name="cut">cut</Ground>
            <Ground name="kept">kept, no {modeNames[mode].toLowerCase()}</Ground>
          </>
        )}
      </p>
      <p className="help">{range === null ? none : howChosen(mode, range)}</p>
    </figure>
  )
}

function howChosen(mode: NumberMode, range: MapRange | undefined): string {
  const { span, root, cutToo } = numberLooks[mode]
  const upwards = span === 'upwards' || (span === 'signed' && range?.low === 0)
  const part = upwards
    ? `99 of 100 ${cutToo ? 'weights that have one' : 'kept weights of all layers'} lie below the right end`
    : '98 of 100 kept weights of all layers lie in this range'
  const scale = root && range?.low === 0 ? ' Colours go by the square root, since most weights lie near 0.' : ''
  return `${part}; the rest have the colour of the end.${scale}`
}

/** A bar of these colours, each as wide as the others. */
function barOf(colours: readonly Colour[]): string {
  const share = (place: number) => `${((100 * place) / colours.length).toFixed(2)}%`
  const stops = colours.map((colour, i) => `rgb(${colour.join(' ')}) ${share(i)} ${share(i + 1)}`)
  return `linear-gradient(to right, ${stops.join(', ')})`
}

function Ground({ name, children }: { readonly name: 'kept' | 'cut'; readonly children: ReactNode }) {
  return (
    <span>
      <span className="number-ground" style={{ background: `var(--map-ordinary-${name})` }} aria-hidden="true" />
      <span>{children}</span>
    </span>
  )
}
