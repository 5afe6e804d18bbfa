import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { firstRunOf } from '../config/firstRun'
import { runId } from '../config/identity'
import { toLink } from '../config/link'
import { readsFiles } from '../config/registries'
import type { Experiment } from '../core/experiment'
import { Problem } from '../core/problem'
import {
  weightsFormats,
  type BackendChoice,
  type RunResult,
  type TrainerEvent,
  type WeightsFormat,
} from '../core/trainer'
import { openSession } from '../engine/run/openSession'
import { burst } from '../engine/run/bursts'
import type { Checkpoint } from '../engine/run/checkpoint'
import type { Session } from '../engine/run/session'
import { nodeHost } from '../host/node'
import { nodeThreads } from '../host/nodeThreads'
import { openDawn } from './gpu'
import { tryFolder } from './output'
import { checkFiles, ownFiles } from './ownFiles'
import { forgetCheckpoints, newestCheckpoint } from './checkpoints'
import { progressOn, type Progress } from './progress'
import { isFinished, resultJson, runFolder } from './result'
import { Saver } from './saver'
import type { Screen } from './screen'
import { usualSaveSeconds } from '../engine/run/savePace'
import { clearAsides, whenRoom, writeWhole } from './writeWhole'
import { weightsFile } from '../engine/run/weightsFile'

/** Options of `sentinel run`. */
export interface RunOptions {
  /** Folder that holds `cifar10/train.parquet` and so on. */
  readonly data: string
  /** For a data set of the user's own files, or a vocab.txt. */
  readonly files: readonly string[]
  readonly backend: BackendChoice
  readonly allowSoftware: boolean
  /** Every run gets a folder in it, named by its id (and its own files, where there are any). */
  readonly out: string
  /** Begins anew although a finished result or a checkpoint is there. */
  readonly force: boolean
  /** Refuses to begin anew where no checkpoint is. */
  readonly resume?: boolean
  /** Seconds from one checkpoint to the next; `usualSaveSeconds` unless given. */
  readonly saveEvery?: number
  /** Fails where the disk is full instead of waiting for room: another worker can make the run. */
  readonly failsWhenFull?: boolean
  /** Hears of the run as `screen` shows it. */
  readonly hear?: (event: TrainerEvent) => void
}

const weightsNames: Readonly<Record<WeightsFormat, string>> = {
  f32: 'weights.safetensors',
  int8: 'weights.int8.safetensors',
  compact: 'weights.compact.safetensors',
}

/** How a run ended; `skipped`: it was finished already. */
export type Outcome = 'finished' | 'interrupted' | 'skipped'

/**
 * Runs an experiment and writes `result.json`, its weights in every format (`weights.safetensors`, ...) and, where
 * heads or neurons are dead, the model without them. Meanwhile it saves itself, and goes on from there where it was
 * killed. An interrupted or failed run writes what is there so far, unless the device was lost.
 * @throws Problem from the engine; and before anything is read, where results could not be written
 */
