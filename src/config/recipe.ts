/**
 * A comparison as data: methods times sparsities times seeds over the data, model and training of an experiment. Runs
 * of one seed start from the same weights and see the same examples in the same order, whatever the method.
 */
import { count } from '../core/figures'
import type { Experiment } from '../core/experiment'
import { inRange, shownKnobs, type KnobValue, type NumberKnob } from '../core/knob'
import { maskCheckKnob, maskCheckName, maskCheckOf } from '../core/maskCheck'
import { meaningOf } from '../core/readNumber'
import { sparsityKnob } from '../methods/axes'
import { check, nearest, seedKnob } from './check'
import { defaultExperiment } from './defaults'
import { idNamed } from './idNamed'
import { runId } from './identity'
import { sparsityName } from './methodLabel'
import { labels, plugin } from './registries'
import { describe, type Settings } from './settings'
import { splitList } from './splitList'
import { warningsOf } from './warnings'

/** A method and its knobs that are not at their default; sparsity belongs to the recipe. */
export interface RecipeMethod {
  readonly id: string
  readonly knobs: Readonly<Record<string, KnobValue>>
}

export interface Recipe {
  readonly methods: readonly RecipeMethod[]
  /** Shares of prunable weights to prune. */
  readonly sparsities: readonly number[]
  readonly seeds: readonly number[]
}

/** One run of a recipe. */
export interface PlannedRun {
  readonly runId: string
  readonly experiment: Experiment
}

/** A recipe from text, and one sentence for each part of it that could not be used. */
export interface CheckedRecipe {
  readonly recipe: Recipe
  readonly notes: readonly string[]
}

/**
 * Compression ratios of prunable weights at which methods are compared (Blalock et al., arXiv:2003.03033, section 6).
 */
export const compressions: readonly number[] = [2, 4, 8, 16, 32]

/** The sparsity at which one of `compression` prunable weights is left. */
export function sparsityAt(compression: number): number {
  return 1 - 1 / compression
}

/** Keys of links that belong to a recipe. */
export const recipeKeys = {
  methods: 'compare.methods',
  sparsities: 'compare.sparsities',
  seeds: 'compare.seeds',
} as const

/** Entries that a list of a recipe may have: a link is somebody else's text. */
const mostEntries = { methods: 64, sparsities: 32, seeds: 64 } as const

/** Runs that a recipe may have: all methods and sparsities for one seed. The page plans them at every change. */
export const mostRuns = mostEntries.methods * mostEntries.sparsities

/**
 * Baselines that every criterion has to beat (Blalock et al., section 6): chance, magnitude in both scopes, |w g|
 * before training.
 */
const baselines: readonly RecipeMethod[] = [
  { id: 'dense', knobs: {} },
  { id: 'random', knobs: {} },
  { id: 'magnitude', knobs: {} },
  { id: 'magnitude', knobs: { scope: 'layer' } },
  { id: 'snip', knobs: {} },
]

/** The baselines, and `method` if it is not among them. */
export function defaultRecipe(method: RecipeMethod): Recipe {
  return {
    methods: baselines.some((baseline) => sameMethod(baseline, method)) ? baselines : [...baselines, method],
    sparsities: compressions.map(sparsityAt),
    seeds: [1, 2, 3],
  }
}

/**
 * Every run of the recipe once, seed by seed, so that the whole chart is there after the first seed. A method whose
 * sparsity cannot be asked for (dense, N of M) runs once a seed.
 */
export function plannedRuns({ methods, sparsities, seeds }: Recipe, base: Experiment): readonly PlannedRun[] {
  const experiments = methods.flatMap(({ id, knobs }) => {
    const given = Object.entries(knobs).map(([name, value]): [string, KnobValue] => [`method.${name}`, value])
    const asked = shownKnobs(plugin('method', id).knobs, knobs).includes(sparsityName)
      ? sparsities.map((sparsity) => ({ [`method.${sparsityName}`]: sparsity }))
      : [{}]
    return asked.map(
      (own) => check({ method: id, ...Object.fromEntries(given), ...own }, withoutMethod(base)).experiment,
    )
  })
  // The check is the costly part, and it does not depend on the seed.
  const runs = seeds.flatMap((seed) => experiments.map((experiment) => ({ ...experiment, seed })))
  const distinct = new Map(runs.map((experiment) => [runId(experiment), experiment]))
  return [...distinct].map(([id, experiment]) => ({ runId: id, experiment }))
}

