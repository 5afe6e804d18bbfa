/** Sessions for tests: small experiments on made-up data, on a chosen backend, with their events kept. */
import { check } from '../config/check'
import { defaultExperiment } from '../config/defaults'
import type { Experiment } from '../core/experiment'
import type { Store } from '../core/host'
import type { BackendChoice, TrainerEvent } from '../core/trainer'
import { memoryCache } from '../data/testing'
import { dawn } from '../gpu/testing'
import type { Fetch } from '../host/http'
import { nodeHost } from '../host/node'
import type { Readback } from '../gpu/readback'
import type { Executor } from './executor/executor'
import { openSession } from './run/openSession'
import type { Session } from './run/session'

/** A ViT of 2 blocks on 8 x 8 shapes: every kind of operation, a few thousand weights. */
export const smallVit = {
  data: 'shapes',
  'data.train': 96,
  'data.held': 64,
  'data.size': 8,
  model: 'vitTiny',
  'model.patch': 4,
  'model.width': 8,
  'model.depth': 2,
  'model.heads': 2,
  'model.ratio': 2,
  'training.steps': 20,
  'training.batch': 8,
  'training.warmup': 2,
  'training.evaluateEvery': 0,
  'training.rate': 0.003,
}

/** A BERT of one block on phrases. */
export const smallBert = {
  data: 'phrases',
  'data.train': 128,
  'data.held': 64,
  model: 'miniBert',
  'model.width': 8,
  'model.depth': 1,
  'model.heads': 2,
  'model.ratio': 2,
  'training.steps': 20,
  'training.batch': 8,
  'training.warmup': 2,
  'training.evaluateEvery': 0,
}

/** One hidden layer on 8 x 8 shapes. */
export const smallMlp = {
  data: 'shapes',
  'data.train': 96,
  'data.held': 64,
  'data.size': 8,
  model: 'mlp',
  'model.width': 4,
  'training.steps': 20,
  'training.batch': 8,
  'training.warmup': 2,
  'training.evaluateEvery': 0,
}

/** The experiment of these settings over the defaults; throws when one of them is not understood. */
export function experimentOf(settings: Readonly<Record<string, unknown>>): Experiment {
  const { experiment, notes } = check(settings, defaultExperiment)
  if (notes.length) throw new Error(notes.join('; '))
  return experiment
}

export interface TestSession {
  readonly session: Session
  readonly events: TrainerEvent[]
}

export interface TestPlace {
  readonly backend?: BackendChoice
  /** Where data sets lie that are not made on the spot. */
  readonly dataDir?: string
  /** What was fetched or made before; nothing, if left out. */
  readonly cache?: Store
  /** Paths of the user's files. */
  readonly files?: readonly string[]
  /** The network; Node's own if left out. */
  readonly fetch?: Fetch
  /** Hears of each event when it happens. */
  readonly hear?: (event: TrainerEvent) => void
}

export async function sessionOf(
  experiment: Experiment,
  {
    backend = 'webgpu',
    dataDir = 'no-such-folder',
    cache = memoryCache(),
    files = [],
    fetch,
    hear = () => undefined,
  }: TestPlace = {},
): Promise<TestSession> {
  const events: TrainerEvent[] = []
  const session = await openSession(experiment, {
    host: { ...nodeHost({ dataDir, files, ...(fetch ? { fetch } : {}) }), cache },
    gpu: backend === 'webgpu' ? dawn() : undefined,
    backend,
    allowSoftware: true,
    wasm: '',
    signal: new AbortController().signal,
    emit: (event) => {
      events.push(event)
      hear(event)
    },
  })
  return { session, events }
}

export async function testSession(
  settings: Readonly<Record<string, unknown>>,
  backend: BackendChoice = 'webgpu',
): Promise<TestSession> {
  return sessionOf(experimentOf(settings), { backend })
}

/** One of the arena's buffers, on whatever device it lies; the executor keeps it to itself. */
export async function arenaBuffer(executor: Executor, name: string): Promise<Float32Array> {
  interface Inside {
    readonly arena: Readonly<Record<string, GPUBuffer | Float32Array>>
    readonly readback: Readback
  }
  const { arena, readback } = 'parts' in executor ? (executor.parts as Inside) : (executor as unknown as Inside)
  const held = arena[name]
  if (!held) throw new TypeError(`The arena has no buffer "${name}".`)
  return held instanceof Float32Array ? held : new Float32Array(await readback.read(held))
}

/** A signal that never fires. */
export const untilTheEnd = new AbortController().signal
