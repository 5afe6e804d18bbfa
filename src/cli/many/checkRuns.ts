import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { count, percent } from '../../core/figures'
import type { RunResult } from '../../core/trainer'
import type { RunFiles, RunJob, RunQueue } from '../../queue/runQueue'
import { runFolder } from '../result'
import type { Screen } from '../screen'

/** Milliseconds between two looks at the queue. */
const lookMs = 1000
const weightsName = 'weights.safetensors'

/**
 * Lets other workers make some finished runs a second time, and says how far the results differ.
 * @param jobs of the comparison; those that failed are left out @param asked how many of them, spread evenly
 * @returns false when the signal fired before
 */
export async function checkRuns(
  jobs: readonly RunJob[],
  asked: number,
  { queue, out }: { readonly queue: RunQueue; readonly out: string },
  screen: Screen,
  signal: AbortSignal,
): Promise<boolean> {
  const { failed } = await queue.list()
  const made = jobs.filter(({ id }) => !failed.some((run) => run.id === id))
  const some = Math.min(asked, made.length)
  const chosen = Array.from({ length: some }, (_, i) => made[Math.floor((i * made.length) / some)]).filter(
    (job) => job !== undefined,
  )
  const checks = new Map<string, RunJob>()
  for (const job of chosen) {
    const worker = (await queue.result(job.id))?.worker
    checks.set(`${job.id}-check`, { ...job, id: `${job.id}-check`, ...(worker === undefined ? {} : { not: worker }) })
  }
  await queue.forget([...checks.keys()])
  await queue.add([...checks.values()])
  screen.line(`${count(checks.size)} runs are made a second time, by other workers than the first.`)
  const found: Difference[] = []
  for (let total = checks.size; checks.size > 0;) {
    const listing = await queue.list()
    for (const id of listing.finished.filter((id) => checks.has(id))) {
      const again = await queue.result(id)
      const first = runFolder(out, id.replace(/-check$/, ''), null)
      if (again) found.push(differenceOf(first, again.files))
      checks.delete(id)
    }
    for (const { id, problem } of listing.failed.filter((run) => checks.has(run.id))) {
      screen.line(`Run ${id} failed the second time. ${problem.what}`)
      checks.delete(id)
      total--
    }
    if (checks.size > 0) await setTimeout(lookMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return false
  }
  if (found.length > 0) screen.line(differencesText(found))
  return true
}

interface Difference {
  /** Of the accuracies at the end, a share. */
  readonly accuracy: number
  /** Kept weights that one of them has and the other has not, in number. */
  readonly kept: number
  readonly sameWeights: boolean
  readonly backends: readonly [string, string]
}

function differenceOf(folder: string, again: RunFiles): Difference {
  const [a, b] = [readFileSync(join(folder, 'result.json')), again['result.json']].map(
    (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as RunResult,
  ) as [RunResult, RunResult]
  const end = ({ evaluations }: RunResult) => evaluations.findLast(({ moment }) => moment === 'end')?.accuracy ?? NaN
  return {
    accuracy: Math.abs(end(a) - end(b)),
    kept: Math.abs(a.kept - b.kept),
    sameWeights: readFileSync(join(folder, weightsName)).equals(again[weightsName] ?? new Uint8Array()),
    backends: [deviceOf(a), deviceOf(b)],
  }
}

function deviceOf({ backend }: RunResult): string {
  return `${backend.device} (${backend.backend})`
}

function differencesText(found: readonly Difference[]): string {
  const same = found.filter(({ sameWeights }) => sameWeights).length
  const largest = (of: (difference: Difference) => number) => Math.max(...found.map(of))
  const devices = [...new Set(found.flatMap(({ backends }) => backends))].join(', ')
  return (
    `Of ${found.length} runs that were made twice (${devices}), ${same} have the same weights to the bit. `
    + `Accuracy differs by at most ${percent(
      largest((d) => d.accuracy),
      2,
    )}, `
    + `the number of kept weights by at most ${count(largest((d) => d.kept))}.`
  )
}
