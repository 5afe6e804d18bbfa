import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { check } from '../../config/check'
import { runId } from '../../config/identity'
import { openPreset } from '../../config/presets'
import type { RunResult } from '../../core/trainer'
import { resultJson } from '../result'
import { nanoRunIn } from './nanoRun'

const { experiment } = check({ method: 'dense' }, openPreset('cifar10-nano'))

/** What the command line writes at the end of such a run, as far as it is read. */
function written(finished: boolean): string {
  const evaluation = { step: 1500, moment: 'end', accuracy: 0.5, loss: 1.4, sparsity: 0 } as const
  const result = {
    experiment,
    evaluations: [evaluation],
    held: 2500,
    steps: 1500,
    msPerStep: 2,
  } as unknown as RunResult
  return resultJson({ finished, result, metrics: [], openSeconds: 7, files: null })
}

it('reads a finished run as the command line writes it, beside the accuracy that stands', () => {
  const runs = mkdtempSync(join(tmpdir(), 'nano-run-'))
  expect(nanoRunIn(runs)).toBeUndefined()
  const folder = join(runs, runId(experiment))
  mkdirSync(folder)
  writeFileSync(join(folder, 'result.json'), written(false))
  expect(nanoRunIn(runs)).toBeUndefined()
  writeFileSync(join(folder, 'result.json'), written(true))
  expect(nanoRunIn(runs)).toEqual({
    ...{ accuracy: 0.5, standing: 0.5165, error: 0.01, held: 2500 },
    ...{ steps: 1500, msPerStep: 2, openSeconds: 7 },
  })
})
