import { describe, expect, it } from 'vitest'
import { classBits, isAnswers, packed, unpacked } from './answers'

describe('packed answers', () => {
  it('lays numbers bit behind bit, the lowest first', () => {
    // 5 + (3 << 3) + (6 << 6) = 413 = 0x19d: bytes 0x9d, 0x01.
    expect(packed([5, 3, 6], 3)).toBe(btoa('\x9d\x01'))
    expect(packed([], 7)).toBe('')
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('gives numbers of %i bits back', (bits) => {
    const values = Uint8Array.from({ length: 1001 }, (_, i) => (i * 37) % 2 ** bits)
    expect(unpacked(packed(values, bits), bits, values.length)).toEqual(values)
  })

  it('takes as many bits as the classes need', () => {
    expect([2, 3, 4, 10, 16, 17, 100, 256].map(classBits)).toEqual([1, 2, 2, 4, 4, 5, 7, 8])
  })

  it('is told from what only looks like it', () => {
    const moment = { given: packed([0, 1, 2], 2), sure: packed([100, 50, 127], 7) }
    const answers = { classes: ['a', 'b', 'c'], count: 3, right: packed([0, 1, 1], 2), end: moment }
    expect(isAnswers(answers)).toBe(true)
    expect(isAnswers({ ...answers, before: moment })).toBe(true)
    for (const wrong of [
      null,
      { ...answers, classes: ['a'] },
      { ...answers, classes: ['a', 1, 'c'] },
      { ...answers, count: 40 },
      { ...answers, count: 2.5 },
      { ...answers, right: '####' },
      { ...answers, end: { given: moment.given } },
      { ...answers, before: {} },
    ])
      expect(isAnswers(wrong)).toBe(false)
  })
})
