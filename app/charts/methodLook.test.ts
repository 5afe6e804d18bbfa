import { expect, test } from 'vitest'
import { methodLook, settingLooks } from './methodLook'

const all = (length: number, look: (i: number) => unknown) =>
  new Set(Array.from({ length }, (_, i) => JSON.stringify(look(i)))).size

test('49 methods differ in colour or shape, seven neighbours in colour', () => {
  expect(all(49, (method) => [methodLook(method, 0).colour, methodLook(method, 0).marker])).toBe(49)
  expect(all(7, (i) => methodLook(23 + i, 0).colour)).toBe(7)
})

test('settings share colour and shape of their method and differ in line or filling; the defaults are plain', () => {
  expect(all(settingLooks, (setting) => methodLook(17, setting))).toBe(settingLooks)
  expect(all(settingLooks, (setting) => [methodLook(17, setting).colour, methodLook(17, setting).marker])).toBe(1)
  expect(methodLook(17, 0)).toMatchObject({ dash: 'solid', hollow: false })
  // A cloud of points has no lines: the first other setting has to be hollow.
  expect(methodLook(17, 1).hollow).toBe(true)
})
