import { presets } from '../../src/config/presets'
import { plugin } from '../../src/config/registries'
import type { Experiment } from '../../src/core/experiment'
import { sentinelText } from '../../src/core/sentinels'
import { accuracyText, bytes, count, duration, percent, unbroken, value } from '../controls/format'
import { MainButton } from '../controls/MainButton'
import { Meter } from '../controls/Meter'
import { once } from '../controls/once'
import { useActions, useApp, useOwner } from '../store'
import { isMade, realData, smallerPreset } from '../store/presets'
import { isUnderWay } from '../store/queue'
import { isBeforeTask, isBusy, isOpen, isUnfinished, type PretrainingCurve, type RunState } from '../store/run'
import { shownKept } from '../store/shownRun'
import { useSlow } from '../store/slow'
import { isElsewhere, isOpening, type AppState } from '../store/state'
import { backendNames } from '../store/ui'
import { panel } from './panel'
import { ProblemAlert } from './runControls/ProblemAlert'

/** Start and everything after it, how far the run is, what it runs on, and whatever went wrong. */
export const runControls = panel({
  id: 'run',
  title: 'Run',
  place: 'top',
  Component() {
    return (
      <>
        <div className="run-row">
          <Buttons />
          <Progress />
        </div>
        <Facts />
        <Notes />
        <SlowOffer />
        <ProblemAlert />
      </>
    )
  },
})

function Buttons() {
  const phase = useApp((s) => s.run.phase)
  const busy = useApp((s) => isBusy(s.run.phase) || isOpening(s))
  const open = useApp((s) => isOpen(s.run) && !isOpening(s))
  const comparing = useApp((s) => isUnderWay(s.comparing))
  const { step, stop, reset, redraw } = useActions()
  return (
    <div className="buttons" role="group" aria-label="Run controls">
      <PrimaryButton />
      <button type="button" disabled={comparing || busy} onClick={() => void step()}>
        One step
      </button>
      <button
        type="button"
        disabled={!comparing && !isUnfinished(phase)}
        title={comparing ? 'Stops the comparison' : 'Ends the run here and keeps it'}
        onClick={() => void stop()}
      >
        Stop
      </button>
      <button
        type="button"
        disabled={comparing || !open}
        title="Back to step 0 with the same weights"
        onClick={() => void reset()}
      >
        Reset
      </button>
      <button
        type="button"
        disabled={comparing || busy}
        title="A new seed: other weights and another order of examples"
        onClick={() => void redraw()}
      >
        New seed
      </button>
    </div>
  )
}

/** One button that is always the next thing to do; it keeps its place, so that Space pauses and goes on. */
function PrimaryButton() {
  const label = useApp(nextThing)
  const { start, pause, cancel } = useActions()
  const acts = { Cancel: cancel, Pause: pause, Resume: start, Start: start } as const
  return <MainButton label={label} onPress={() => void acts[label]()} />
}

/** A comparison is paused and resumed as a whole, also while one of its runs opens. */
function nextThing(state: AppState) {
  const {
    run: { phase },
    comparing,
  } = state
  if (isUnderWay(comparing)) return comparing.queue?.state === 'paused' ? 'Resume' : 'Pause'
  if (isOpening(state)) return 'Cancel'
  if (phase === 'running' || phase === 'scoring') return 'Pause'
  return phase === 'paused' ? 'Resume' : 'Start'
}

const selectRun = (s: AppState) => s.run
/** While the page shows a kept run, what is told here is still about the open one. */
const selectAside = (s: AppState) => s.run.asked !== null && shownKept(s) !== null
const selectEnded = (s: AppState) => (s.run.phase === 'finished' ? s.run : null)

