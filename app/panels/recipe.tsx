import { useMemo } from 'react'
import { familyLabel } from '../../src/config/familyLabel'
import { methodLabel } from '../../src/config/methodLabel'
import {
  checkedMethods,
  defaultRecipe,
  plannedRuns,
  recipeMethod,
  recipeSettings,
  sameMethod,
  type PlannedRun,
  type Recipe,
  type RecipeMethod,
} from '../../src/config/recipe'
import { runLabel } from '../../src/config/runLabel'
import type { Experiment } from '../../src/core/experiment'
import { maskCheckName } from '../../src/core/maskCheck'
import { count, duration } from '../controls/format'
import { MainButton } from '../controls/MainButton'
import { Meter } from '../controls/Meter'
import { Picker } from '../controls/Picker'
import { useActions, useApp } from '../store'
import { expectedSeconds } from '../store/expectedSeconds'
import { pickableMethods } from '../store/pickableMethods'
import { isKept, isUnderWay, possibleRuns, queueSecondsLeft, type Queue } from '../store/queue'
import { refusalOf } from '../store/refusal'
import { isBusy } from '../store/run'
import { useSlow } from '../store/slow'
import type { AppState } from '../store/state'
import { panel } from './panel'
import { NumberList } from './recipe/NumberList'
import { useCheckedRecipe } from './recipe/useCheckedRecipe'

/**
 * Methods times sparsities times seeds on the data, model and training that are set up; the chart of accuracy against
 * sparsity shows what came out.
 */
export const recipe = panel({
  id: 'recipe',
  title: 'Comparison',
  place: 'compare',
  Component() {
    const current = useApp((s) => s.comparing.recipe)
    const experiment = useApp((s) => s.setup.experiment)
    const { setRecipe } = useActions()
    const underWay = useApp((s) => isUnderWay(s.comparing))
    if (current) return <Builder recipe={current} />
    if (underWay) return <Run planned={[]} kept={0} />
    return (
      <div className="recipe-head">
        <p>
          One list of runs: methods, sparsities and seeds, with the data, model and training of the set-up. The chart of
          accuracy against sparsity shows mean and spread over seeds. The link holds the list.
        </p>
        <button type="button" onClick={() => setRecipe(defaultRecipe(recipeMethod(experiment)))}>
          Set up a comparison
        </button>
      </div>
    )
  },
})

function Builder({ recipe: current }: { readonly recipe: Recipe }) {
  const experiment = useApp((s) => s.setup.experiment)
  const files = useApp((s) => s.setup.files)
  const runs = useApp((s) => s.runs)
  const underWay = useApp((s) => isUnderWay(s.comparing))
  const { setRecipe } = useActions()
  const planned = useMemo(() => possibleRuns(current, experiment, files), [current, experiment, files])
  const kept = planned.filter((run) => isKept(runs, run)).length
  return (
    <div className="recipe">
      <p className="help">
        {familyLabel(experiment)}. All runs of one seed start from the same weights and see the same examples in the
        same order.
      </p>
      <Methods recipe={current} />
      <div className="lists">
        <NumberList
          recipe={current}
          name="sparsities"
          label="Sparsities"
          text={current.sparsities.join(', ')}
          help={
            'Shares of the prunable weights that go. These leave one weight in '
            + `${current.sparsities.map((s) => Number((1 / (1 - s)).toPrecision(3))).join(', ')}.`
          }
        />
        <NumberList
          recipe={current}
          name="seeds"
          label="Seeds"
          text={current.seeds.join(', ')}
          help="Take three or more to see a spread."
        />
      </div>
      <Run planned={planned} kept={kept} />
      {underWay ? (
        <p className="help">What is changed here now counts when the comparison is started again.</p>
      ) : (
        <p>
          <button type="button" className="link" onClick={() => setRecipe(null)}>
            Close the comparison. Its runs stay
          </button>
        </p>
      )}
    </div>
  )
}

function Methods({ recipe: current }: { readonly recipe: Recipe }) {
  const experiment = useApp((s) => s.setup.experiment)
  const { notes, change } = useCheckedRecipe(current)
  const own = recipeMethod(experiment)
  const has = (method: RecipeMethod) => current.methods.some((other) => sameMethod(other, method))
  const set = (methods: readonly RecipeMethod[]) => change(recipeSettings({ ...current, methods }))
  const add = (...more: readonly RecipeMethod[]) => set([...current.methods, ...more.filter((method) => !has(method))])
  const remove = (method: RecipeMethod) => set(current.methods.filter((other) => other !== method))
  return (
    <>
      <ul className="chips" aria-label="Methods to compare">
        {current.methods.map((method) => {
          const label = labelOf(method, experiment)
          return (
            <li key={label}>
              {label}
              <Checks label={label} checks={missingChecks(method, has)} onAdd={(checks) => add(...checks)} />
              <button
                type="button"
                className="reset"
                aria-label={`Leave out ${label}`}
                disabled={current.methods.length === 1}
                onClick={() => remove(method)}
              >
                ×
              </button>
            </li>
          )
        })}
      </ul>
      {current.methods.map((method) => (
        <Refusal key={labelOf(method, experiment)} experiment={sampleOf(method, experiment)} />
      ))}
      <div className="add">
        <Picker
          label="Add a method"
          placeholder="Add a method"
          groups={pickableMethods}
          value=""
          onChoose={(id) => add({ id, knobs: {} })}
        />
        {Object.keys(own.knobs).length > 0 && !has(own) && (
          <button type="button" onClick={() => add(own)}>
            Add {methodLabel(experiment)}, as set up
          </button>
        )}
        {notes.length > 0 && <p className="help">{notes.join(' ')}</p>}
      </div>
    </>
  )
}

