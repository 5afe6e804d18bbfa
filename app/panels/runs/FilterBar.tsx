import { plugin, type Part } from '../../../src/config/registries'
import { runColours, type KeptRun } from '../../store/runs'
import { sparsities, type Filter } from './filtered'

interface FilterBarProps {
  /** Every kept run: what none of them has is not offered. */
  readonly runs: readonly KeptRun[]
  readonly filter: Filter
  readonly onChange: (filter: Filter) => void
}

/** Which kept runs are listed: by text, method, data, sparsity and the reader's marks. */
export function FilterBar({ runs, filter, onChange }: FilterBarProps) {
  const idsOf = (part: Part) => [...new Set(runs.map(({ experiment }) => experiment[part].id))]
  const named = (part: Part) => Object.fromEntries(idsOf(part).map((id) => [id, plugin(part, id).label]))
  const set = (change: Partial<Filter>) => onChange({ ...filter, ...change })
  const marks = Object.fromEntries(Object.entries(runColours).map(([colour, shape]) => [colour, `${shape} ${colour}`]))
  return (
    <div className="panel-tools" role="search" aria-label="Which kept runs to list">
      <input
        type="search"
        aria-label="Words in the names of runs"
        placeholder="Words in names"
        value={filter.text}
        onChange={({ target }) => set({ text: target.value })}
      />
      <Choice
        label="Method"
        options={{ '': 'Any method', ...named('method') }}
        value={filter.method}
        onChange={(method) => set({ method })}
      />
      <Choice
        label="Data"
        options={{ '': 'Any data', ...named('data') }}
        value={filter.data}
        onChange={(data) => set({ data })}
      />
      <Choice
        label="Sparsity"
        options={sparsities}
        value={filter.sparsity}
        onChange={(sparsity) => set({ sparsity: sparsity as Filter['sparsity'] })}
      />
      <Choice
        label="Pin or colour"
        options={{ '': 'Any mark', pinned: 'Pinned', ...marks }}
        value={filter.mark}
        onChange={(mark) => set({ mark: mark as Filter['mark'] })}
      />
    </div>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly options: Readonly<Record<string, string>>
  readonly value: string
  readonly onChange: (value: string) => void
}

function Choice({ label, options, value, onChange }: ChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={({ target }) => onChange(target.value)}>
      {Object.entries(options).map(([id, text]) => (
        <option key={id} value={id}>
          {text}
        </option>
      ))}
    </select>
  )
}
