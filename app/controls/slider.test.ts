import fc from 'fast-check'
import { expect, test } from 'vitest'
import { integer, number, type NumberKnob } from '../../src/core/knob'
import { trainingKnobs } from '../../src/core/training'
import { nudge, positionOf, positions, valueAt, written } from './slider'

const sparsity = number('Sparsity', 0.8, [0, 0.99], { step: 0.01 })
const rate = number('Rate', 1e-3, [1e-6, 10], { scale: 'log' })
const steps = integer('Steps', 1000, [1, 200_000], { scale: 'log' })

test('a log slider has equal factors at equal distances', () => {
  // 1e-6 to 10 are seven decades; 1e-3 lies three of them from the left.
  expect(positionOf(rate, 1e-3)).toBe(Math.round((positions * 3) / 7))
  expect(valueAt(rate, (positions * 3) / 7)).toBe(1e-3)
  expect([valueAt(rate, 0), valueAt(rate, positions)]).toEqual([1e-6, 10])
})

test('a linear slider lands on multiples of the step, without the dust of binary fractions', () => {
  // 303 of 1000 positions of 0.99: 0.29997, nearest hundredth 0.3.
  expect(valueAt(sparsity, 303)).toBe(0.3)
  expect(nudge(sparsity, 0.2, 10)).toBe(0.3)
  expect(nudge(sparsity, 0.98, 10)).toBe(0.99)
})

test('a value is written without the dust of binary fractions', () => {
  expect(written(0.1 + 0.2)).toBe('0.3')
})

test('every position and every key press gives an allowed value, and keys always move', () => {
  const knobs = Object.values(trainingKnobs).filter((knob): knob is NumberKnob => knob.kind === 'number')
  for (const knob of [...knobs, sparsity, rate, steps]) {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: positions }), (position) => {
        const value = valueAt(knob, position)
        for (const allowed of [value, nudge(knob, value, 1), nudge(knob, value, -10)]) {
          expect(allowed).toBeGreaterThanOrEqual(knob.min)
          expect(allowed).toBeLessThanOrEqual(knob.max)
          if (knob.integer) expect(Number.isInteger(allowed)).toBe(true)
        }
        if (value < knob.max) expect(nudge(knob, value, 1)).toBeGreaterThan(value)
        if (value > knob.min) expect(nudge(knob, value, -1)).toBeLessThan(value)
      }),
      { numRuns: 60 },
    )
  }
})
