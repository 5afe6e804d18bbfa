import { expect, test } from 'vitest'
import { check } from '../../src/config/check'
import { defaultExperiment } from '../../src/config/defaults'
import type { Settings } from '../../src/config/settings'
import { handResult } from '../testing/events'
import { denseRuns, families, familyKey, meanEnd, methodCurves } from './comparison'
import { keep, type KeptRun } from './runs'

function run(settings: Settings, sparsity: number, pruned: number, end: number): KeptRun {
  return keep(handResult(check(settings, defaultExperiment).experiment, sparsity, pruned, end), 0)!
}

test('seed and method make no new family; data, model and training do', () => {
  const key = (settings: Settings) => familyKey(check(settings, defaultExperiment).experiment)
  expect(key({ 'seed': 9, 'method': 'snip', 'method.sparsity': 0.3 })).toBe(key({}))
  expect(new Set([key({}), key({ data: 'shapes' }), key({ 'model.width': 128 }), key({ 'training.rate': 0.01 })]).size).toBe(4)
})

test('families come newest first and same labels are told apart', () => {
  const all = families([run({ data: 'shapes' }, 0.5, 0, 0), run({ 'training.rate': 0.01 }, 0.5, 0, 0), run({}, 0.5, 0, 0)])
  expect(all.map((f) => f.runs.length)).toEqual([1, 1, 1])
  expect(all[0]!.key).toBe(familyKey(defaultExperiment))
  expect(all[1]!.label).toBe(`${all[0]!.label} (2)`)
})

test('a curve is the mean over seeds at each sparsity, by rising sparsity', () => {
  const [curve, ...others] = methodCurves([
    run({ method: 'snip', seed: 1 }, 0.75, 0.2, 0.5), run({ method: 'snip', seed: 2 }, 0.75, 0.4, 0.6), run({ method: 'snip', seed: 3 }, 0.5, 0.6, 0.7),
  ])
  expect(others).toEqual([])
  // At 75 %: (0.2 + 0.4) / 2 after pruning, (0.5 + 0.6) / 2 at the end.
  expect(curve!.points.map((p) => [p.sparsity, p.runs])).toEqual([[0.5, 1], [0.75, 2]])
  expect(curve!.points[1]!.pruned).toBeCloseTo(0.3)
  expect(curve!.points[1]!.end).toBeCloseTo(0.55)
})

test('another choice of a method is another curve; another number is not', () => {
  const curves = methodCurves([
    run({ method: 'magnitude' }, 0.5, 0.1, 0.2), run({ 'method': 'magnitude', 'method.every': 20 }, 0.6, 0.1, 0.2),
    run({ 'method': 'magnitude', 'method.schedule': 'once' }, 0.5, 0.1, 0.2),
  ])
  expect(curves.map((c) => [c.label, c.runs.length])).toEqual([['Magnitude', 2], ['Magnitude, one-shot', 1]])
})

test('dense runs are the reference and no curve; stopped runs are neither', () => {
  const dense = run({ method: 'dense' }, 0, 0.8, 0.8)
  const stopped = { ...run({ method: 'snip' }, 0.5, 0.1, 0.2), steps: 3 }
  expect(denseRuns([dense, stopped])).toEqual([dense])
  expect(methodCurves([dense, stopped])).toEqual([])
  expect(meanEnd([dense])).toBe(0.8)
  expect(meanEnd([])).toBeNull()
})
