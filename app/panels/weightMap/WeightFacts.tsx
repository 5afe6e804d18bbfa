import { classLooks } from '../../charts/looks'
import { Key } from '../../charts/marks'
import { count, value } from '../../controls/format'
import type { MapMode, NumberMode } from '../../../src/core/mapModes'
import type { WeightReading } from '../../../src/core/trainer'
import type { Matrix } from '../../../src/core/weightMap'
import { modeNames } from '../../controls/modeNames'
import { unitName } from '../../controls/unitName'
import { WeightDetails } from '../../controls/WeightDetails'

/** Numbers of a weight in the order of the read-out; the peak has no colours of its own. */
const read = ['value', 'gradient', 'sensitivity', 'noise', 'importance', 'peak', 'score', 'age'] as const

interface WeightFactsProps {
  readonly reading: WeightReading | null
  readonly mode: MapMode
  readonly matrices: readonly Matrix[]
}

/** What is known of the weight under the cursor, in a place of fixed size; the number that the map shows stands out. */
export function WeightFacts({ reading, mode, matrices }: WeightFactsProps) {
  return (
    <WeightDetails reading={reading} matrices={matrices}>
      {(known) => (
        <>
          <div>
            <dt>Class</dt>
            <dd>
              <ClassKey {...known} />
            </dd>
          </div>
          {read.map((number) => (
            <div key={number} className={number === mode ? 'weight-shown' : undefined}>
              <dt>{number === 'peak' ? 'Peak' : modeNames[number]}</dt>
              <dd>{text(known[number])}</dd>
            </div>
          ))}
        </>
      )}
    </WeightDetails>
  )
}

function ClassKey({ class: of, cut }: WeightReading) {
  const { name, colour, marker } = classLooks[of]
  return <Key label={`${name}, ${cut ? 'cut' : 'kept'}`} colour={colour} marker={marker} hollow={cut} />
}

/** The same for a screen reader: the number that the map shows first, then class and value. */
export function weightWords(reading: WeightReading, mode: MapMode, matrices: readonly Matrix[]): string {
  const { layer, row, column, class: name, cut } = reading
  const first: readonly NumberMode[] = mode === 'class' ? [] : [mode]
  const numbers = (['value', 'importance', 'peak', 'noise'] as const).filter(
    (number) => number !== mode && reading[number] !== null,
  )
  const unit = unitName(matrices, reading)
  const said = (number: NumberMode | 'peak') => `${number} ${text(reading[number])}`
  return (
    [...first.map(said), classLooks[name].name, cut ? 'cut' : 'kept', ...numbers.map(said)].join(', ')
    + `; row ${count(row)}, column ${count(column)} of ${layer}${unit && `, ${unit}`}`
  )
}

function text(number: number | null): string {
  return number === null ? '–' : value(number)
}
