import { expect, it } from 'vitest'
import type { WeightView } from './view'
import { method } from './method'
import { formulaOf, formulasOf, pruningOf, showsScores } from './pruning'

const ranks = (wgsl: string) => ({ wgsl, js: (x: WeightView) => x.w })
const idle = {
  scoringBatches: 0,
  scoring: () => undefined,
  training: () => undefined,
  statisticsFrom: 0,
  lastEvent: -1,
  rounding: 'nearest',
} as const
const recipe = { label: 'A', cite: 'B', group: 'control', about: 'C', knobs: {}, score: ranks('x.w') } as const

it('ranks by the score that the choices ask for, and the first mask by the same where it has none of its own', () => {
  const chosen = pruningOf(method({ ...recipe, scoreBy: () => ranks('x.g'), plan: () => idle }), {}, 10)
  expect(formulaOf(chosen, 'score').wgsl).toBe('x.g')
  expect(formulaOf(chosen, 'initial').wgsl).toBe('x.g')
  const own = pruningOf(method({ ...recipe, initialScore: ranks('x.uniform'), plan: () => idle }), {}, 10)
  expect(formulaOf(own, 'initial').wgsl).toBe('x.uniform')
  expect(formulasOf(own).map(({ wgsl }) => wgsl)).toEqual(['x.w', 'x.uniform'])
})

it.each([
  ['a plan of nested masks', {}, {}, false, false],
  ['masks that do not nest', { nested: false }, {}, true, false],
  ['weights that come back while scoring', { nested: false, scoringBatches: 2 }, {}, true, true],
  ['latent values', {}, { pruned: () => 'latent' as const }, false, true],
  ['values that learn on', {}, { pruned: () => 'through' as const }, false, true],
  ['free weights', {}, { pruned: () => 'free' as const }, false, false],
  ['an exchange without a way to grow', { exchange: () => 0.3 }, {}, false, false],
  ['an exchange', { exchange: () => 0.3 }, { grow: ranks('abs(x.g)') }, true, false],
])('%s', (_, plan, more, regrows, keepsValues) => {
  const found = pruningOf(method({ ...recipe, ...more, plan: () => ({ ...idle, ...plan }) }), {}, 10)
  expect([found.regrows, found.keepsValues]).toEqual([regrows, keepsValues])
})

it.each([
  ['a method that cuts by its score', {}, {}, true],
  ['a threshold', { threshold: () => 0.5 }, { target: (): number => 0 }, true],
  ['a method without a mask', {}, { target: (): number => 0 }, false],
  ['an exchange, whose last ranking is of cut weights', { exchange: () => 0.3 }, { grow: ranks('abs(x.g)') }, false],
  ['a cut in JavaScript', {}, { cut: () => ({ mask: new Uint32Array(0) }) }, false],
])('whether the score of every kept weight is known: %s', (_, plan, more, shows) => {
  const made = method({ ...recipe, target: () => 0.5, ...more, plan: () => ({ ...idle, ...plan }) })
  expect(showsScores(pruningOf(made, {}, 10))).toBe(shows)
})

it('asks the plan once, for the run as long as it is', () => {
  const asked: number[] = []
  const found = pruningOf(
    method({
      ...recipe,
      plan: (_, steps) => {
        asked.push(steps)
        return idle
      },
    }),
    {},
    600,
  )
  expect([asked, found.plan]).toEqual([[600], idle])
})
