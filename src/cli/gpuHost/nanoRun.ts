import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import csv from '../../../docs/results/cifar10-nano.csv?raw'
import { check } from '../../config/check'
import { runId } from '../../config/identity'
import { openPreset } from '../../config/presets'
import type { Evaluation } from '../../core/trainer'

/** A run of `cifar10-nano`, dense, to its end, beside the one that stands in docs/results. Accuracies are shares. */
export interface NanoRun {
  readonly accuracy: number
  readonly standing: number
  /** Standard error of one accuracy, by the number of test images. */
  readonly error: number
  readonly held: number
  readonly steps: number
  readonly msPerStep: number
  /** From the start until data, model and kernels were ready. */
  readonly openSeconds: number
}

/** Fields of `result.json` that are read here. */
interface ResultFields {
  readonly finished: boolean
  readonly evaluations: readonly Evaluation[]
  readonly held: number
  readonly stepsDone: number
  readonly timings: { readonly openSeconds: number; readonly msPerStep: number }
}

const dense = runId(check({ method: 'dense' }, openPreset('cifar10-nano')).experiment)

/** What a folder of runs holds of it; undefined where it was not finished. */
export function nanoRunIn(runs: string): NanoRun | undefined {
  const file = join(runs, dense, 'result.json')
  if (!existsSync(file)) return undefined
  const { finished, evaluations, held, stepsDone, timings } = JSON.parse(readFileSync(file, 'utf8')) as ResultFields
  const accuracy = evaluations.at(-1)?.accuracy
  if (!finished || accuracy === undefined) return undefined
  const error = Math.sqrt((accuracy * (1 - accuracy)) / held)
  const { openSeconds, msPerStep } = timings
  return { accuracy, standing: standingAccuracy(csv, dense), error, held, steps: stepsDone, msPerStep, openSeconds }
}

/** The accuracy at the end of a run in a table of docs/results; NaN where it is not in there. */
export function standingAccuracy(table: string, id: string): number {
  const [head = '', ...rows] = table.split('\n')
  const row = rows.find((line) => line.startsWith(`${id},`))
  return Number(row?.split(',')[head.split(',').indexOf('end')])
}
