import { expect, test } from 'vitest'
import type { WeightReading } from '../../src/core/trainer'
import { followed, mostReadings, type Followed } from './followed'

const at = { x: 1, y: 2 }
const reading = (step: number, value = step): WeightReading => ({
  layer: 'a',
  row: 0,
  column: 0,
  step,
  value,
  importance: 0,
  peak: 0,
  noise: null,
  spread: null,
  gradient: null,
  sensitivity: null,
  score: null,
  age: null,
  class: 'ordinary',
  cut: false,
})
const path = (...readings: WeightReading[]): Followed<WeightReading> | null =>
  readings.reduce<Followed<WeightReading> | null>((before, next) => followed(before, at, next), null)
const steps = (found: Followed<WeightReading> | null) => found?.readings.map(({ step }) => step)

test('readings follow each other; one of the same step is the newer one', () => {
  const found = path(reading(3), reading(5), reading(5, 7))
  expect(steps(found)).toEqual([3, 5])
  expect(found?.readings[1]?.value).toBe(7)
})

test('nothing is made anew where nothing has changed', () => {
  const found = path(reading(3))
  expect(followed(found, at, reading(3))).toBe(found)
  expect(followed(found, at, { ...reading(3), cut: true })).not.toBe(found)
})

test('a run that begins again or goes on from an earlier step takes the later readings with it', () => {
  expect(steps(path(reading(3), reading(5), reading(0)))).toEqual([0])
  expect(steps(path(reading(3), reading(5), reading(8), reading(6)))).toEqual([3, 5, 6])
})

test('another weight begins anew; the same one, chosen again, goes on', () => {
  expect(steps(followed(path(reading(3)), { ...at, x: 0 }, reading(5)))).toEqual([5])
  expect(steps(followed(path(reading(3)), { ...at }, reading(5)))).toEqual([3, 5])
})

test('of many readings every second one stays, the newest among them', () => {
  const found = path(...Array.from({ length: 1000 }, (_, i) => reading(i)))
  const kept = steps(found) ?? []
  expect(kept.length).toBeLessThanOrEqual(mostReadings)
  expect(kept.length).toBeGreaterThan(mostReadings / 2 - 2)
  expect([kept[0], kept.at(-1)]).toEqual([0, 999])
  expect(kept).toEqual([...kept].sort((a, b) => a - b))
})
