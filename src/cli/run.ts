import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { runId } from '../config/identity'
import { toLink } from '../config/link'
import type { Experiment } from '../core/experiment'
import { Problem } from '../core/problem'
import { weightsFormats, type BackendChoice, type RunResult, type WeightsFormat } from '../core/trainer'
import { openSession } from '../engine/openSession'
import { burst } from '../engine/bursts'
import type { Session } from '../engine/session'
import { nodeHost } from '../host/node'
import { openDawn } from './gpu'
import { tryFolder } from './output'
import { checkFiles, ownFiles } from './ownFiles'
import { progressOn, type Progress, type Screen } from './progress'
import { isFinished, resultJson, runFolder, writeWhole } from './result'
import { weightsFile } from '../engine/weightsFile'

/** Options of `sentinel run`. */
export interface RunOptions {
  /** Folder that holds `cifar10/train.parquet` and so on. */
  readonly data: string
  /** Files for the data set `dropped`, or a vocab.txt. */
  readonly files: readonly string[]
  readonly backend: BackendChoice
  readonly allowSoftware: boolean
  /** Every run gets a folder in it, named by its id (and its own files, where there are any). */
  readonly out: string
  /** Runs again although a finished result is there. */
  readonly force: boolean
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
 * heads or neurons are dead, the model without them. Once training has begun, an interrupted or failed run writes what
 * is there so far, unless the device was lost.
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
    screen.write(`Run ${id} is finished: ${join(folder, 'result.json')} (--force runs it again)\n`)
    return 'skipped'
  }
  screen.write(`Run ${id}: ${toLink(experiment)}\n`)
  const progress = progressOn(screen, experiment.training.steps)
  const begun = screen.now()
  const session = await open(experiment, options, progress.show, signal).finally(progress.end)
  if (!session) return 'interrupted'
  try {
    const openSeconds = (screen.now() - begun) / 1000
    const { result, problem } = await train(session, signal)
    progress.end()
    const finished = !problem && result.steps === experiment.training.steps
    const tensors = await session.tensors()
    for (const format of weightsFormats) {
      const file = weightsFile(format, experiment, session.executor.layout, tensors)
      if (file) writeWhole(folder, weightsNames[format], file)
    }
    writeWhole(
      folder,
      'result.json',
      resultJson({
        finished,
        result,
        metrics: session.metrics,
        openSeconds,
        files,
        ...(problem ? { problem: problem.toJSON() } : {}),
      }),
    )
    screen.write(
      `${finished ? 'Wrote' : 'Wrote what is there so far:'} ${join(folder, 'result.json')}, `
        + `${weightsNames.f32} and ${weightsNames.int8}\n`,
    )
    if (problem) throw problem
    return finished ? 'finished' : 'interrupted'
  } finally {
    session.dispose()
  }
}

async function open(
  experiment: Experiment,
  options: RunOptions,
  emit: Progress['show'],
  signal: AbortSignal,
): Promise<Session | undefined> {
  const { backend, allowSoftware, data, files } = options
  const gpu = backend === 'wasm' || backend === 'cpu' ? undefined : await openDawn()
  const host = nodeHost({ dataDir: data, files })
  try {
    return await openSession(experiment, { host, gpu, backend, allowSoftware, wasm: '', tune: true, emit, signal })
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}

async function train(session: Session, signal: AbortSignal): Promise<{ result: RunResult; problem?: Problem }> {
  try {
    while (!session.finished && !signal.aborted) {
      await session.advance(burst(session.msPerStep), signal)
      // Ctrl-C is noticed only between macrotasks, and backends without a GPU never wait for one.
      await setImmediate()
    }
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