interface ChecksProps {
  readonly label: string
  /** Those that are not in the comparison yet. */
  readonly checks: readonly RecipeMethod[]
  readonly onAdd: (checks: readonly RecipeMethod[]) => void
}

function missingChecks(method: RecipeMethod, has: (method: RecipeMethod) => boolean): readonly RecipeMethod[] {
  return Object.hasOwn(method.knobs, maskCheckName) ? [] : checkedMethods(method).filter((check) => !has(check))
}

/** The sanity checks of a mask made before training, as further rows. */
function Checks({ label, checks, onAdd }: ChecksProps) {
  if (checks.length === 0) return null
  const what = `Add ${checks.length === 1 ? 'the missing sanity check' : `${checks.length} sanity checks`} of ${label}`
  return (
    <button
      type="button"
      className="reset"
      aria-label={what}
      title={`${what}: mask rearranged, weights shuffled or drawn again, scored on less`}
      onClick={() => onAdd(checks)}
    >
      + checks
    </button>
  )
}

/** One run of the method, whichever. */
function sampleOf(method: RecipeMethod, experiment: Experiment): Experiment {
  const [run] = plannedRuns({ methods: [method], sparsities: [0.5], seeds: [1] }, experiment)
  return run?.experiment ?? experiment
}

function labelOf(method: RecipeMethod, experiment: Experiment): string {
  return methodLabel(sampleOf(method, experiment))
}

function Refusal({ experiment }: { readonly experiment: Experiment }) {
  const refusal = refusalOf(experiment)
  return refusal ? (
    <p className="note" role="status">
      <strong>{methodLabel(experiment)} is left out.</strong> {refusal.what} {refusal.fix}
    </p>
  ) : null
}

interface RunProps {
  readonly planned: readonly PlannedRun[]
  /** How many of the planned runs are there already. */
  readonly kept: number
}

function Run({ planned, kept }: RunProps) {
  const busy = useApp((s) => isBusy(s.run.phase))
  const queue = useApp((s) => s.comparing.queue)
  const { compare, start, pause, stop } = useActions()
  const left = planned.length - kept
  const [label, press] =
    queue?.state === 'running'
      ? (['Pause', pause] as const)
      : queue?.state === 'paused'
        ? (['Resume', start] as const)
        : ([
            planned.length === 0
              ? 'No run can be made'
              : left === 0
                ? 'All runs are done'
                : `Make ${left} ${left === 1 ? 'run' : 'runs'}`,
            compare,
          ] as const)
  const underWay = press !== compare
  return (
    <div className="go">
      <div className="buttons" role="group" aria-label="Comparison controls">
        <MainButton label={label} disabled={!underWay && (left === 0 || busy)} onPress={() => void press()} />
        {underWay && (
          <button type="button" onClick={() => void stop()}>
            Stop
          </button>
        )}
      </div>
      {queue && (underWay || kept + queue.failed.length >= queue.runs.length || queue.state === 'stopped') ? (
        <Progress queue={queue} />
      ) : (
        <p className="range">
          {planned.length} runs, {kept} of them are done already.
          {left > 0 && <Expected left={left} />}
          {busy && left > 0 && ' A run is under way; pause or stop it first.'}
        </p>
      )}
    </div>
  )
}

/** How long the runs that are left will take, as far as can be told before they begin. */
function Expected({ left }: { readonly left: number }) {
  const runs = useApp((s) => s.runs)
  const { experiment, files } = useApp((s) => s.setup)
  const each = useMemo(() => expectedSeconds(runs, experiment, files), [runs, experiment, files])
  if (each === null) return ' How long they take is told after the first one.'
  return ` The ${left === 1 ? 'one to make takes' : `${count(left)} to make take`} about ${duration(left * each)}.`
}

const selectRun = (s: AppState) => s.run

/** How far the queue is; it shows the runs that it began with, whatever is set up by now. */
function Progress({ queue }: { readonly queue: Queue }) {
  const runs = useApp((s) => s.runs)
  const run = useSlow(selectRun)
  const done = queue.runs.filter((planned) => isKept(runs, planned)).length
  const waiting = queue.runs.length - done - queue.failed.length
  const current = queue.runs.find((planned) => planned.runId === queue.current)
  const steps = current?.experiment.training.steps ?? 0
  const within = current && run.last && steps > 0 ? run.last.step / steps : 0
  const seconds = queue.state === 'running' ? queueSecondsLeft(queue, waiting, { ...run, steps }) : null
  const failed = queue.failed.length > 0 ? [`${queue.failed.length} failed`] : []
  return (
    <>
      <Meter
        label="Runs of the comparison"
        share={(done + queue.failed.length + within) / Math.max(1, queue.runs.length)}
        text={
          current
            ? `${runLabel(current.experiment)}${queue.state === 'paused' ? ' · paused' : ''}`
            : stateTexts(failed.length > 0)[queue.state]
        }
        detail={[
          `${done} of ${queue.runs.length} runs`,
          ...failed,
          ...(seconds === null ? [] : [`${duration(seconds)} left`]),
        ].join(' · ')}
      />
      {[...new Set(queue.failed.map(({ why }) => why))].map((why) => (
        <p key={why} className="note">
          {why}
        </p>
      ))}
    </>
  )
}

function stateTexts(failed: boolean): Readonly<Record<Queue['state'], string>> {
  return {
    running: 'Going on to the next run',
    paused: 'Paused before the next run',
    stopped: 'Stopped',
    finished: failed ? 'Every other run is done.' : 'Every run is done.',
  }
}
