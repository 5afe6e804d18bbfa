import { useId, useState, type FormEvent } from 'react'
import { sparsityOf } from '../../../src/config/comparison'
import { familyLabel } from '../../../src/config/familyLabel'
import { runLabel } from '../../../src/config/runLabel'
import { percent } from '../../controls/format'
import { once } from '../../controls/once'
import { useActions } from '../../store'
import { runColours, type KeptRun, type RunColour } from '../../store/runs'
import { nameOf } from './nameOf'

/** Letters of a name. */
const longest = 60

interface OneRunProps {
  readonly run: KeptRun
  readonly current: boolean
  readonly chosen: boolean
  readonly onChoose: (chosen: boolean) => void
}

/** A kept run: shown by its name, chosen, pinned, named, coloured and deleted. */
export function OneRun({ run, current, chosen, onChoose }: OneRunProps) {
  const [editing, setEditing] = useState(false)
  const { pick, markRun, removeRuns } = useActions()
  const { runId, experiment, end, colour, pinned = false } = run
  const name = nameOf(run)
  return (
    <li aria-current={current || undefined}>
      <input
        type="checkbox"
        aria-label={`Choose ${name}`}
        checked={chosen}
        onChange={({ target }) => onChoose(target.checked)}
      />
      <div>
        {colour && <RunMark colour={colour} />}{' '}
        <button
          type="button"
          className="link"
          title="Show this run and set up its experiment"
          onClick={() => pick(runId)}
        >
          {name}
        </button>{' '}
        <span className="range">
          {run.name !== undefined && `${runLabel(experiment)} · `}
          {familyLabel(experiment)}
        </span>
        <p className="figures">
          {percent(end.accuracy)} right with {percent(sparsityOf(run), 1)} cut ·{' '}
          <time dateTime={new Date(run.at).toISOString()}>{whenText(run.at)}</time>
        </p>
        {editing && <Marking run={run} onDone={() => setEditing(false)} />}
      </div>
      <div className="acts">
        <button
          type="button"
          className="pin"
          aria-pressed={pinned}
          aria-label={`Pin ${name}`}
          title="A pinned run, and its weights, are never removed to make room for others"
          onClick={() => markRun(runId, { pinned: !pinned })}
        >
          Pin
        </button>
        <button
          type="button"
          className="pin"
          aria-expanded={editing}
          aria-label={`Name and colour of ${name}`}
          onClick={() => setEditing(!editing)}
        >
          Name
        </button>
        <button
          type="button"
          className="reset"
          aria-label={`Delete ${name}`}
          onClick={once(() => removeRuns([runId]))}
        >
          ×
        </button>
      </div>
    </li>
  )
}

/** The colour that a reader gave to a run, as a shape in it. */
export function RunMark({ colour }: { readonly colour: RunColour }) {
  return (
    <span className="run-mark" data-colour={colour} title={colour}>
      <span aria-hidden="true">{runColours[colour]}</span>
      <span className="unseen">{colour}</span>
    </span>
  )
}

/** Name and colour of a run. An empty name gives the run its own again. */
function Marking({ run, onDone }: { readonly run: KeptRun; readonly onDone: () => void }) {
  const id = useId()
  const [name, setName] = useState(run.name ?? '')
  const [colour, setColour] = useState(run.colour)
  const { markRun } = useActions()
  const save = (event: FormEvent) => {
    event.preventDefault()
    const given = name.trim().slice(0, longest)
    markRun(run.runId, { name: given === '' ? undefined : given, colour })
    onDone()
  }
  return (
    <form className="run-marking" onSubmit={save}>
      <label htmlFor={id}>Name</label>
      <input
        id={id}
        type="text"
        maxLength={longest}
        autoComplete="off"
        placeholder={runLabel(run.experiment)}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <div className="segments" role="group" aria-label="Colour">
        <button type="button" aria-pressed={colour === undefined} onClick={() => setColour(undefined)}>
          none
        </button>
        {(Object.keys(runColours) as RunColour[]).map((each) => (
          <button key={each} type="button" aria-pressed={colour === each} onClick={() => setColour(each)}>
            <RunMark colour={each} />
          </button>
        ))}
      </div>
      <button type="submit">Done</button>
    </form>
  )
}

const when = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

function whenText(at: number): string {
  return when.format(at)
}
