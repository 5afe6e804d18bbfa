import { lazy, Suspense, useEffect, useId, useMemo, useRef, useState, type RefObject } from 'react'
import { seedKnob } from '../../src/config/check'
import { sizeOf } from '../../src/config/familyLabel'
import { presets } from '../../src/config/presets'
import { idsOf, knobsOf, modelFor, plugin, startFor, type Part } from '../../src/config/registries'
import { warningsOf } from '../../src/config/warnings'
import { Cite } from '../controls/Cite'
import { Picker } from '../controls/Picker'
import { FileDrop } from '../controls/FileDrop'
import { KnobField, NumberText } from '../controls/KnobField'
import { count } from '../controls/format'
import { useActions, useApp } from '../store'
import { pickableMethods } from '../store/pickableMethods'
import { takesPresets } from '../store/locks'
import { presetOf } from '../store/presets'
import { refusalOf } from '../store/refusal'
import { panel } from './panel'
import { EnginePart } from './setUp/EnginePart'
import { FirstRun } from './setUp/FirstRun'
import { Knobs } from './setUp/Knobs'
import { Lockable } from './setUp/Lockable'
import { Fold } from '../controls/Fold'
import { useOwnFiles, type OwnFiles } from './setUp/useOwnFiles'

const AboutMethod = lazy(() => import('./setUp/AboutMethod'))

/** Everything that makes an experiment, drawn from the same descriptions that links and the command line use. */
export const setUp = panel({
  id: 'set-up',
  title: 'Set-up',
  place: 'bar',
  Component() {
    const [open, setOpen] = useState(false)
    const { said, ...own } = useOwnFiles(() => setOpen(true))
    const toggle = useRef<HTMLButtonElement>(null)
    const close = () => {
      setOpen(false)
      toggle.current?.focus()
    }
    return (
      <>
        <div className="chosen">
          <Lockable setting="method">
            <MethodPicker />
          </Lockable>
          <Lockable setting="method.sparsity">
            <Sparsity />
          </Lockable>
          <Toggle ref={toggle} open={open} onToggle={() => setOpen(!open)} />
        </div>
        <Said text={said} />
        <form
          id="settings"
          className="set-up"
          hidden={!open}
          onSubmit={(event) => event.preventDefault()}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && !event.defaultPrevented) close()
          }}
        >
          <div className="set-up-head">
            <span className="range">Every setting stands in the link.</span>
            <button type="button" onClick={close}>
              Close
            </button>
          </div>
          <PresetPicker />
          <Lockable setting="method">
            <MethodPart />
          </Lockable>
          <Lockable setting="data">
            <DataPart own={own} />
          </Lockable>
          <Lockable setting="model">
            <ModelPart />
          </Lockable>
          <Lockable setting="start">
            <StartPart own={own} />
          </Lockable>
          <Lockable setting="training">
            <TrainingPart />
          </Lockable>
          <Lockable setting="seed">
            <SeedPart />
          </Lockable>
          <EnginePart />
        </form>
      </>
    )
  },
})

interface ToggleProps {
  readonly ref: RefObject<HTMLButtonElement | null>
  readonly open: boolean
  readonly onToggle: () => void
}

/** The rest of the settings lies in a drawer over the page, behind this button. */
function Toggle({ ref, open, onToggle }: ToggleProps) {
  const data = useApp((s) => s.setup.experiment.data.id)
  return (
    <button
      ref={ref}
      type="button"
      className="set-up-toggle"
      aria-expanded={open}
      aria-controls="settings"
      onClick={onToggle}
    >
      <strong>Set-up</strong> <span className="range">{plugin('data', data).label}</span>
    </button>
  )
}

/** The method, by its name or a part of it. */
function MethodPicker() {
  const id = useApp((s) => s.setup.experiment.method.id)
  const { choose } = useActions()
  return <Picker label="Method" groups={pickableMethods} value={id} onChoose={(chosen) => choose('method', chosen)} />
}

/** The knob that is turned most, where the method has it. */
function Sparsity() {
  const experiment = useApp((s) => s.setup.experiment)
  const { setKnob } = useActions()
  const { sparsity } = knobsOf(experiment, 'method')
  if (sparsity?.kind !== 'number') return null
  const value = Number(experiment.method.values.sparsity)
  return <KnobField knob={sparsity} value={value} onChange={(next) => setKnob('method', 'sparsity', next)} />
}

/** What became of files that were dropped, wherever the page was scrolled to. */
function Said({ text }: { readonly text: string }) {
  const line = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    if (text !== '') line.current?.scrollIntoView({ block: 'nearest' })
  }, [text])
  return (
    <p ref={line} className="help" role="status">
      {text}
    </p>
  )
}

function PresetPicker() {
  const id = useId()
  const experiment = useApp((s) => s.setup.experiment)
  const { setPreset } = useActions()
  const allowed = useApp(takesPresets)
  const current = useMemo(() => presetOf(experiment), [experiment])
  const about =
    current === undefined
      ? 'Your own settings. A preset changes data, model and training. Method and seed stay.'
      : presets[current]?.about
  if (!allowed) return null
  return (
    <div className="part">
      <div className="knob-head">
        <label className="part-label" htmlFor={id}>
          Preset
        </label>
        <select id={id} value={current ?? ''} onChange={(event) => setPreset(event.target.value)}>
          {current === undefined && <option value="">Own settings</option>}
          {Object.entries(presets).map(([name, preset]) => (
            <option key={name} value={name}>
              {preset.label}
            </option>
          ))}
        </select>
      </div>
      <p className="help">{about}</p>
    </div>
  )
}