/** The method of an experiment as a recipe names it. */
export function recipeMethod({ method }: Experiment): RecipeMethod {
  const { knobs } = plugin('method', method.id)
  const departures = Object.entries(method.values).filter(
    ([name, value]) => name !== sparsityName && value !== knobs[name]?.default,
  )
  return { id: method.id, knobs: Object.fromEntries(departures) }
}

/** The method with each sanity check that its knobs allow; none where it has no mask before training. */
export function checkedMethods({ id, knobs }: RecipeMethod): readonly RecipeMethod[] {
  const asked = (name: string) =>
    check(
      {
        method: id,
        ...Object.fromEntries(Object.entries(knobs).map(([knob, value]) => [`method.${knob}`, value])),
        [`method.${maskCheckName}`]: name,
      },
      withoutMethod(defaultExperiment),
    ).experiment
  const checks = Object.keys(maskCheckKnob.options).filter((name) => name !== maskCheckKnob.default)
  return checks
    .map((name) => ({ name, experiment: asked(name) }))
    .filter(({ name, experiment }) => maskCheckOf(experiment.method.values) === name)
    .map(({ experiment }) => recipeMethod(experiment))
}

/** Whether two entries of a recipe are the same method with the same knobs. */
export function sameMethod(a: RecipeMethod, b: RecipeMethod): boolean {
  return written(a) === written(b)
}

/**
 * The recipe as settings of a link, in characters that need no escape: `dense_magnitude*schedule*once`, `0.5_0.75`,
 * `1_2_3`.
 */
export function recipeSettings({ methods, sparsities, seeds }: Recipe): Settings {
  return {
    [recipeKeys.methods]: methods.map(written).join('_'),
    [recipeKeys.sparsities]: sparsities.join('_'),
    [recipeKeys.seeds]: seeds.join('_'),
  }
}

/**
 * The recipe of settings; people who type lists may separate them by commas, semicolons and spaces, and knobs by `:`
 * and `=`, and write seeds as `1-3`. A list that is missing or has nothing usable is taken from `usual`.
 * @param refuse hears of each entry that cannot be used, in one sentence; where it throws, so does this
 */
export function readRecipe(settings: Settings, usual: Recipe, refuse: Refuse = () => undefined): CheckedRecipe {
  const notes: string[] = []
  const heard = { notes, refuse }
  const recipe = {
    methods: readList(settings, 'methods', usual.methods, readMethod, written, heard),
    sparsities: readList(settings, 'sparsities', usual.sparsities, readSparsity, String, heard),
    seeds: readList(settings, 'seeds', usual.seeds, readSeed, String, heard),
  }
  return { recipe: { ...recipe, seeds: seedsWithin(mostRuns, recipe, notes) }, notes }
}

/** The seeds for which a recipe has at most that many runs; the first one always. */
function seedsWithin(most: number, { methods, sparsities, seeds }: Recipe, notes: string[]): readonly number[] {
  const runs = methods.length * sparsities.length * seeds.length
  if (runs <= most) return seeds
  const few = seeds.slice(0, Math.max(1, Math.floor(most / (methods.length * sparsities.length))))
  notes.push(
    `The comparison has ${count(runs)} runs; ${count(most)} are allowed, `
      + `so ${few.length === 1 ? 'the first seed is' : `the first ${few.length} seeds are`} used.`,
  )
  return few
}

/** A list of a recipe. */
export type List = keyof typeof recipeKeys
type Refuse = (list: List, what: string) => void

interface Heard {
  readonly notes: string[]
  readonly refuse: Refuse
}

type Read<T> = (text: string, heard: Heard) => T | undefined

function readList<T>(
  settings: Settings,
  name: List,
  usual: readonly T[],
  read: Read<T>,
  keyOf: (entry: T) => string,
  heard: Heard,
): readonly T[] {
  const value = settings[recipeKeys[name]]
  if (typeof value !== 'string') return usual
  const most = mostEntries[name]
  const texts = textsOf(name, value, most)
  if (texts.length > most) heard.notes.push(`The comparison has more than ${most} ${name}; the first ${most} are used.`)
  const entries = texts.slice(0, most).flatMap((text) => read(text, heard) ?? [])
  const distinct = [...new Map(entries.map((entry) => [keyOf(entry), entry])).values()]
  if (distinct.length === 0)
    heard.notes.push(
      `The ${name} of the comparison were ${describe(value)}, of which none can be used. The usual ones are.`,
    )
  return distinct.length > 0 ? distinct : usual
}

