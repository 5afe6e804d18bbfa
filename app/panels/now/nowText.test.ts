import { expect, test } from 'vitest'
import { check } from '../../../src/config/check'
import { defaultExperiment } from '../../../src/config/defaults'
import type { StepMetrics } from '../../../src/core/trainer'
import { emptyRun, type RunState } from '../../store/run'
import { courseText, nowText } from './nowText'

const experimentOf = (settings: Readonly<Record<string, unknown>>) =>
  check({ 'training.steps': 100, ...settings }, defaultExperiment).experiment

/** A run of these settings after some steps. */
function after(step: number, sparsity: number, settings: Readonly<Record<string, unknown>>): RunState {
  const last: StepMetrics = { step, loss: 1, gradientNorm: 1, rate: 1e-3, sparsity }
  const asked = {
    experiment: experimentOf(settings),
    files: [],
    place: null,
    backend: 'wasm',
    allowSoftware: false,
  } as const
  return { ...emptyRun, phase: 'running', text: 'Training', asked, last }
}

const course = (run: RunState) => courseText(run, defaultExperiment)
const gradual = { method: 'magnitude', 'method.sparsity': 0.8, 'method.begin': 0.2, 'method.end': 0.75 }

test('before the first step it says what the method plans', () => {
  const planned = (settings: Readonly<Record<string, unknown>>) => courseText(emptyRun, experimentOf(settings))
  expect(planned(gradual)).toEqual(['Weights are cut from step 21 on, until 80.0 % are gone at step 75.'])
  expect(planned({ method: 'snip', 'method.sparsity': 0.9 })).toEqual([
    '90.0 % of the weights are cut before the first step, and the model learns without them.',
  ])
  expect(planned({ method: 'dense' })).toEqual(['No weight is cut in this run: it shows what the whole model can do.'])
  expect(planned({ method: 'softMovement' })).toEqual([
    'No number of weights is planned: they are cut as their scores fall. 0.0 % are gone.',
  ])
})

test('while it trains it says what is cut, and when the mask changes next', () => {
  expect(course(after(5, 0, gradual))).toEqual(['No weight is cut yet. The first cut comes at step 21.'])
  expect(course(after(50, 0.5, gradual))[0]).toMatch(
    /^50\.0 % of the weights are cut\. The mask changes next at step 51, to 7\d\.\d %\.$/,
  )
  expect(course(after(80, 0.8, gradual))).toEqual([
    'No cut is left to make: 80.0 % of the weights are gone, and the others learn on.',
  ])
})

test('an accuracy that was measured is told with its step', () => {
  const measured = { step: 40, moment: 'periodic', accuracy: 0.5, loss: 1, sparsity: 0 } as const
  expect(course({ ...after(50, 0.5, gradual), evaluations: [measured] }).at(-1)).toBe(
    'At step 40 it got 50.0 % of the held-out examples right.',
  )
})

test('what failed, ended or is in another tab is not told of its plan', () => {
  expect(course({ ...after(50, 0.5, gradual), phase: 'failed' })).toEqual([])
  expect(course({ ...after(50, 0.5, gradual), phase: 'finished' })).toEqual([])
  expect(nowText(emptyRun, true)).toBe('Another tab goes on with the run.')
  expect(nowText(emptyRun, false)).toBe('Press Start to train and prune with the settings shown.')
})
