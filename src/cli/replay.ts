import { count } from '../core/figures'
import { basename, dirname } from 'node:path'
import { check } from '../config/check'
import { defaultExperiment } from '../config/defaults'
import { idNamed } from '../config/idNamed'
import { labels, plugin } from '../config/registries'
import type { Experiment } from '../core/experiment'
import type { Layout } from '../core/layout'
import { maskCheckName } from '../core/maskCheck'
import { Problem } from '../core/problem'
import { replay, type RecordedStep, type ReplayedStep } from '../engine/run/replay'
import type { Screen } from './screen'
import { tryFile } from './output'
import { given } from './usage'
import { writeWhole } from './writeWhole'
import { safetensorsFile, type NamedArray } from '../core/safetensors'
import { openTensorFile, readTrace, stepTensor, type Trace } from './trace'

/** Options of `sentinel replay`. */
export interface ReplayOptions {
  readonly method: string
  readonly trace: string
  readonly out: string
  readonly seed: string
  /** Training steps of the whole run, where the trace holds only its beginning. */
  readonly steps?: string
  /** `name=value` pairs. */
  readonly knob: readonly string[]
}

/** Node writes at most this many bytes at once. */
const largestFile = 2 ** 31 - 1

/**
 * Feeds a recorded run to a method and writes the scores and the mask after each of its steps.
 * @param rest arguments that are no options: knobs such as `--sparsity 0.9`
 * @throws Problem for a knob or value that does not exist, and for faults of the trace
 */
export function replayTrace(options: ReplayOptions, rest: readonly string[], screen: Screen): void {
  const { experiment, whole } = given(() => ({
    experiment: experimentOf(options, rest),
    whole: wholeSteps(options.steps),
  }))
  tryFile('--out', options.out)
  const file = openTensorFile(options.trace)
  try {
    const trace = readTrace(file)
    const { arrays, events } = answers(experiment, trace, whole)
    const metadata = {
      method: experiment.method.id,
      seed: String(experiment.seed),
      knobs: JSON.stringify(experiment.method.values, knobsOf(experiment.method.id)),
      prunable: trace.layout.tensors.map(({ name }) => name).join(','),
    }
    writeWhole(dirname(options.out), basename(options.out), safetensorsFile(arrays, metadata))
    const { steps, layout } = trace
    screen.line(
      `Wrote ${options.out}: ${steps} steps, ${layout.tensors.length} tensors, mask changed after ${events} steps`,
    )
  } finally {
    file.close()
  }
}

/** The scores and masks of a trace as named arrays, and how often the plan changed the mask. */
export function answers(
  experiment: Experiment,
  trace: Trace,
  trainingSteps?: number,
): { arrays: NamedArray[]; events: number } {
  const { layout, steps, initial, mask } = trace
  if (5 * steps * layout.prunableCount > largestFile) {
    throw new Problem(
      `Scores and masks of ${steps} steps would be ${count(5 * steps * layout.prunableCount)} bytes.`,
      'Record fewer steps, or list fewer tensors in the metadata "prunable".',
    )
  }
  const arrays: NamedArray[] = []
  const recording = {
    experiment,
    layout,
    steps,
    initial,
    ...(mask ? { mask } : {}),
    ...(trainingSteps ? { trainingSteps } : {}),
  }
  let step = 0
  let events = 0
  for (const replayed of replay(recording, recorded(trace))) {
    arrays.push(...perTensor(layout, step++, replayed))
    if (replayed.event) events++
  }
  return { arrays, events }
}

function* recorded(trace: Trace): Generator<RecordedStep> {
  for (let step = 0; step < trace.steps; step++) {
    const rate = trace.rate(step)
    yield {
      weights: trace.read(step, 'w'),
      grads: trace.read(step, 'g'),
      ...(trace.has('h') ? { curvature: trace.read(step, 'h') } : {}),
      ...(rate === undefined ? {} : { rate }),
    }
  }
}

function perTensor(layout: Layout, step: number, { scores, grown, mask }: ReplayedStep): NamedArray[] {
  return layout.prunable.flatMap(({ name, shape, offset, size }) => {
    const array = (kind: string, values: Float32Array | Uint8Array) => ({
      name: stepTensor(step, kind, name),
      shape,
      values: values.slice(offset, offset + size),
    })
    return [array('score', scores), array('mask', mask), ...(grown ? [array('grow', grown)] : [])]
  })
}

/** Knobs of a replay: nothing trains, so the knob for sanity checks is left out. */
function knobsOf(method: string): string[] {
  return Object.keys(plugin('method', method).knobs).filter((name) => name !== maskCheckName)
}

/** The method with its knobs. Notes are problems here: a replay with other values cannot be compared. */
function experimentOf({ method: name, seed, knob }: ReplayOptions, rest: readonly string[]): Experiment {
  const method = idNamed(labels.method, name) ?? name
  const known = knobsOf(method)
  const knobs = [...knob.map(pairOf), ...flags(rest)]
  const unknown = knobs.find(([name]) => !known.includes(name))
  if (unknown) {
    throw new Problem(
      `The method ${method} has no knob "${unknown[0]}".`,
      known.length ? `It has ${known.join(', ')}.` : 'It has none.',
    )
  }
  const settings = { seed, method, ...Object.fromEntries(knobs.map(([name, value]) => [`method.${name}`, value])) }
  const { experiment, notes } = check(settings, defaultExperiment)
  if (notes.length) {
    throw new Problem(
      notes.join(' '),
      'Nothing was replayed, since results with other values could not be compared; '
        + '"npm run sentinel -- methods" lists all knobs.',
    )
  }
  return experiment
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1)
    throw new Problem(`--knob was given "${text}".`, 'Write it as name=value, for example --knob sparsity=0.9.')
  return [text.slice(0, at), text.slice(at + 1)]
}

/** `--sparsity 0.9` and `--sparsity=0.9`. */
function flags(rest: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i < rest.length; i++) {
    const [flag = '', next] = [rest[i], rest[i + 1]]
    const name = flag.slice(2)
    if (!flag.startsWith('--') || !name) {
      throw new Problem(`"${flag}" is no option of replay.`, 'Write knobs as --name value, for example --sparsity 0.9.')
    }
    if (name.includes('=')) pairs.push(pairOf(name))
    else if (next === undefined) throw new Problem(`--${name} has no value.`, `Write --${name} and then its value.`)
    else {
      pairs.push([name, next])
      i++
    }
  }
  return pairs
}

function wholeSteps(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new Problem(`--steps was given "${text}".`, 'Give the number of training steps of the whole run.')
}
