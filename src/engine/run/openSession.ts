import { firstRunOf } from '../../config/firstRun'
import { modelOf } from '../../config/modelOf'
import { plugin } from '../../config/registries'
import type { Examples, Loader, LoadProgress } from '../../core/dataset'
import type { Experiment } from '../../core/experiment'
import type { Host } from '../../core/host'
import { placeTensors } from '../../core/layout'
import { Problem } from '../../core/problem'
import type { TrainedStart } from '../../core/start'
import type { TrainerEvent } from '../../core/trainer'
import { attackNote } from '../executor/attack'
import { withFrozen } from '../executor/rates'
import { digestOf } from './digest'
import { loadExamples } from './loadExamples'
import { refuse } from './refusal'
import { openExecutor, type RuntimeOptions } from './runtime'
import { runtimeOptions } from './runtimeOptions'
import { Session } from './session'
import { Starter } from './starter'

export interface SessionOptions extends RuntimeOptions {
  readonly host: Host
  readonly emit: (event: TrainerEvent) => void
  readonly signal: AbortSignal
  /** Loads the examples in the place of the data set. */
  readonly load?: Loader | undefined
}

const noHalves = 'All numbers are stored in 32 bits: 16 bits need WebGPU on a device with shader-f16.'

/**
 * Loads data, builds the model and compiles its kernels. @throws Problem; AbortError when the signal fires while
 * loading
 */
export async function openSession(experiment: Experiment, options: SessionOptions): Promise<Session> {
  const { host, emit, signal } = options
  refuse(experiment)
  emit({ type: 'phase', phase: 'loading', text: 'Loading data' })
  const trained = await openStart(experiment, options)
  const loaded = await loadExamples(experiment.data, experiment.seed, options, trained?.vocabulary)
  const examples = trained?.normalise ? { ...loaded, normalise: trained.normalise } : loaded
  const taken = trained && (await taking(trained, experiment, examples, signal))
  signal.throwIfAborted()
  refuse(experiment, examples.input)
  emit({ type: 'phase', phase: 'compiling', text: 'Building the model' })
  const hashed = withHash(experiment, examples)
  // It may be given up before anybody waits for it.
  hashed.catch(() => undefined)
  const tensors = modelOf(experiment).tensors(experiment.model.values, examples.input)
  const layout = placeTensors(experiment.training.frozenEmbeddings ? withFrozen(tensors) : tensors)
  const executor = await openExecutor(experiment, examples.input, layout, runtimeOptions(options))
  try {
    const starter = await Starter.open({ experiment, examples, layout, report: executor.report, options, taken })
    const session = new Session(experiment, await hashed, executor, layout, starter, () => host.now(), emit)
    emit({ type: 'opened', opened: session.opened })
    if (experiment.training.precision !== 'f32' && !executor.report.precision) emit({ type: 'note', text: noHalves })
    const note = attackNote(experiment.training, examples.input)
    if (note) emit({ type: 'note', text: note })
    if (taken) emit({ type: 'note', text: taken.text })
    emit({ type: 'phase', phase: 'ready', text: 'Ready' })
    return session
  } catch (error) {
    executor.dispose()
    throw error
  }
}

/** Weights that were trained elsewhere, where the run starts from some. @throws Problem about the start; AbortError */
export async function openStart(experiment: Experiment, options: SessionOptions): Promise<TrainedStart | null> {
  const { start, seed } = experiment
  const { signal, emit } = options
  const recipe = plugin('start', start.id)
  if (!recipe.open) return null
  const host = await hostOfStart(experiment, options)
  const progress = (now: LoadProgress) => emit({ type: 'loading', progress: now })
  return aboutStart(recipe.open(start.values, { host, signal, seed, progress }))
}

/** With the weights of the run that this one starts from as its only file, where it starts from one. */
async function hostOfStart(experiment: Experiment, options: SessionOptions): Promise<Host> {
  const { host } = options
  const first = firstRunOf(experiment)
  if (!first) return host
  const { weightsOfFirst } = await import('./firstRun')
  const bytes = await aboutStart(weightsOfFirst(first, options, openSession))
  return { ...host, files: [{ name: 'weights.safetensors', bytes }] }
}

/** What the model takes over; the method's own tensors are not among it. */
function taking(trained: TrainedStart, { model }: Experiment, { input }: Examples, signal: AbortSignal) {
  return aboutStart(trained.read(plugin('model', model.id).tensors(model.values, input), signal))
}

async function aboutStart<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error
    const { what, fix } = Problem.from(error)
    throw new Problem(what, fix, { cause: error, about: 'start' })
  }
}

/** Examples with the hash of a public data set. What is made here, or is the user's, is told apart in other ways. */
async function withHash({ data }: Experiment, examples: Examples): Promise<Examples> {
  const sha256 = plugin('data', data.id).download ? await digestOf(examples) : undefined
  return sha256 === undefined ? examples : { ...examples, source: { ...examples.source, sha256 } }
}