function Progress() {
  const { store } = useOwner()
  const aside = useApp(selectAside)
  const slow = useSlow(selectRun)
  const ended = useApp(selectEnded)
  const elsewhere = useApp(isElsewhere)
  // The end comes and goes with the button beside it, not a look later: until then the run before would seem to be this
  // one.
  const run = ended ?? (slow.phase === 'finished' ? store.getState().run : slow)
  const { loading, compiling } = run
  if (run.phase === 'loading' && loading) {
    const share =
      loading.bytesTotal > 0
        ? loading.bytes / loading.bytesTotal
        : loading.rowsTotal > 0
          ? loading.rows / loading.rowsTotal
          : null
    return (
      <Meter
        label="Loading"
        share={share}
        text={loading.text === '' ? run.text : loading.text}
        detail={loadingDetail(loading)}
      />
    )
  }
  if (compiling && compiling.total > 0) {
    const { text, done, total } = compiling
    return <Meter label="Compiling" share={done / total} text={`${text} ${count(done)} of ${count(total)}`} detail="" />
  }
  if (run.phase === 'loading' || run.phase === 'compiling')
    return <Meter label="Preparing" share={null} text={run.text} detail="" />
  const text = elsewhere ? 'Another tab goes on with the run.' : aside ? `Open run: ${phaseText(run)}` : phaseText(run)
  const before = isBeforeTask(run) ? run.pretraining : null
  if (before) {
    const { step, steps } = before
    return <Meter label="Steps before the task" share={step / steps} text={text} detail={beforeDetail(run, before)} />
  }
  const total = run.asked?.experiment.training.steps ?? 0
  const done = run.last?.step ?? 0
  return (
    <Meter
      label="Steps"
      share={total > 0 ? done / total : 0}
      text={text}
      detail={total > 0 ? stepDetail(run, done, total) : ''}
    />
  )
}

function beforeDetail({ phase }: RunState, { step, steps, secondsLeft }: PretrainingCurve): string {
  const left = phase === 'scoring' && secondsLeft > 0 ? [`${duration(secondsLeft)} left`] : []
  return [`${count(step)} of ${count(steps)} steps before the task`, ...left].join(' · ')
}

function loadingDetail({ bytes: got, bytesTotal, rows, rowsTotal }: NonNullable<RunState['loading']>): string {
  const size = bytesTotal > 0 ? `${bytes(got)} of ${bytes(bytesTotal)}` : got > 0 ? bytes(got) : ''
  const counted =
    rowsTotal > 0 ? `${count(rows)} of ${count(rowsTotal)} examples` : rows > 0 ? `${count(rows)} examples` : ''
  return [size, counted].filter((part) => part !== '').join(', ')
}

function stepDetail({ msPerStep, secondsLeft, phase }: RunState, done: number, total: number): string {
  const speed = msPerStep > 0 ? [`${value(1000 / msPerStep)} steps/s`, `${value(msPerStep)} ms/step`] : []
  const left = phase === 'running' && msPerStep > 0 ? [`${duration(secondsLeft)} left`] : []
  return [`step ${count(done)} of ${count(total)}`, ...left, ...speed].join(' · ')
}

function phaseText(run: RunState): string {
  if (run.phase === 'finished' && run.result) return unbroken(resultText(run.result))
  if (run.phase === 'idle') return 'Press Start to train and prune with the settings shown.'
  return run.text
}

function resultText({ kept, prunable, evaluations, classes }: NonNullable<RunState['result']>): string {
  const end = evaluations.findLast((e) => e.moment === 'end')
  const accuracy = end ? `Accuracy ${accuracyText(end)} with ` : ''
  return (
    `${accuracy}${count(kept)} of ${count(prunable)} weights kept, ${percent(1 - kept / prunable, 2)} pruned. `
    + (classes ? sentinelText(classes) : '')
  ).trimEnd()
}

