import { describe, expect, it } from 'vitest'
import type { Experiment } from '../core/experiment'
import { check } from './check'
import { defaultExperiment } from './defaults'
import { canonical, runId } from './identity'

const having = (settings: Record<string, unknown>) => check(settings, defaultExperiment).experiment

describe('canonical', () => {
  it('sorts keys and leaves out knobs at their default', () => {
    const experiment = having({ method: 'snip', 'method.sparsity': 0.25, data: 'sst2', seed: 9, 'training.steps': 77 })
    expect(canonical(experiment)).toContain('"method":{"id":"snip","sparsity":0.25}')
    expect(canonical(experiment)).toMatch(
      /^\{"data":\{"id":"sst2".*"method":.*"model":.*"seed":9,"training":\{.*"steps":77.*\}\}$/,
    )
  })

  it('does not depend on the order in which an experiment was put together', () => {
    const { seed, data, model, method, start, training } = having({
      seed: 5,
      'method.sparsity': 0.3,
      'method.scope': 'erk',
    })
    const turned = {
      training,
      method: { values: Object.fromEntries(Object.entries(method.values).reverse()), id: method.id },
      model,
      data,
      start,
      seed,
    }
    expect(canonical(turned)).toBe(canonical({ seed, data, model, method, start, training }))
  })

  it('gives an experiment from before a knob existed the id of one with the knob at its default', () => {
    const { scope, ...older } = defaultExperiment.method.values
    expect(scope).toBe('global')
    const before: Experiment = { ...defaultExperiment, method: { id: 'sevenDyn', values: older } }
    expect(runId(before)).toBe(runId(defaultExperiment))
  })
})

describe('runId', () => {
  it('is 16 hexadecimal digits and differs for whatever differs', () => {
    const settings = [
      {},
      { seed: 2 },
      { data: 'shapes' },
      { model: 'mlp' },
      { method: 'random' },
      { 'training.steps': 999 },
      { 'training.augment': 'none' },
    ]
    const ids = settings.map((s) => runId(having(s)))
    expect(new Set(ids).size).toBe(settings.length)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/)
  })
})
