import { expect, test } from 'vitest'
import { flag, shownKnobs } from './knob'

test('a knob is hidden with the one it depends on, and with the one on which that depends', () => {
  const knobs = {
    a: flag('a', false),
    b: flag('b', true, { when: { knob: 'a', is: true } }),
    c: flag('c', true, { when: { knob: 'b', is: true } }),
  }
  expect(shownKnobs(knobs, { a: false, b: true, c: true })).toEqual(['a'])
  expect(shownKnobs(knobs, { a: true, b: true, c: true })).toEqual(['a', 'b', 'c'])
  expect(shownKnobs(knobs, { a: true, b: false, c: true })).toEqual(['a', 'b'])
  expect(shownKnobs(knobs, {})).toEqual(['a'])
})
