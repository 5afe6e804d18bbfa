import { useState } from 'react'
import { runLabel } from '../../src/config/runLabel'
import { useDark } from '../controls/useDark'
import { useApp } from '../store'
import { others, suggestedPairs, type RunPair } from '../store/pairs'
import type { KeptRun } from '../store/runs'
import { shownId } from '../store/shownRun'
import { panel } from './panel'
import { Comparison } from './twoMasks/Comparison'
import { usePair } from './twoMasks/usePair'

/** The masks of two kept runs over each other: what both keep, what one alone does, what neither does. */
export const twoMasks = panel({
  id: 'two-masks',
  title: 'A | B: what each keeps',
  place: 'compare',
  Component() {
    const runs = useApp((s) => s.runs)
    const shown = useApp(shownId)
    const [chosen, setChosen] = useState<readonly [string, string] | null>(null)
    const suggested = suggestedPairs(runs)
    const a = runs.find(({ runId }) => runId === (chosen?.[0] ?? shown)) ?? suggested[0]?.a ?? runs.at(-1)
    const beside = a ? others(runs, a) : []
    const b = beside.find(({ runId }) => runId === chosen?.[1]) ?? partnerOf(a, suggested) ?? beside[0]
    if (!a || !b)
      return (
        <p className="empty">
          Two runs of the same data, model and seed, by two methods, are laid over each other here: which weights did
          one keep that the other cut? Run a second method, or a comparison.
        </p>
      )
    const choose = (first: string, second: string) => setChosen([first, second])
    return (
      <>
        <Suggestions pairs={suggested} onChoose={choose} />
        <div className="pair-choice">
          <RunField name="A" value={a} options={[...runs].reverse()} onChange={(id) => choose(id, b.runId)} />
          <RunField name="B" value={b} options={beside} onChange={(id) => choose(a.runId, id)} />
        </div>
        <Pair a={a} b={b} />
      </>
    )
  },
})

/** The run that is suggested beside another one. */
function partnerOf(run: KeptRun | undefined, pairs: readonly RunPair[]): KeptRun | undefined {
  const pair = pairs.find(({ a, b }) => a === run || b === run)
  return pair && (pair.a === run ? pair.b : pair.a)
}

interface SuggestionsProps {
  readonly pairs: readonly RunPair[]
  readonly onChoose: (a: string, b: string) => void
}

function Suggestions({ pairs, onChoose }: SuggestionsProps) {
  if (pairs.length === 0) return null
  return (
    <div className="panel-tools" role="group" aria-label="Pairs of kept runs">
      {pairs.map(({ a, b, label }) => (
        <button key={`${a.runId} ${b.runId}`} type="button" onClick={() => onChoose(a.runId, b.runId)}>
          {label}
        </button>
      ))}
    </div>
  )
}

interface RunFieldProps {
  readonly name: string
  readonly value: KeptRun
  readonly options: readonly KeptRun[]
  readonly onChange: (runId: string) => void
}

function RunField({ name, value, options, onChange }: RunFieldProps) {
  return (
    <label>
      {name}
      <select value={value.runId} onChange={(event) => onChange(event.target.value)}>
        {options.map(({ runId, experiment }) => (
          <option key={runId} value={runId}>
            {runLabel(experiment)}
          </option>
        ))}
      </select>
    </label>
  )
}

function Pair({ a, b }: { readonly a: KeptRun; readonly b: KeptRun }) {
  const dark = useDark(useApp((s) => s.ui.theme))
  const found = usePair(a.runId, b.runId)
  if (found === null) return <p className="empty">Loading the masks</p>
  if (found.missing.length > 0) {
    const which = [a, b].filter(({ runId }) => found.missing.includes(runId))
    const names = which.map(({ experiment }) => runLabel(experiment)).join(' and of ')
    return (
      <p className="empty">
        No masks are kept of {names}: it was made by an earlier version, or elsewhere, or there was no room. Make the
        run again to see its masks.
      </p>
    )
  }
  return <Comparison {...found} names={[runLabel(a.experiment), runLabel(b.experiment)]} dark={dark} />
}