function MethodPart() {
  const experiment = useApp((s) => s.setup.experiment)
  return (
    <div className="part">
      <h3 className="part-label">{plugin('method', experiment.method.id).label}</h3>
      <Suspense>
        <AboutMethod experiment={experiment} />
      </Suspense>
      <Knobs section="method" without="sparsity" />
      <Refusal />
    </div>
  )
}

function Refusal() {
  const experiment = useApp((s) => s.setup.experiment)
  const refusal = refusalOf(experiment)
  if (!refusal)
    return warningsOf(experiment).map((warning) => (
      <p key={warning} className="note" role="status">
        {warning}
      </p>
    ))
  return (
    <p className="note" role="status">
      <strong>{refusal.what}</strong> {refusal.fix}
    </p>
  )
}

function DataPart({ own }: { readonly own: OwnFiles }) {
  const id = useApp((s) => s.setup.experiment.data.id)
  const { cite, ownFiles } = plugin('data', id)
  return (
    <div className="part">
      <PluginPicker part="data" label="Data" />
      {ownFiles && (
        <FileDrop
          {...own}
          help={
            'Images: CIFAR binary (.bin, .tar.gz), Parquet, or pictures in a folder for each class. Text: '
            + 'Parquet, GLUE TSV or zip, CSV, or .txt files in a folder for each class; '
            + 'with a vocab.txt if you have one. Nothing leaves this machine.'
          }
        />
      )}
      <Cite text={cite} />
      <Fold summary="Data settings">
        <Knobs section="data" />
      </Fold>
    </div>
  )
}

function ModelPart() {
  const choice = useApp((s) => s.setup.experiment.model)
  const { setSize } = useActions()
  const { cite, sizes } = plugin('model', choice.id)
  const current = sizeOf(choice)
  return (
    <div className="part">
      <PluginPicker part="model" label="Model" />
      <div className="segments" role="group" aria-label="Size">
        {Object.keys(sizes).map((size) => (
          <button key={size} type="button" aria-pressed={size === current} onClick={() => setSize(size)}>
            {size}
          </button>
        ))}
      </div>
      <Cite text={cite} />
      <Fold summary="Shape" {...(current === undefined ? { note: 'own' } : {})}>
        <Knobs section="model" />
      </Fold>
    </div>
  )
}

function StartPart({ own }: { readonly own: OwnFiles }) {
  const { id } = useApp((s) => s.setup.experiment.start)
  const { about, cite, knobs, ...recipe } = plugin('start', id)
  const hasKnobs = Object.keys(knobs).length > 0
  return (
    <div className="part">
      <PluginPicker part="start" label="Start from" />
      <p className="help">{about}</p>
      {recipe.ofRun && <FirstRun />}
      {recipe.ownFiles && <FileDrop {...own} help="A folder will do. Nothing leaves this machine." />}
      {hasKnobs && <Cite text={cite} />}
      {hasKnobs && (
        <Fold summary={recipe.pretraining ? 'Training before the task' : recipe.ofRun ? 'Which run' : 'Which model'}>
          <Knobs section="start" />
        </Fold>
      )}
    </div>
  )
}

/** What the chosen data, or the model on them, does not go with is not offered. */
function PluginPicker({ part, label }: { readonly part: Part; readonly label: string }) {
  const id = useId()
  const chosen = useApp((s) => s.setup.experiment[part].id)
  const dataId = useApp((s) => s.setup.experiment.data.id)
  const modelId = useApp((s) => s.setup.experiment.model.id)
  const fits = (name: string) =>
    (part !== 'model' || modelFor(dataId, name) === name)
    && (part !== 'start' || startFor(dataId, modelId, name) === name)
  const { choose } = useActions()
  return (
    <div className="knob-head">
      <label className="part-label" htmlFor={id}>
        {label}
      </label>
      <select id={id} value={chosen} onChange={(event) => choose(part, event.target.value)}>
        {idsOf(part).map((name) => (
          <option key={name} value={name} disabled={!fits(name)}>
            {plugin(part, name).label}
          </option>
        ))}
      </select>
    </div>
  )
}

function TrainingPart() {
  const { steps, batch } = useApp((s) => s.setup.experiment.training)
  return (
    <Fold summary="Training" note={`${count(steps)} steps of ${batch}`}>
      <Knobs section="training" />
    </Fold>
  )
}

function SeedPart() {
  const id = useId()
  const seed = useApp((s) => s.setup.experiment.seed)
  const { setSeed, drawSeed } = useActions()
  return (
    <div className="part">
      <div className="knob-head">
        <label className="part-label" htmlFor={id}>
          Seed
        </label>
        <NumberText id={id} knob={seedKnob} value={seed} onChange={setSeed} describedBy={`${id}-help`} />
        <button type="button" onClick={drawSeed}>
          Draw
        </button>
      </div>
      <p className="help" id={`${id}-help`}>
        {seedKnob.help}
      </p>
    </div>
  )
}
