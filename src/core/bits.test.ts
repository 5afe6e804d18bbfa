import { expect, it } from 'vitest'
import { bit, countOnes, setBit } from './bits'

it('puts members in and out, across words, and leaves the others', () => {
  const set = new Uint32Array(2)
  for (const i of [0, 31, 32, 63]) setBit(set, i, true)
  expect([...set]).toEqual([0x80000001, 0x80000001])
  setBit(set, 31, false)
  setBit(set, 62, false)
  expect([...set]).toEqual([1, 0x80000001])
  expect([0, 31, 32, 62, 63, 64].map((i) => bit(set, i))).toEqual([true, false, true, false, true, false])
})

it('counts the ones of a word, signed or not', () => {
  expect([0, 1, 0x80000000, 0xffffffff, -1, 0x55555555].map(countOnes)).toEqual([0, 1, 1, 32, 32, 16])
})
