import { askedOf } from '../../src/config/comparison'
import { defaultExperiment } from '../../src/config/defaults'
import { canonical } from '../../src/config/identity'
import { methodLabel } from '../../src/config/methodLabel'
import { shortPercent } from '../../src/core/figures'
import { remembered } from './remembered'
import type { KeptRun } from './runs'

/** Two kept runs whose masks are of the same weights. */
export interface RunPair {
  readonly a: KeptRun
  readonly b: KeptRun
  /** "SEVENdyn against SNIP at 80 %". */
  readonly label: string
}

/** Runs with the same key began with the same weights on the same data: their masks can be laid over each other. */
export function weightsKey({ experiment, files = '' }: KeptRun): string {
  return settingsOf(experiment) + files
}

const { method, training } = defaultExperiment
const settingsOf = remembered((experiment) => canonical({ ...experiment, method, training }))

/** The other runs whose masks can be laid over that of a run, newest first. */
export function others(runs: readonly KeptRun[], run: KeptRun): readonly KeptRun[] {
  return runs.filter((other) => other !== run && weightsKey(other) === weightsKey(run)).reverse()
}

/** At most so many pairs are suggested. */
const most = 3

/** Pairs of methods at one sparsity, those of SEVEN first, of equal ones the newest. */
export function suggestedPairs(runs: readonly KeptRun[]): readonly RunPair[] {
  const pruned = runs.filter(({ kept, prunable }) => kept < prunable)
  const found = [...pruned].reverse().flatMap((a) =>
    others(pruned, a)
      .filter((b) => methodLabel(b.experiment) !== methodLabel(a.experiment))
      .filter((b) => askedOf(b.experiment) === askedOf(a.experiment))
      .map((b) => pairOf(a, b)),
  )
  // Of a pair in both orders the one that begins with SEVEN stays, else the first.
  const seen = new Set<string>()
  return [...found.filter(({ a }) => isSeven(a)), ...found]
    .filter(({ a, b }) => {
      const key = [a.runId, b.runId].sort().join(' ')
      const isNew = !seen.has(key)
      seen.add(key)
      return isNew
    })
    .slice(0, most)
}

function pairOf(a: KeptRun, b: KeptRun): RunPair {
  const asked = askedOf(a.experiment)
  const at = asked === null ? '' : ` at ${shortPercent(asked)}`
  return { a, b, label: `${methodLabel(a.experiment)} against ${methodLabel(b.experiment)}${at}` }
}

function isSeven({ experiment }: KeptRun): boolean {
  return experiment.method.id.startsWith('seven')
}
