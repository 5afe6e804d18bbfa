import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { toLink } from '../config/link'
import type { ProblemData } from '../core/problem'
import type { RunResult, StepMetrics } from '../core/trainer'
import type { OwnFiles } from './ownFiles'

/** Everything that `result.json` holds. */
export interface ResultFile {
  /** False when the run was interrupted or failed; its numbers end there. */
  readonly finished: boolean
  readonly result: RunResult
  readonly metrics: readonly StepMetrics[]
  /** Seconds from the command's start until data, model and kernels were ready. */
  readonly openSeconds: number
  readonly problem?: ProblemData
  /** The user's own files, null without. */
  readonly files: OwnFiles | null
}

/** The text of `result.json`; step metrics are columns, so that a long run stays a small file. */
export function resultJson({ finished, result, metrics, openSeconds, problem, files }: ResultFile): string {
  const { steps, seconds, msPerStep, kept, prunable, ...rest } = result
  const column = (name: keyof StepMetrics) => metrics.map((m) => m[name])
  return `${JSON.stringify({
    finished,
    link: toLink(result.experiment),
    ...rest,
    stepsDone: steps,
    prunable,
    kept,
    sparsity: 1 - kept / prunable,
    ...(files ? { files } : {}),
    timings: { openSeconds, trainSeconds: seconds, msPerStep },
    environment: environment(),
    steps: {
      step: column('step'),
      loss: column('loss'),
      gradientNorm: column('gradientNorm'),
      rate: column('rate'),
      sparsity: column('sparsity'),
    },
    ...(problem ? { problem } : {}),
  })}\n`
}

/**
 * Folder of a run in `out`: its id, and 16 digits for the user's own files where there are any, since the id does not
 * contain them.
 */
export function runFolder(out: string, runId: string, files: OwnFiles | null): string {
  return join(out, files ? `${runId}-${files.sha256.slice(0, 16)}` : runId)
}

/** Whether `folder` holds the result of this run at its end. */
export function isFinished(folder: string, runId: string): boolean {
  try {
    const found = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as {
      runId?: unknown
      finished?: unknown
    }
    return found.runId === runId && found.finished === true
  } catch {
    return false
  }
}

let known: ReturnType<typeof readEnvironment> | undefined

function environment() {
  return (known ??= readEnvironment())
}

function readEnvironment() {
  const cpu = cpus()
  return {
    node: process.version,
    platform: process.platform,
    arch: process.arch,
    cpu: cpu[0]?.model ?? 'unknown',
    cores: cpu.length,
    memoryBytes: totalmem(),
    versions: {
      playground: version('../../package.json'),
      tfjs: version('@tensorflow/tfjs/package.json'),
      webgpu: version('webgpu/package.json'),
    },
    commit: git('rev-parse', 'HEAD'),
    changedFiles: git('status', '--porcelain')?.split('\n').filter(Boolean).length ?? null,
  }
}

function version(path: string): string | null {
  try {
    return (createRequire(import.meta.url)(path) as { version: string }).version
  } catch {
    return null
  }
}

function git(...args: string[]): string | null {
  try {
    return execFileSync('git', args, {
      encoding: 'utf8',
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return null
  }
}
