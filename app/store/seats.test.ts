import { expect, test } from 'vitest'
import { check } from '../../src/config/check'
import { defaultExperiment } from '../../src/config/defaults'
import { methodLabel } from '../../src/config/methodLabel'
import { idsOf } from '../../src/config/registries'
import type { Settings } from '../../src/config/settings'
import { seatsOf } from './seats'

const of = (settings: Settings) => check(settings, defaultExperiment).experiment
const [snip, random] = [of({ method: 'snip' }), of({ method: 'random' })]
const settings = [1, 2, 3, 5, 6, 7, 8].map((batches) => of({ method: 'snip', 'method.batches': batches }))

test('a method has the same seat whoever else is there, and whichever sparsity it has', () => {
  const alone = seatsOf([random], 8).get('Random')
  expect(alone).toEqual({ method: 3, setting: 0 })
  expect(seatsOf([snip, of({ method: 'random', 'method.sparsity': 0.3 }), ...settings], 8).get('Random')).toEqual(alone)
})

test('settings have seats of their own, and those that come later move nobody', () => {
  const before = seatsOf(settings.slice(0, 4), 8)
  const after = seatsOf([...settings, snip], 8)
  for (const [label, seat] of before) expect(after.get(label)).toEqual(seat)
  expect([...after.values()].map(({ setting }) => setting).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(seatsOf([...settings, of({ method: 'snip', 'method.batches': 9 })], 8).size).toBe(8)
})

test('a setting asks for its seat by name: alone it sits there, too', () => {
  const [first, ...rest] = settings
  expect(seatsOf(settings, 8).get(methodLabel(first!))).toEqual(seatsOf([first!], 8).get(methodLabel(first!)))
  expect(rest).toHaveLength(6)
})

test('a run without a method has no seat: it is the reference', () => {
  expect(seatsOf([of({ method: 'dense' })], 8).size).toBe(0)
})

test('no two methods share a seat', () => {
  const seats = seatsOf(
    idsOf('method').map((method) => of({ method })),
    8,
  )
  expect(new Set([...seats.values()].map(({ method }) => method)).size).toBe(seats.size)
  expect(Math.max(...[...seats.values()].map(({ method }) => method))).toBeLessThan(49)
})
