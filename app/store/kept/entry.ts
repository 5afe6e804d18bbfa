/** How a kept run is stored, and how an entry of any version is read. */
import { knobsOf, type Part } from '../../../src/config/registries'
import { defaultExperiment } from '../../../src/config/defaults'
import { describe } from '../../../src/config/settings'
import { hashOf } from '../../../src/config/identity'
import type { Choice, Experiment } from '../../../src/core/experiment'
import { defaults } from '../../../src/core/knob'
import { trainingKnobs } from '../../../src/core/training'
import { isHistory } from '../history'
import type { KeptRun, Marks } from '../runs'
import { isRecord } from '../../../src/core/isRecord'
import { faultOf } from './faultOf'

/**
 * One stored run. Entries of other versions are never changed: this version reads what it can of older ones, and keeps
 * those of newer ones for the page that wrote them.
 */
export interface Entry {
  /** `keyOf` id and version: entries of two versions never take each other's place. */
  readonly key: string
  /** The run's id; a hash of the run where it has none. */
  readonly id: string
  /** Version of the form of `run`. */
  readonly version: number
  readonly run: unknown
}

/** An entry that this version cannot read; it is kept as it is. */
export interface UnreadRun {
  readonly key: string
  /** What the run may have been: the id of its method and its seed, where they can be told. */
  readonly name: string
  /** One sentence: why it cannot be read. */
  readonly why: string
}

/**
 * Rewrites a run of one version for the next one. Entry i leads from version i + 1 to version i + 2.
 * `entries.json` holds runs of every version, which must be read for ever.
 *
 * Version 1 lay in localStorage, all runs in one text. Its first runs have no majority, held and speedup.
 */
const migrations: readonly ((run: unknown) => unknown)[] = [
  (run) => (isRecord(run) ? { majority: null, held: null, speedup: null, ...run } : run),
  // Until then, every run began with random weights.
  (run) =>
    isRecord(run) && isRecord(run.experiment)
      ? { ...run, experiment: { start: defaultExperiment.start, ...run.experiment } }
      : run,
]

/** Version of the entries that this page writes. */
export const entryVersion = migrations.length + 1

/** The key of a run's entry. */
export function keyOf(id: string, version = entryVersion): string {
  return `${id}@${version}`
}

/** A run as this version stores it. */
export function entryOf(run: KeptRun): Entry {
  return { key: keyOf(run.runId), id: run.runId, version: entryVersion, run }
}

/**
 * A run from elsewhere (an older version's storage, a file) as an entry: in today's form where it can be read.
 * @param id under which it was stored; a hash of the run where it had none
 */
export function adopted(run: unknown, version: number, id = hashOf(JSON.stringify(run))): Entry {
  const entry = { key: keyOf(id, version), id, version, run }
  const read = readEntry(entry)
  return !isRun(read) ? entry : entryOf(read)
}

/**
 * Which of two entries with one key stays: the run with more steps, of equal ones the later. Marks stay, and what this
 * version cannot read is not replaced, unless it is damaged.
 */
export function stronger(there: Entry | null, next: Entry): Entry {
  if (there === null) return next
  const [old, run] = [readEntry(there), readEntry(next)]
  if (!isRun(run)) return there
  if (!isRun(old)) return next
  if (old.steps > run.steps || (old.steps === run.steps && old.at >= run.at)) return there
  const { pinned = old.pinned, name = old.name, colour = old.colour } = run
  const marked = pinned !== run.pinned || name !== run.name || colour !== run.colour
  return marked ? withMarks(next, { pinned, name, colour }) : next
}

/** Marks lie in the run, of which all else stays as it was stored. */
export function withMarks(entry: Entry, marks: Marks): Entry {
  return { ...entry, run: { ...(entry.run as KeptRun), ...marks } }
}

/** The run of an entry, or why it cannot be read. Never throws. */
export function readEntry({ key, version, run: stored }: Entry): KeptRun | UnreadRun {
  const unread = (why: string): UnreadRun => ({ key, name: nameOf(stored), why })
  if (!Number.isInteger(version) || version < 1 || version > entryVersion)
    return unread('Another version of this page kept it, and can read it. It stays as it is.')
  const run = migrations.slice(version - 1).reduce((older, migrate) => migrate(older), stored)
  const fault = faultOf(run)
  if (fault !== null) return unread(`It is damaged: ${fault}.`)
  const { history, ...rest } = run as KeptRun
  return { ...rest, experiment: completed(rest.experiment), ...(isHistory(history) ? { history } : {}) }
}

/** Whether an entry could be read. */
export function isRun(read: KeptRun | UnreadRun): read is KeptRun {
  return !('why' in read)
}

function nameOf(run: unknown): string {
  const experiment = isRecord(run) && isRecord(run.experiment) ? run.experiment : {}
  const method = isRecord(experiment.method) ? experiment.method.id : undefined
  const seed = typeof experiment.seed === 'number' ? [`seed ${experiment.seed}`] : []
  return typeof method === 'string' ? [describe(method), ...seed].join(', ') : 'A run'
}

/** Knobs that are younger than the run get their defaults, which cancel their effect. */
function completed(experiment: Experiment): Experiment {
  const choice = (part: Part): Choice => {
    const { id, values } = experiment[part]
    return { id, values: { ...defaults(knobsOf(experiment, part)), ...values } }
  }
  return {
    ...experiment,
    data: choice('data'),
    model: choice('model'),
    method: choice('method'),
    start: choice('start'),
    training: { ...defaults(trainingKnobs), ...experiment.training },
  }
}
