import { expect, expectTypeOf, it } from 'vitest'
import { choice, number, type Values } from './knob'
import { method } from './method'
import type { WeightView } from './view'
import { scopes } from './scope'

const said = {
  label: 'A',
  cite: 'B',
  group: 'control',
  about: 'C',
  score: { wgsl: 'x.w', js: (x: WeightView) => x.w },
  plan: () => ({
    scoringBatches: 0,
    scoring: () => undefined,
    training: () => undefined,
    statisticsFrom: 0,
    lastEvent: -1,
    rounding: 'nearest' as const,
  }),
} as const
const knobs = { sparsity: number('Sparsity', 0.5, [0, 1]), scope: choice('Scope', 'global', scopes) }

it('fills in the sparsity and the scope of the knobs, and equal rates of decay', () => {
  const filled = method({ ...said, knobs })
  expect(filled.target({ sparsity: 0.25, scope: 'erk' })).toBe(0.25)
  expect(filled.scope({ sparsity: 0.25, scope: 'erk' })).toBe('erk')
  expect(filled.noiseDecay({ sparsity: 0.25, scope: 'erk' })).toEqual({ mean: 0.8, square: 0.8 })
})

it('is dense and global without such knobs', () => {
  const filled = method({ ...said, knobs: {} })
  expect([filled.target({}), filled.scope({})]).toEqual([0, 'global'])
})

it('leaves what the recipe says', () => {
  const decay = { mean: 0.5, square: 0.9 }
  const filled = method({ ...said, knobs, target: () => 0.99, scope: () => 'layer', noiseDecay: () => decay })
  const values = { sparsity: 0.25, scope: 'erk' } as const
  expect([filled.target(values), filled.scope(values), filled.noiseDecay(values)]).toEqual([0.99, 'layer', decay])
})

it('types a choice by its options', () => {
  expectTypeOf<Values<typeof knobs>['scope']>().toEqualTypeOf<'global' | 'layer' | 'erk' | 'smart'>()
})