/** Entries of a list as text; of ranges of seeds only so many that they are seen to be more than `most`. */
function textsOf(name: List, value: string, most: number): readonly string[] {
  if (name === 'methods') return splitMethods(value)
  if (name === 'sparsities') return splitList(value, false)
  return splitList(value.replace(rangeMark, '$1-'), true).flatMap((text) => {
    const [, first, last] = /^(\d{1,10})-(\d{1,10})$/.exec(text)?.map(Number) ?? []
    if (first === undefined || last === undefined || first > last) return text
    return Array.from({ length: Math.min(last - first, most) + 1 }, (_, i) => String(first + i))
  })
}

/** `1-3`, `1 - 3`, `1–3` and `1..3` mean 1, 2, 3; in `1 -3` the minus is a sign. */
const rangeMark = /(\d)(\s?)(?:[-\u2013\u2014]|\.{2,3})\2(?=\d)/g

function splitMethods(text: string): string[] {
  return text
    .split(text.includes(';') ? /[_;]/ : /[_,]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

function readMethod(text: string, { notes, refuse }: Heard): RecipeMethod | undefined {
  const [name = '', ...fields] = text.split(/[*:=]/)
  const id = idNamed(labels.method, name)
  if (id === null) {
    const what = `The comparison names the method ${describe(name)}, which does not exist`
    refuse('methods', `${what}.`)
    notes.push(`${what}. It is left out.`)
    return undefined
  }
  const knobs = Object.fromEntries(
    fields.flatMap((name, i) => (i % 2 === 0 ? [[`method.${name}`, fields[i + 1] ?? '']] : [])),
  )
  const unknown = Object.keys(knobs).find(
    (key) => !Object.hasOwn(plugin('method', id).knobs, key.slice('method.'.length)),
  )
  if (unknown !== undefined)
    refuse(
      'methods',
      `The comparison sets ${describe(unknown.slice('method.'.length))} of ${id}, which has no such knob.`,
    )
  const checked = check({ method: id, ...knobs }, withoutMethod(defaultExperiment), (what) => {
    refuse('methods', `The comparison sets a knob of ${id} to what it cannot be: ${what}`)
  })
  notes.push(
    ...checked.notes,
    ...warningsOf(checked.experiment).map((warning) => `${plugin('method', id).label}: ${warning}`),
  )
  if (Object.hasOwn(knobs, `method.${sparsityName}`))
    notes.push(`The comparison gives ${id} its own sparsity. All methods run at those of the comparison.`)
  return recipeMethod(checked.experiment)
}

/** Every method's range is that of `sparsityKnob`. */
function readSparsity(text: string, { notes, refuse }: Heard): number | undefined {
  const knob = sparsityKnob()
  const meaning = meaningOf(knob, text)
  if ('number' in meaning && meaning.number >= 0 && meaning.number < 1) return allowed('sparsity', knob, text, notes)
  const what = `The comparison names the sparsity ${describe(text)}; it can be 0 or more and less than 1`
  refuse('sparsities', `${what}.`)
  notes.push(`${what}, and is left out.`)
  return undefined
}

/** Zeros before a seed are the rest of a number with a thousands mark: 1,000 was split into 1 and 000. */
function readSeed(text: string, { notes, refuse }: Heard): number | undefined {
  const meaning = /^0\d/.test(text) ? { number: NaN } : meaningOf(seedKnob, text)
  if ('number' in meaning && inRange(seedKnob, meaning.number) === meaning.number)
    return allowed('seed', seedKnob, text, notes)
  const what =
    `The comparison names the seed ${describe(text)}; `
    + `it can be a whole number from ${seedKnob.min} to ${seedKnob.max}`
  refuse('seeds', `${what}.`)
  notes.push(`${what}, and is left out.`)
  return undefined
}

function allowed(what: string, knob: NumberKnob, text: string, notes: string[]): number {
  return Number(nearest(`A ${what} of the comparison`, knob, text, knob.default, { note: (said) => notes.push(said) }))
}

function written({ id, knobs }: RecipeMethod): string {
  const sorted = Object.entries(knobs).sort(([a], [b]) => (a < b ? -1 : 1))
  return [id, ...sorted.flatMap(([name, value]) => [name, String(value)])].join('*')
}

/** So that no knob of the experiment's own method gets into a run of the recipe. */
function withoutMethod(experiment: Experiment): Experiment {
  return { ...experiment, method: { id: 'dense', values: {} } }
}
