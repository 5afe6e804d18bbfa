import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { seedKnob } from '../../src/config/check'
import { costOf } from '../../src/config/cost'
import { sizeOf } from '../../src/config/familyLabel'
import { methodLabel } from '../../src/config/methodLabel'
import { presets } from '../../src/config/presets'
import { idsOf, knobsOf, modelFor, plugin, startFor, type Part } from '../../src/config/registries'
import { warningsOf } from '../../src/config/warnings'
import { shownKnobs } from '../../src/core/knob'
import { Cite } from '../controls/Cite'
import { Formula } from '../controls/Formula'
import { MethodFacts } from '../controls/MethodFacts'
import { Picker } from '../controls/Picker'
import { FileDrop } from '../controls/FileDrop'
import { NumberText } from '../controls/KnobField'
import { count } from '../controls/format'
import { KnobList } from '../controls/KnobList'
import { useActions, useApp } from '../store'
import { pickableMethods } from '../store/pickableMethods'
import { presetOf } from '../store/presets'
import { refusalOf } from '../store/refusal'
import type { Section } from '../store/setup'
import { panel } from './panel'
import { EnginePart } from './setUp/EnginePart'
import { Fold } from './setUp/Fold'
import { useOwnFiles, type OwnFiles } from './setUp/useOwnFiles'

/** Everything that makes an experiment, drawn from the same descriptions that links and the command line use. */
export const setUp = panel({
  id: 'set-up',
  title: 'Set-up',
  place: 'side',
  Component() {
    const [open, setOpen] = useState(false)
    const { said, ...own } = useOwnFiles(() => setOpen(true))
    return (
      <>
        <Toggle open={open} onToggle={() => setOpen(!open)} />
        <Said text={said} />
        <form className="set-up" hidden={!open} onSubmit={(event) => event.preventDefault()}>
          <PresetPicker />
          <MethodPart />
          <DataPart own={own} />
          <ModelPart />
          <StartPart own={own} />
          <Fold
            summary="Training"
            note={useApp(
              (s) => `${count(s.setup.experiment.training.steps)} steps of ${s.setup.experiment.training.batch}`,
            )}
          >
            <Knobs section="training" />
          </Fold>
          <SeedPart />
          <EnginePart />
        </form>
      </>
    )
  },
})

/** On a phone the settings fold away behind one line that names the experiment; elsewhere CSS shows them always. */
function Toggle({ open, onToggle }: { readonly open: boolean; readonly onToggle: () => void }) {
  const experiment = useApp((s) => s.setup.experiment)
  return (
    <button type="button" className="set-up-toggle" aria-expanded={open} onClick={onToggle}>
      <span aria-hidden="true">{open ? '▾' : '▸'}</span>
      <strong>Set-up</strong>
      <span className="range">
        {methodLabel(experiment)}, {plugin('data', experiment.data.id).label}
      </span>
    </button>
  )
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
  const current = useMemo(() => presetOf(experiment), [experiment])
  const about =
    current === undefined
      ? 'Your own settings. A preset changes data, model and training. Method and seed stay.'
      : presets[current]?.about
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
  const id = useId()
  const experiment = useApp((s) => s.setup.experiment)
  const { choose } = useActions()
  const method = plugin('method', experiment.method.id)
  const cost = useMemo(() => costOf(experiment), [experiment])
  return (
    <div className="part">
      <div className="knob-head">
        <label className="part-label" htmlFor={id}>
          Method
        </label>
        <Picker
          id={id}
          label="Method"
          groups={pickableMethods}
          value={experiment.method.id}
          onChoose={(chosen) => choose('method', chosen)}
        />
      </div>
      <p className="about">{method.about}</p>
      {method.formula && <Formula tex={method.formula} />}
      <Cite text={method.cite} />
      <Fold summary="Strengths, weaknesses, cost">
        <MethodFacts method={method} cost={cost} />
      </Fold>
      <Knobs section="method" />
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
      {recipe.ownFiles && <FileDrop {...own} help="A folder will do. Nothing leaves this machine." />}
      {hasKnobs && <Cite text={cite} />}
      {hasKnobs && (
        <Fold summary={recipe.pretraining ? 'Training before the task' : 'Which model'}>
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

function Knobs({ section }: { readonly section: Section }) {
  const experiment = useApp((s) => s.setup.experiment)
  const { setKnob } = useActions()
  const knobs = knobsOf(experiment, section)
  const values = section === 'training' ? experiment.training : experiment[section].values
  if (shownKnobs(knobs, values).length === 0) return <p className="help">Nothing to set.</p>
  return <KnobList knobs={knobs} values={values} onChange={(name, value) => setKnob(section, name, value)} />
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
