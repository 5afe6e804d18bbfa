import { seedKnob } from '../../../src/config/check'
import { isId, knobsOf, parts } from '../../../src/config/registries'
import { describe } from '../../../src/config/settings'
import type { Experiment } from '../../../src/core/experiment'
import { isWord, type Knob, type Knobs } from '../../../src/core/knob'
import { isEvaluation } from '../history'
import { runColours, type KeptRun } from '../runs'
import { isBackend } from '../ui'
import { isRecord } from '../../../src/core/isRecord'

/**
 * What is wrong with a stored run of today's form, as the end of a sentence; null for nothing. What passes is a
 * `KeptRun`, but for its history and answers, that every panel can draw.
 */
export function faultOf(run: unknown): string | null {
  if (!isRecord(run)) return 'it is no run'
  for (const [name, isRight] of Object.entries(fields))
    if (!isRight(run[name])) return `its ${name} is ${described(run[name])}`
  const fault = faultOfExperiment(run.experiment)
  if (fault !== null) return fault
  const { steps } = (run.experiment as Experiment).training
  return (run.steps as number) > steps ? `it made ${described(run.steps)} steps of ${steps}` : null
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown) => Number.isFinite(value)
const isNumberOrNull = (value: unknown) => value === null || Number.isFinite(value)

/** Every field that panels read. History and answers may be broken: the run's result is worth more. */
const fields: Readonly<
  Record<Exclude<keyof KeptRun, 'experiment' | 'history' | 'answers'>, (value: unknown) => boolean>
> = {
  runId: isText,
  files: (value) => value === undefined || isText(value),
  pinned: (value) => value === undefined || typeof value === 'boolean',
  name: (value) => value === undefined || isText(value),
  colour: (value) => value === undefined || (isText(value) && Object.hasOwn(runColours, value)),
  backend: (value) =>
    isRecord(value) && [value.backend, value.device, value.reason].every(isText) && isBackend(String(value.backend)),
  source: isText,
  read: (value) => value === undefined || (isRecord(value) && Object.values(value).every(isText)),
  pruned: (value) => value === null || isEvaluation(value),
  end: isEvaluation,
  layers: (value) => Array.isArray(value) && value.every(isLayer),
  steps: isNumber,
  kept: isNumber,
  prunable: isNumber,
  parameters: isNumber,
  majority: isNumberOrNull,
  held: isNumberOrNull,
  speedup: isNumberOrNull,
  measures: (value) => value === undefined || (isRecord(value) && Object.values(value).every(isNumber)),
  seconds: isNumber,
  msPerStep: isNumber,
  at: isNumber,
}

function isLayer(value: unknown): boolean {
  return isRecord(value) && isText(value.name) && isNumber(value.size) && isNumber(value.kept)
}

/** An experiment of plugins that exist, every knob of which has a value that it allows, or none. */
function faultOfExperiment(value: unknown): string | null {
  if (!isRecord(value)) return `its experiment is ${described(value)}`
  if (!allows(seedKnob, value.seed)) return `its seed is ${described(value.seed)}`
  for (const part of parts) {
    const choice = value[part]
    if (!isRecord(choice) || !isRecord(choice.values)) return `its ${part} is ${described(choice)}`
    if (typeof choice.id !== 'string' || !isId(part, choice.id)) return `its ${part} is ${described(choice.id)}`
  }
  if (!isRecord(value.training)) return `its training is ${described(value.training)}`
  const experiment = value as unknown as Experiment
  for (const section of [...parts, 'training'] as const) {
    const values: Readonly<Record<string, unknown>> =
      section === 'training' ? experiment.training : experiment[section].values
    const wrong = wrongKnob(knobsOf(experiment, section), values)
    if (wrong !== undefined) return `its ${section}.${wrong} is ${described(values[wrong])}`
  }
  return null
}

function wrongKnob(knobs: Knobs, values: Readonly<Record<string, unknown>>): string | undefined {
  return Object.entries(knobs).find(([name, knob]) => values[name] !== undefined && !allows(knob, values[name]))?.[0]
}

function allows(knob: Knob, value: unknown): boolean {
  switch (knob.kind) {
    case 'number':
      return (
        typeof value === 'number'
        && value >= knob.min
        && value <= knob.max
        && (!knob.integer || Number.isInteger(value))
      )
    case 'choice':
      return typeof value === 'string' && Object.hasOwn(knob.options, value)
    case 'word':
      return isWord(knob, value)
    case 'flag':
      return typeof value === 'boolean'
  }
  return knob satisfies never
}

function described(value: unknown): string {
  return value === undefined ? 'missing' : describe(value)
}
