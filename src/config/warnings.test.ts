import { expect, it } from 'vitest'
import { check } from './check'
import { defaultExperiment } from './defaults'
import { idsOf, methods } from './registries'
import type { Settings } from './settings'
import { warningsOf } from './warnings'

const warnings = (settings: Settings) => warningsOf(check(settings, defaultExperiment).experiment)

it('says nothing of any method as it comes', () => {
  for (const method of idsOf('method')) expect(warnings({ method })).toEqual([])
})

it('says what happens where Begin lies after End, in every method that has both', () => {
  const both = Object.entries(methods)
    .filter(([, { knobs }]) => knobs.begin && knobs.end)
    .map(([id]) => id)
  expect(both.length).toBeGreaterThan(9)
  for (const method of both) {
    const asked = {
      method,
      ...(methods[method]?.knobs.schedule ? { 'method.schedule': 'gradual' } : {}),
      'method.begin': 0.8,
      'method.end': 0.5,
    }
    expect(warnings(asked)).toEqual(['Begin (0.8) lies after End (0.5): everything is cut at once, at 0.8 of the run.'])
    // The plan agrees: its first cut is the whole of it.
    const { experiment } = check(asked, defaultExperiment)
    const plan = methods[method]!.plan(experiment.method.values, 100)
    const [first, ...later] = Array.from({ length: 100 }, (_, t) => plan.training(t)).filter(
      (sparsity) => sparsity !== undefined,
    )
    expect([method, Math.max(...later, 0) <= (first ?? -1)]).toEqual([method, true])
  }
})

it('says nothing of knobs that do not matter as the method is set', () => {
  expect(warnings({ method: 'magnitude', 'method.schedule': 'once', 'method.begin': 0.8, 'method.end': 0.5 })).toEqual(
    [],
  )
  expect(warnings({ 'method.begin': 0.5, 'method.end': 0.5 })).toEqual([])
})

it('says what happens where phases are longer than the run', () => {
  expect(warnings({ method: 'acdc', 'method.begin': 0.8, 'method.last': 0.5 })).toEqual([
    'Begin (0.8) and Last phase (0.5) are longer together than the run: the model is cut once, at 0.8 of the run.',
  ])
  expect(warnings({ method: 'hydra', 'method.pretrain': 0.8, 'method.search': 0.5 })).toEqual([
    'Pre-training (0.8) and Search (0.5) are longer together than the run: nothing is left for fine-tuning.',
  ])
})
