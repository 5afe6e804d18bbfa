import type { Choice, Experiment } from '../core/experiment'
import { defaults, isWord, type Knob, type Knobs, type KnobValue, type NumberKnob } from '../core/knob'
import { maskCheckName, maskCheckOf, whyUnchecked } from '../core/maskCheck'
import { readNumber } from '../core/readNumber'
import type { Training } from '../core/training'
import { trainingKnobs } from '../core/training'
import { idNamed } from './idNamed'
import { knobsOf, labels, modelFor, parts, plugin, startFor, type Part } from './registries'
import { describe, type Settings } from './settings'

/** A valid experiment, and one sentence for each thing that had to be changed to make it one. */
export interface Checked {
  readonly experiment: Experiment
  readonly notes: readonly string[]
}

type Note = (text: string) => void

/** The knob that describes the seed, for the page and the command line. */
export const seedKnob: NumberKnob = {
  kind: 'number',
  label: 'Seed',
  default: 1,
  min: 0,
  max: 2 ** 31 - 1,
  integer: true,
  step: 1,
  scale: 'linear',
  unit: '',
  help: 'Starts all random numbers: initial weights, order of examples, augmentation, dropout, random pruning.',
}

/**
 * The experiment that `settings` ask for on top of `base`. Whatever is unknown, malformed or out of range becomes the
 * nearest allowed value and a note that names it. Never throws.
 */
export function check(settings: Settings, base: Experiment): Checked {
  const notes: string[] = []
  const note: Note = (text) => notes.push(text)
  const data = choose('data', settings, base, note)
  const model = chooseModel(settings, base, data.id, note)
  const start = chooseStart(settings, base, data.id, model.id, note)
  const training = read('training', trainingKnobs, base.training, settings, note) as Training
  const method = withCheck(choose('method', settings, base, note), training.steps, note)
  const seed = Object.hasOwn(settings, 'seed')
    ? Number(nearest('seed', seedKnob, settings.seed, base.seed, note))
    : base.seed
  const experiment = { seed, data, model, method, start, training }
  noteUnknown(settings, experiment, note)
  return { experiment, notes: shorten(notes) }
}

function choose(part: Part, settings: Settings, base: Experiment, note: Note): Choice {
  return fill(part, existing(part, settings, base, note), settings, base, note)
}

/** The model asked for, or one that reads the data: naming a text set alone must not end in a ViT. */
function chooseModel(settings: Settings, base: Experiment, dataId: string, note: Note): Choice {
  const asked = existing('model', settings, base, note)
  const id = modelFor(dataId, asked)
  if (id !== asked && asked === named(settings, 'model'))
    note(`model was ${asked}, which cannot read the data set ${dataId}; ${id} is used.`)
  return fill('model', id, settings, base, note)
}

/** The start asked for, or random weights where data and model do not go with it. */
function chooseStart(settings: Settings, base: Experiment, dataId: string, modelId: string, note: Note): Choice {
  const asked = existing('start', settings, base, note)
  const id = startFor(dataId, modelId, asked)
  if (id !== asked && asked === named(settings, 'start'))
    note(`start was ${asked}, which ${modelId} cannot learn from the data set ${dataId}; ${id} is used.`)
  return fill('start', id, settings, base, note)
}

/** The id that settings ask for; null where they name none that exists. */
function named(settings: Settings, part: Part): string | null {
  const asked = settings[part]
  return typeof asked === 'string' ? idNamed(labels[part], asked) : null
}

function existing(part: Part, settings: Settings, base: Experiment, note: Note): string {
  const asked = settings[part]
  if (asked === undefined) return base[part].id
  const found = named(settings, part)
  if (found !== null) return found
  note(`${part} was ${describe(asked)}, which does not exist; ${base[part].id} is used.`)
  return base[part].id
}

function fill(part: Part, id: string, settings: Settings, base: Experiment, note: Note): Choice {
  const knobs = plugin(part, id).knobs
  const start = base[part].id === id ? base[part].values : defaults(knobs)
  return { id, values: read(part, knobs, start, settings, note) }
}

/** The method's choice, without a sanity check of a mask that it does not make as it is set. */
function withCheck({ id, values }: Choice, steps: number, note: Note): Choice {
  const asked = maskCheckOf(values)
  const method = plugin('method', id)
  const why = whyUnchecked(method, values, asked, steps)
  if (why === null) return { id, values }
  note(`method.${maskCheckName} was ${asked}; ${method.label} as it is set ${why}, so nothing is checked.`)
  return { id, values: { ...values, [maskCheckName]: 'none' } }
}

function read(
  section: string,
  knobs: Knobs,
  start: Readonly<Record<string, KnobValue>>,
  settings: Settings,
  note: Note,
) {
  return Object.fromEntries(
    Object.entries(knobs).map(([name, knob]): [string, KnobValue] => {
      const key = `${section}.${name}`
      const usual = start[name] ?? knob.default
      return [name, Object.hasOwn(settings, key) ? nearest(key, knob, settings[key], usual, note) : usual]
    }),
  )
}

/** The nearest value to `value` that the knob allows, `usual` where nothing is near; `note` hears of every change. */
export function nearest(key: string, knob: Knob, value: unknown, usual: KnobValue, note: Note): KnobValue {
  switch (knob.kind) {
    case 'number': {
      const { value: read, said } = readNumber(knob, value, Number(usual))
      if (said) note(`${key} was ${describe(value)}${said}`)
      return read
    }
    case 'choice': {
      const named = typeof value === 'string' || typeof value === 'number' ? idNamed(knob.options, String(value)) : null
      if (named !== null) return named
      note(
        `${key} was ${describe(value)}; it can be ${Object.keys(knob.options).join(', ')}, `
          + `and ${String(usual)} is used.`,
      )
      return usual
    }
    case 'word':
      if (isWord(knob, value)) return value
      note(`${key} was ${describe(value)}; it can be ${knob.allowed}, and ${String(usual)} is used.`)
      return usual
    case 'flag':
      if (value === true || value === 'true') return true
      if (value === false || value === 'false') return false
      note(`${key} was ${describe(value)}; it can be true or false, and ${String(usual)} is used.`)
      return usual
  }
}

function noteUnknown(settings: Settings, experiment: Experiment, note: Note): void {
  const known = new Set(settingsOf(experiment))
  for (const key of Object.keys(settings)) if (!known.has(key)) note(whyUnknown(key, experiment))
}

/** The keys of all settings that an experiment has: `seed`, `method`, `method.sparsity`, `training.steps` and so on. */
export function settingsOf(experiment: Experiment): readonly string[] {
  const knobs = ([...parts, 'training'] as const).flatMap((section) =>
    Object.keys(knobsOf(experiment, section)).map((name) => `${section}.${name}`),
  )
  return ['seed', ...parts, ...knobs]
}

function whyUnknown(key: string, { method }: Experiment): string {
  if (key !== `method.${maskCheckName}`) return `${describe(key)} is not a setting of this experiment and was left out.`
  return (
    `${key} checks a mask that is made before training and then stays; `
    + `${plugin('method', method.id).label} makes none, and it was left out.`
  )
}

/** A hostile link can hold thousands of wrong keys; the page shows the first ones and says how many more there are. */
function shorten(notes: readonly string[]): readonly string[] {
  const most = 12
  return notes.length <= most
    ? notes
    : [...notes.slice(0, most), `${notes.length - most} more settings could not be used.`]
}
