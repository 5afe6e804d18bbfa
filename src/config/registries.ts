import type { Dataset } from '../core/dataset'
import type { Experiment } from '../core/experiment'
import type { Knobs } from '../core/knob'
import { withMaskCheck } from '../core/maskCheck'
import type { Method } from '../core/method'
import type { Model } from '../core/model'
import { Problem } from '../core/problem'
import type { Start } from '../core/start'
import { trainingKnobs } from '../core/training'
import * as dataBarrel from '../data'
import * as methodBarrel from '../methods'
import * as modelBarrel from '../models'
import * as startBarrel from '../starts'

/** Every data set by id, in the order of the alphabet, as modules list what they export. */
export const datasets: Readonly<Record<string, Dataset>> = dataBarrel
/** The data set that reads the user's own files. */
export const ownFilesId = Object.keys(datasets).find((id) => datasets[id]?.ownFiles) ?? ''
/** Every model by id. */
export const models: Readonly<Record<string, Model>> = modelBarrel
/** Every pruning method by id; a mask that is made before training may be checked (`core/maskCheck.ts`). */
export const methods: Readonly<Record<string, Method>> = Object.fromEntries(
  Object.entries<Method>(methodBarrel).map(([id, method]) => [id, withMaskCheck(method)]),
)
const { scratch, ...otherStarts } = startBarrel
/** Where the weights of a run may come from, by id; first what every experiment has that names none. */
export const starts: Readonly<Record<string, Start>> = { scratch, ...otherStarts }

/** The start that reads the user's own files. */
export const fileStartId = Object.keys(starts).find((id) => starts[id]?.ownFiles) ?? ''

/** The start from the weights of another run. */
export const runStartId = Object.keys(starts).find((id) => starts[id]?.ofRun) ?? ''

/** Whether a run of the experiment reads the user's own files. */
export function readsFiles({ data, start }: Pick<Experiment, 'data' | 'start'>): boolean {
  return plugin('data', data.id).ownFiles === true || plugin('start', start.id).ownFiles === true
}

/** The parts of an experiment that are chosen from a registry. */
export const parts = ['data', 'model', 'method', 'start'] as const
export type Part = (typeof parts)[number]

const registries = { data: datasets, model: models, method: methods, start: starts } as const

/** Ids that a part may have. */
export function idsOf(part: Part): string[] {
  return Object.keys(registries[part])
}

/** Whether a plugin of this id exists. */
export function isId(part: Part, id: string): boolean {
  return Object.hasOwn(registries[part], id)
}

/** Labels of each part by id, for `idNamed`. */
export const labels = {
  data: labelsOf(datasets),
  model: labelsOf(models),
  method: labelsOf(methods),
  start: labelsOf(starts),
} as const satisfies Record<Part, unknown>

function labelsOf(registry: Readonly<Record<string, { readonly label: string }>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(registry).map(([id, { label }]) => [id, label]))
}

/** The plugin of a part as the registry holds it. @throws Problem for an unknown id. */
export function plugin<P extends Part>(part: P, id: string): (typeof registries)[P][string] {
  const found = isId(part, id) ? registries[part][id] : undefined
  if (!found) throw new Problem(`There is no ${part} "${id}".`, `Choose one of ${idsOf(part).join(', ')}.`)
  return found as (typeof registries)[P][string]
}

/** The knobs that `data.*`, `model.*`, `method.*` or `training.*` of an experiment set. */
export function knobsOf(experiment: Experiment, section: Part | 'training'): Knobs {
  return section === 'training' ? trainingKnobs : plugin(section, experiment[section].id).knobs
}

/** Names of the knobs that some plugin of a part has. */
export function knobNames(section: Part | 'training'): ReadonlySet<string> {
  const all: Readonly<Record<string, { readonly knobs: Knobs }>> =
    section === 'training' ? { training: { knobs: trainingKnobs } } : registries[section]
  return new Set(Object.values(all).flatMap(({ knobs }) => Object.keys(knobs)))
}

/** `preferred` where that model can read the data, else the first one made for its task. */
export function modelFor(dataId: string, preferred: string): string {
  const { task } = plugin('data', dataId)
  if (fits(preferred, task)) return preferred
  const fitting = idsOf('model').filter((id) => fits(id, task))
  return fitting.find((id) => plugin('model', id).task === task) ?? fitting[0] ?? preferred
}

/** `preferred` where the model can start so on the data, else random weights. */
export function startFor(dataId: string, modelId: string, preferred: string): string {
  const asked = plugin('start', preferred)
  const learner = plugin('model', modelId)
  if (asked.pretraining && !learner.trunk) return scratchId
  return meets(asked.task, learner.task) && meets(asked.task, plugin('data', dataId).task) ? preferred : scratchId
}

/** Random weights: the start of every experiment that names none. */
export const scratchId = 'scratch'

function fits(modelId: string, task: string): boolean {
  return meets(plugin('model', modelId).task, task)
}

function meets(a: string, b: string): boolean {
  return a === b || a === 'any' || b === 'any'
}