export async function runExperiment(
  experiment: Experiment,
  options: RunOptions,
  screen: Screen,
  signal: AbortSignal,
): Promise<Outcome> {
  tryFolder('--out', options.out)
  const id = runId(experiment)
  checkFiles(options.files, experiment)
  const files = await ownFiles(options.files)
  const folder = runFolder(options.out, id, files)
  if (existsSync(folder)) tryFolder('--out', folder)
  if (!options.force && isFinished(folder, id)) {
    // It may have been killed right after it wrote its result.
    forgetCheckpoints(folder)
    clearAsides(folder)
    screen.line(`Run ${id} is finished: ${join(folder, 'result.json')} (--force runs it again)`)
    return 'skipped'
  }
  if ((await makeFirst(experiment, options, screen, signal)) === 'interrupted') return 'interrupted'
  const progress = progressOn(screen, experiment.training.steps)
  const tell = (text: string) => {
    progress.show({ type: 'note', text })
  }
  const checkpoint = await begunBefore(folder, options, tell)
  screen.line(`Run ${id}: ${toLink(experiment)}`)
  const begun = screen.now()
  const emit = (event: TrainerEvent) => {
    progress.show(event)
    options.hear?.(event)
  }
  const session = await open(experiment, options, emit, signal).finally(progress.end)
  if (!session) {
    screen.line(
      checkpoint
        ? `Stopped before its first new step: ${folder} holds the run at step ${checkpoint.step}.`
        : 'Stopped before its first step: nothing was saved.',
    )
    return 'interrupted'
  }
  try {
    if (checkpoint) session.goOn(checkpoint)
    else forgetCheckpoints(folder)
    const openSeconds = (screen.now() - begun) / 1000
    const textOf = (result: RunResult, finished: boolean, problem?: Problem) =>
      resultJson({
        finished,
        result,
        metrics: session.metrics,
        openSeconds,
        files,
        ...(problem ? { problem: problem.toJSON() } : {}),
      })
    const waiting = options.failsWhenFull ? AbortSignal.abort() : signal
    const saver = new Saver(session, {
      folder,
      seconds: options.saveEvery ?? usualSaveSeconds,
      savedStep: checkpoint?.step ?? -1,
      resultText: (result) => textOf(result, false),
      now: () => screen.now(),
      tell,
      signal: waiting,
    })
    const { result, problem } = await train(session, saver, signal)
    await saver.settle()
    progress.end()
    const finished = !problem && result.steps === experiment.training.steps
    const write = (name: string, content: string | Uint8Array) =>
      whenRoom(folder, () => writeWhole(folder, name, content), tell, waiting)
    const tensors = await session.tensors()
    for (const format of weightsFormats) {
      const file = weightsFile(format, experiment, session.executor, tensors, session.examples.vocabulary)
      if (file) await write(weightsNames[format], file)
    }
    await write('result.json', textOf(result, finished, problem))
    if (finished) forgetCheckpoints(folder)
    screen.line(
      `${finished ? 'Wrote' : 'Wrote what is there so far:'} ${join(folder, 'result.json')}, `
        + `${weightsNames.f32} and ${weightsNames.int8}`,
    )
    if (problem) throw problem
    return finished ? 'finished' : 'interrupted'
  } finally {
    session.dispose()
  }
}

/** Makes the run that an experiment starts from, where it is not in `--out` already. */
async function makeFirst(experiment: Experiment, options: RunOptions, screen: Screen, signal: AbortSignal) {
  const first = firstRunOf(experiment)
  if (!first || readsFiles(first)) return 'skipped'
  const id = runId(first)
  const folder = runFolder(options.out, id, null)
  const whole = existsSync(join(folder, weightsNames.f32))
  if (whole && isFinished(folder, id)) return 'skipped'
  screen.line(`First the run that this one starts from:`)
  return runExperiment(
    first,
    { ...options, files: [], force: !whole && isFinished(folder, id), resume: false },
    screen,
    signal,
  )
}

/** Where the run was when it was killed; null where it begins anew. */
async function begunBefore(
  folder: string,
  { force, resume }: RunOptions,
  tell: (text: string) => void,
): Promise<Checkpoint | null> {
  clearAsides(folder)
  if (force) return null
  const checkpoint = await newestCheckpoint(folder, tell)
  if (resume && !checkpoint)
    throw new Problem(
      `--resume was given, and ${folder} holds no checkpoint.`,
      'Leave --resume out to begin the run at its first step.',
    )
  return checkpoint
}

async function open(
  experiment: Experiment,
  options: RunOptions,
  emit: Progress['show'],
  signal: AbortSignal,
): Promise<Session | undefined> {
  const { backend, allowSoftware, data, files, out } = options
  const gpu = backend === 'wasm' || backend === 'cpu' ? undefined : await openDawn()
  const host = nodeHost({ dataDir: data, files, runs: out, threads: nodeThreads() })
  try {
    return await openSession(experiment, { host, gpu, backend, allowSoftware, wasm: '', tune: true, emit, signal })
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}

async function train(
  session: Session,
  saver: Saver,
  signal: AbortSignal,
): Promise<{ result: RunResult; problem?: Problem }> {
  try {
    await saver.save()
    while (!session.finished && !signal.aborted) {
      await session.advance(burst(session.msPerStep), signal)
      await saver.offer()
      // Ctrl-C is noticed only between macrotasks, and backends without a GPU never wait for one.
      await setImmediate()
    }
    // Measuring asks the device for more than training does. What could not be saved was told.
    await saver.save().catch(() => undefined)
    return { result: session.finished ? await session.measuredResult() : await session.result() }
  } catch (error) {
    const problem = Problem.from(error)
    // A lost device takes the weights with it, so the error is all that is reported.
    const result = await session.result().catch(() => {
      throw problem
    })
    return { result, problem }
  }
}
