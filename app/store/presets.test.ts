import { expect, test } from 'vitest'
import { check } from '../../src/config/check'
import { defaultExperiment } from '../../src/config/defaults'
import { sizeOf } from '../../src/config/familyLabel'
import { alwaysRuns, openPreset, presets } from '../../src/config/presets'
import { methods } from '../../src/config/registries'
import { plannedSparsity } from './plan'
import { madeInstead, presetOf, smallerPreset, withPreset } from './presets'
import { refusalOf } from './refusal'

test.each(Object.keys(presets))('%s keeps method and seed and is recognised with any of them', (id) => {
  const { experiment } = check({ method: 'snip', seed: 77 }, defaultExperiment)
  const opened = withPreset(experiment, id)
  expect([opened.method, opened.seed]).toEqual([experiment.method, 77])
  expect(presetOf(opened)).toBe(id)
})

test('own settings are no preset, an unknown preset changes nothing', () => {
  expect(presetOf(check({ 'training.steps': 1234 }, defaultExperiment).experiment)).toBeUndefined()
  expect(withPreset(defaultExperiment, 'constructor')).toBe(defaultExperiment)
})

test('the smaller preset has the same kind of data and is really cheaper', () => {
  const slow = openPreset('cifar10-tiny')
  const smaller = smallerPreset(slow, 100_000)
  expect(smaller).not.toBeNull()
  expect(presets[smaller!]).toBeDefined()
  expect(openPreset(smaller!).model.id).not.toBe('miniBert')
  expect(smallerPreset(openPreset('toy'), 100_000)).toBeNull()
  // A device that needs 130 s for ViT-Tiny does a smaller ViT on the same data in time.
  expect(openPreset(smallerPreset(slow, 130)!).data.id).toBe('cifar10')
  expect(openPreset(smallerPreset(openPreset('sst2-mini'), 100_000)!).model.id).toBe('miniBert')
})

test('who trains on data that is made here is offered no download', () => {
  const { experiment } = check({ 'training.steps': 200_000, 'model.depth': 4 }, openPreset('shapes-quick'))
  expect(openPreset(smallerPreset(experiment, 100_000)!).data.id).toBe('shapes')
  expect(openPreset(smallerPreset(experiment, 600)!).data.id).toBe('shapes')
})

test('a size is recognised by its values', () => {
  expect(sizeOf(openPreset('cifar10-tiny').model)).toBe('tiny')
  expect(sizeOf(check({ 'model.width': 72 }, openPreset('cifar10-tiny')).experiment.model)).toBeUndefined()
})

test('the planned sparsity ends at the target, never falls, and is thinned', () => {
  for (const method of ['magnitude', 'snip', 'sevenDyn', 'sevenPre', 'random', 'dense']) {
    const { experiment } = check(
      { method, 'training.steps': 1500, ...(method === 'dense' ? {} : { 'method.sparsity': 0.9 }) },
      defaultExperiment,
    )
    const points = plannedSparsity(experiment)
    expect(points.length).toBeLessThanOrEqual(402)
    expect(points.at(-1)).toEqual({ step: 1500, sparsity: method === 'dense' ? 0 : 0.9 })
    points.reduce((before, point) => {
      expect(point.sparsity).toBeGreaterThanOrEqual(before.sparsity)
      return point
    })
    if (method === 'snip' || method === 'random') expect(points[0]!.sparsity).toBe(0.9)
  }
})

test.each(Object.keys(methods))('%s runs on the made data that stands in for real photographs', (method) => {
  const { experiment } = check({ method }, defaultExperiment)
  expect(madeInstead(experiment)).toBe(alwaysRuns.image)
  expect(refusalOf(withPreset(experiment, alwaysRuns.image.preset))).toBeUndefined()
})
