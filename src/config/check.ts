import type { Choice, Experiment } from '../core/experiment'
import { defaults, isWord, type Knob, type Knobs, type KnobValue, type NumberKnob } from '../core/knob'
import { maskCheckName, maskCheckOf, whyUnchecked } from '../core/maskCheck'
import { meaningOf, readNumber } from '../core/readNumber'
import type { Training } from '../core/training'
import { trainingKnobs } from '../core/training'
import { idNamed } from './idNamed'
import { idsOf, knobsOf, labels, modelFor, parts, plugin, startFor, type Part } from './registries'
import { describe, type Settings } from './settings'

/** A valid experiment, and one sentence for each thing that had to be changed to make it one. */
export interface Checked {
  readonly experiment: Experiment
  readonly notes: readonly string[]
}

/**
 * Hears of a value that is none of its setting's, before the usual one is taken.
 * @param what one sentence: which setting was what
 * @param allowed the names that it can be, or words for what it can be
 */
export type Refuse = (what: string, written: unknown, allowed: readonly string[] | string) => void

/** Who hears what is changed: `note` every change, `refuse` before it what cannot be used at all. */
interface Ears {
  readonly note: (text: string) => void
  readonly refuse?: Refuse | undefined
}

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
 * nearest allowed value and a note that names it. Never throws, unless `refuse` does.
 * @param refuse hears of what would make it another experiment: names that do not exist, texts that are no numbers,
 * parts that do not go with each other; not of numbers out of range
 */
export function check(settings: Settings, base: Experiment, refuse?: Refuse): Checked {
  const notes: string[] = []
  const ears: Ears = { note: (text) => notes.push(text), refuse }
  const data = choose('data', settings, base, ears)
  const reading = (id: string) => modelFor(data.id, id)
  const model = chooseFitting('model', reading, `cannot read the data set ${data.id}`, settings, base, ears)
  const going = (id: string) => startFor(data.id, model.id, id)
  const why = `does not go with ${model.id} and the data set ${data.id}`
  const start = chooseFitting('start', going, why, settings, base, ears)
  const training = read('training', trainingKnobs, base.training, settings, ears) as Training
  const method = withCheck(choose('method', settings, base, ears), training.steps, settings, ears)
  const seed = Object.hasOwn(settings, 'seed')
    ? Number(nearest('seed', seedKnob, settings.seed, base.seed, ears))
    : base.seed
  const experiment = { seed, data, model, method, start, training }
  noteUnknown(settings, experiment, ears)
  return { experiment, notes: shorten(notes) }
}

function choose(part: Part, settings: Settings, base: Experiment, ears: Ears): Choice {
  return fill(part, existing(part, settings, base, ears), settings, base, ears)
}

/**
 * The plugin asked for, or another one where it does not go with the rest: naming a text set alone must not end in a
 * ViT.
 * @param fitting the id that is used in the place of one @param why it is, in words that follow the one asked for
 */
function chooseFitting(
  part: Part,
  fitting: (id: string) => string,
  why: string,
  settings: Settings,
  base: Experiment,
  ears: Ears,
): Choice {
  const asked = existing(part, settings, base, ears)
  const id = fitting(asked)
  if (id !== asked && asked === named(settings, part)) {
    const what = `${part} was ${asked}, which ${why}`
    const others = idsOf(part).filter((other) => fitting(other) === other)
    ears.refuse?.(`${what}.`, asked, others)
    ears.note(`${what}; ${id} is used.`)
  }
  return fill(part, id, settings, base, ears)
}

/** The id that settings ask for; null where they name none that exists. */
function named(settings: Settings, part: Part): string | null {
  const asked = settings[part]
  return typeof asked === 'string' ? idNamed(labels[part], asked) : null
}

function existing(part: Part, settings: Settings, base: Experiment, ears: Ears): string {
  const asked = settings[part]
  if (asked === undefined) return base[part].id
  const found = named(settings, part)
  if (found !== null) return found
  const what = `${part} was ${describe(asked)}, which does not exist`
  ears.refuse?.(`${what}.`, asked, idsOf(part))
  ears.note(`${what}; ${base[part].id} is used.`)
  return base[part].id
}

function fill(part: Part, id: string, settings: Settings, base: Experiment, ears: Ears): Choice {
  const knobs = plugin(part, id).knobs
  const start = base[part].id === id ? base[part].values : defaults(knobs)
  return { id, values: read(part, knobs, start, settings, ears) }
}

/** The method's choice, without a sanity check of a mask that it does not make as it is set. */
function withCheck({ id, values }: Choice, steps: number, settings: Settings, ears: Ears): Choice {
  const asked = maskCheckOf(values)
  const method = plugin('method', id)
  const why = whyUnchecked(method, values, asked, steps)
  if (why === null) return { id, values }
  const what = `method.${maskCheckName} was ${asked}; ${method.label} as it is set ${why}`
  if (Object.hasOwn(settings, `method.${maskCheckName}`)) ears.refuse?.(`${what}.`, asked, ['none'])
  ears.note(`${what}, so nothing is checked.`)
  return { id, values: { ...values, [maskCheckName]: 'none' } }
}

function read(
  section: string,
  knobs: Knobs,
  start: Readonly<Record<string, KnobValue>>,
  settings: Settings,
  ears: Ears,
) {
  return Object.fromEntries(
    Object.entries(knobs).map(([name, knob]): [string, KnobValue] => {
      const key = `${section}.${name}`
      const usual = start[name] ?? knob.default
      return [name, Object.hasOwn(settings, key) ? nearest(key, knob, settings[key], usual, ears) : usual]
    }),
  )
}

/**
 * The nearest value to `value` that the knob allows, `usual` where nothing is near; `note` hears of every change,
 * `refuse` of what is no value at all.
 */
export function nearest(key: string, knob: Knob, value: unknown, usual: KnobValue, ears: Ears): KnobValue {
  const was = `${key} was ${describe(value)}`
  const unusable = (allowed: readonly string[] | string) => {
    ears.refuse?.(`${was}.`, value, allowed)
    const words = typeof allowed === 'string' ? allowed : allowed.join(', ')
    ears.note(`${was}; it can be ${words}, and ${String(usual)} is used.`)
    return usual
  }
  switch (knob.kind) {
    case 'number': {
      const meaning = meaningOf(knob, value)
      if ('refused' in meaning)
        ears.refuse?.(`${was}, ${meaning.refused}.`, value, `a number from ${knob.min} to ${knob.max}`)
      const { value: read, said } = readNumber(knob, value, Number(usual))
      if (said) ears.note(`${was}${said}`)
      return read
    }
    case 'choice': {
      const named = typeof value === 'string' || typeof value === 'number' ? idNamed(knob.options, String(value)) : null
      return named ?? unusable(Object.keys(knob.options))
    }
    case 'word':
      return isWord(knob, value) ? value : unusable(knob.allowed)
    case 'flag':
      if (value === true || value === 'true') return true
      if (value === false || value === 'false') return false
      return unusable('true or false')
  }
}

function noteUnknown(settings: Settings, experiment: Experiment, ears: Ears): void {
  const known = new Set(settingsOf(experiment))
  for (const key of Object.keys(settings)) if (!known.has(key)) ears.note(whyUnknown(key, experiment))
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
