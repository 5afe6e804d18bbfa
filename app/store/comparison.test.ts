import { expect, test } from 'vitest'
import { check } from '../../src/config/check'
import { defaultExperiment } from '../../src/config/defaults'
import type { Settings } from '../../src/config/settings'
import { handResult } from '../testing/events'
import { families, familyKey, methodCurves, outcomesOf } from './comparison'
import { keep, type KeptRun } from './runs'

function run(settings: Settings, sparsity: number, pruned: number, end: number): KeptRun {
  return keep(handResult(check(settings, defaultExperiment).experiment, sparsity, pruned, end), 0)!
}

test('seed and method make no new family; data, model and training do', () => {
  const key = (settings: Settings) => familyKey(check(settings, defaultExperiment).experiment)
  expect(key({ seed: 9, method: 'snip', 'method.sparsity': 0.3 })).toBe(key({}))
  expect(
    new Set([key({}), key({ data: 'shapes' }), key({ 'model.width': 128 }), key({ 'training.rate': 0.01 })]).size,
  ).toBe(4)
})

test('families come newest first and same labels are told apart', () => {
  const all = families([
    run({ data: 'shapes' }, 0.5, 0, 0),
    run({ 'training.rate': 0.01 }, 0.5, 0, 0),
    run({}, 0.5, 0, 0),
  ])
  expect(all.map((f) => f.runs.length)).toEqual([1, 1, 1])
  expect(all[0]!.key).toBe(familyKey(defaultExperiment))
  expect(all[1]!.label).toBe(`${all[0]!.label} (2)`)
})

test('a curve is a method with its rows by rising sparsity', () => {
  const [curve, ...others] = methodCurves(
    outcomesOf([
      run({ method: 'snip', 'method.sparsity': 0.75, seed: 1 }, 0.75, 0.2, 0.5),
      run({ method: 'snip', 'method.sparsity': 0.75, seed: 2 }, 0.75, 0.4, 0.6),
      run({ method: 'snip', 'method.sparsity': 0.5, seed: 3 }, 0.5, 0.6, 0.7),
    ]),
  )
  expect(others).toEqual([])
  expect(curve!.rows.map((row) => [row.sparsity, row.outcomes.map((o) => [o.pruned, o.end])])).toEqual([
    [0.5, [[0.6, 0.7]]],
    [
      0.75,
      [
        [0.2, 0.5],
        [0.4, 0.6],
      ],
    ],
  ])
})

test('another knob of a method is another curve; another sparsity is not', () => {
  const curves = methodCurves(
    outcomesOf([
      run({ method: 'magnitude', 'method.sparsity': 0.5 }, 0.5, 0.1, 0.2),
      run({ method: 'magnitude', 'method.sparsity': 0.6 }, 0.6, 0.1, 0.2),
      run({ method: 'magnitude', 'method.sparsity': 0.6, 'method.every': 20 }, 0.6, 0.1, 0.2),
      run({ method: 'magnitude', 'method.sparsity': 0.5, 'method.schedule': 'once' }, 0.5, 0.1, 0.2),
    ]),
  )
  expect(curves.map((c) => [c.label, c.rows.length])).toEqual([
    ['Magnitude', 2],
    ['Magnitude, every 20', 1],
    ['Magnitude, one-shot', 1],
  ])
})

test('dense runs are no curve; stopped runs are not compared', () => {
  const dense = run({ method: 'dense' }, 0, 0.8, 0.8)
  const stopped = { ...run({ method: 'snip' }, 0.5, 0.1, 0.2), steps: 3 }
  expect(outcomesOf([dense, stopped]).map((outcome) => outcome.runId)).toEqual([dense.runId])
  expect(methodCurves(outcomesOf([dense, stopped]))).toEqual([])
})