/** Engine and data, whether or not a run is open: what is not known yet says when it will be. */
function Facts() {
  const opened = useApp((s) => s.run.opened)
  const wanted = useApp(engineText)
  const wantedData = useApp((s) => dataText(s.setup.experiment))
  const made = useApp((s) => isMade(s.setup.experiment))
  return (
    <dl className="facts">
      <div>
        <dt>Engine</dt>
        <dd>
          {opened ? (
            <>
              <strong>{backendNames[opened.backend.backend]}</strong> {opened.backend.device}
              {opened.backend.software && ' (software)'}. {opened.backend.reason}
            </>
          ) : (
            wanted
          )}
        </dd>
      </div>
      <div>
        <dt>Data</dt>
        <dd>{opened ? opened.source.text : wantedData}</dd>
      </div>
      {made && <RealData />}
      {opened && (
        <div>
          <dt>Weights</dt>
          <dd>
            {count(opened.parameters)}, of which {count(opened.prunable)} can be pruned.
          </dd>
        </div>
      )}
    </dl>
  )
}

/** The engine of a run that is not open yet: its own while it opens or where it failed, else the chosen one. */
function engineText({ ui, run: { phase, asked } }: AppState): string {
  const opening = isBusy(phase)
  const backend = opening || phase === 'failed' ? (asked?.backend ?? ui.backend) : ui.backend
  if (backend !== 'auto') return `${backendNames[backend]}, as you chose.`
  if (opening) return `${backendNames.auto}. GPU or CPU is being chosen.`
  return `${backendNames.auto}. Start chooses GPU or CPU.`
}

function dataText({ data: { id, values } }: Experiment): string {
  const set = plugin('data', id)
  const size = set.download?.(values)
  if (size === undefined) return `${set.label}.`
  return `${set.label}: from this page's own origin where that has it, else about ${bytes(size)} from Hugging Face.`
}

/** One click away from made data: real data, with what it takes to fetch. */
function RealData() {
  const busy = useApp((s) => isBusy(s.run.phase))
  const { setPreset } = useActions()
  return (
    <div>
      <dt>Real data</dt>
      <dd className="buttons">
        {realData.map(({ preset, label, bytes: size }) => (
          <button
            key={preset}
            type="button"
            className="link"
            disabled={busy}
            title="Sets data, model and training; Start fetches the data"
            onClick={() => setPreset(preset)}
          >
            {label}, {bytes(size)}
          </button>
        ))}
      </dd>
    </div>
  )
}

function pace(ms: number): string {
  return ms < 1000 ? `${value(ms)} ms` : `${value(ms / 1000)} s`
}

function Notes() {
  const linkNotes = useApp((s) => s.setup.notes)
  const adjusted = useApp((s) => s.setup.adjusted)
  const runNotes = useApp((s) => s.run.notes)
  const { dismissNotes } = useActions()
  if (linkNotes.length + adjusted.length + runNotes.length === 0) return null
  return (
    <div className="note" role="status">
      {linkNotes.length > 0 && <p>These settings of the link or file were changed:</p>}
      {[linkNotes, [...adjusted, ...runNotes]].map(
        (notes, i) =>
          notes.length > 0 && (
            <ul key={i}>
              {notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          ),
      )}
      <button type="button" className="link" onClick={dismissNotes}>
        Dismiss
      </button>
    </div>
  )
}

function SlowOffer() {
  const slow = useApp((s) => s.run.slow)
  const asked = useApp((s) => s.run.asked)
  const comparing = useApp((s) => isUnderWay(s.comparing))
  const { setPreset, runSetUp, dismissSlow } = useActions()
  if (!slow || !asked) return null
  const smaller = comparing ? null : smallerPreset(asked.experiment, slow.secondsLeft)
  const take = (id: string) => {
    setPreset(id)
    void runSetUp()
  }
  return (
    <div className="note" role="status">
      <p>
        This device takes {pace(slow.msPerStep)} a step, so the run needs about {duration(slow.secondsLeft)}.
      </p>
      {smaller && (
        <button type="button" onClick={once(() => take(smaller))}>
          Run "{presets[smaller]?.label ?? smaller}" instead
        </button>
      )}
      <button type="button" className="link" onClick={dismissSlow}>
        Keep going
      </button>
    </div>
  )
}
