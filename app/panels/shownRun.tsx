import { changesBetween } from '../../src/config/changesBetween'
import { familyLabel } from '../../src/config/familyLabel'
import { runLabel } from '../../src/config/runLabel'
import { accuracyText, count } from '../controls/format'
import { once } from '../controls/once'
import { useActions, useApp } from '../store'
import { isUnderWay } from '../store/queue'
import { isBeforeTask, isBusy, isUnfinished, type RunState } from '../store/run'
import { isComplete, type KeptRun } from '../store/runs'
import { isSetUp, shownFrame, shownKept, shownRun as runShown } from '../store/shownRun'
import { isElsewhere, type AppState } from '../store/state'
import { backendNames } from '../store/ui'
import { panel } from './panel'
import { FineTune } from './shownRun/FineTune'

/** One line over map and charts: which run they show, how far it is, and where the set-up is about another one. */
export const shownRun = panel({
  id: 'shown-run',
  title: 'Shown run',
  place: 'over',
  Component() {
    const name = useApp((s) => {
      const { asked } = runShown(s)
      return asked && runLabel(asked.experiment)
    })
    const family = useApp((s) => {
      const { asked } = runShown(s)
      return asked && familyLabel(asked.experiment)
    })
    const state = useApp(stateText)
    const next = useApp((s) => runLabel(s.setup.experiment))
    if (!name)
      return (
        <p>
          No run yet. Start runs <strong>{next}</strong>.
        </p>
      )
    return (
      <>
        <p className="shown-name">
          <span>
            <strong>{name}</strong>
            {state}
            <FineTune />
          </span>{' '}
          <span className="range">{family}</span>
        </p>
        <OpenRun />
        <SetUp />
      </>
    )
  },
})

/** What is told of the run that is shown, each part behind a dot. */
function stateText(state: AppState): string {
  const kept = shownKept(state)
  const frame = shownFrame(state)
  const moment = frame ? [`looked at as of step ${count(frame.step)}`] : []
  return [...(kept ? keptParts(kept, kept === state.recording?.run) : openParts(state)), ...moment]
    .map((part) => ` · ${part}`)
    .join('')
}

function keptParts(kept: KeptRun, isRecording: boolean): string[] {
  const { steps, experiment, end } = kept
  const name = isRecording ? 'a recording, not made here' : 'kept run'
  return [
    isComplete(kept) ? name : `kept run, stopped at step ${count(steps)} of ${count(experiment.training.steps)}`,
    `accuracy ${accuracyText(end)}`,
  ]
}

function openParts(state: AppState): string[] {
  const { run, comparing } = state
  const place = run.asked?.place
  const waits = comparing.queue?.state === 'paused' && run.phase !== 'paused' ? ['comparison paused'] : []
  return [
    ...(place ? [`run ${place.run} of ${place.of}`] : []),
    isElsewhere(state) ? 'goes on in another tab' : phaseText(run),
    ...waits,
  ]
}

function phaseText(run: RunState): string {
  const { phase, text, last } = run
  const before = isBeforeTask(run)
  const at = last ? ` at step ${count(last.step)}` : before ? ' before the task' : ''
  switch (phase) {
    case 'loading':
    case 'compiling':
      return 'opening'
    case 'ready':
      return 'not started'
    case 'scoring':
      return before ? 'before the task' : 'scoring'
    case 'running':
      return 'running'
    case 'paused':
    case 'stopped':
    case 'failed':
      return `${phase}${at}`
    case 'finished':
      return 'finished'
    case 'idle':
      return !last && text === 'Cancelled' ? 'cancelled' : `left${at}`
  }
  return phase satisfies never
}

/** The run that the engine has, while a kept one is shown. */
function OpenRun() {
  const text = useApp((s) =>
    shownKept(s) && s.run.asked
      ? `${runLabel(s.run.asked.experiment)}${openParts(s)
          .map((part) => ` · ${part}`)
          .join('')}`
      : '',
  )
  const { showOpenRun } = useActions()
  if (text === '') return null
  return (
    <p className="shown-note">
      Open run: {text}.{' '}
      <button type="button" className="link" onClick={showOpenRun}>
        Show it
      </button>
    </p>
  )
}

/** Where the set-up is about another run than the one that is shown: which one, and the ways on. */
function SetUp() {
  const changes = useApp(changesText)
  const comparing = useApp((s) => isUnderWay(s.comparing))
  const instead = useApp((s) => shownKept(s) === null && (isUnfinished(s.run.phase) || isBusy(s.run.phase)))
  const free = useApp((s) => !isUnfinished(s.run.phase) && !isBusy(s.run.phase))
  const { runSetUp, backToShown } = useActions()
  if (changes === '') return null
  return (
    <p className="shown-note">
      Set-up differs: {changes}.{free && !comparing && ' Start runs the set-up.'}
      {(instead || comparing) && (
        <>
          {' '}
          <button type="button" className="link" onClick={once(() => void runSetUp())}>
            Stop the {comparing ? 'comparison' : 'run'} and run the set-up
          </button>
        </>
      )}
      {!comparing && (
        <>
          {' '}
          <button type="button" className="link" onClick={backToShown}>
            Set up the shown run again
          </button>
        </>
      )}
    </p>
  )
}

const mostChanges = 3

/** What Start would do otherwise, empty where it would make the shown run. */
function changesText(state: AppState): string {
  const { asked } = runShown(state)
  if (!asked || isSetUp(state)) return ''
  const { setup, ui } = state
  const changes = [
    ...changesBetween(asked.experiment, setup.experiment),
    ...(shownKept(state) || asked.backend === ui.backend ? [] : [`engine ${backendNames[ui.backend]}`]),
    ...(shownKept(state) || asked.allowSoftware === ui.allowSoftware
      ? []
      : [`${ui.allowSoftware ? '' : 'no '}software adapter`]),
  ]
  if (changes.length === 0) return 'other files'
  const more = changes.length - mostChanges
  return `${changes.slice(0, mostChanges).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
