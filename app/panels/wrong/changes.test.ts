import { describe, expect, it } from 'vitest'
import {
  changesOf,
  confusionOf,
  examplesOf,
  isBeyondChance,
  lossOf,
  mostConfused,
  type Pair,
  type Side,
} from './changes'

const side = (given: readonly number[]): Side => ({
  label: 'x',
  given: Uint8Array.from(given),
  sure: new Uint8Array(given.length),
})

/** Two cats, three dogs, one ship. */
const pair: Pair = {
  classes: ['cat', 'dog', 'ship'],
  right: Uint8Array.of(0, 0, 1, 1, 1, 2),
  before: side([0, 0, 1, 1, 0, 0]),
  after: side([1, 1, 1, 1, 1, 0]),
}

describe('what changed', () => {
  const { all, classes } = changesOf(pair)

  it('counts broken and mended answers, in all and for each class, the greatest loss first', () => {
    // p of 2 against 1: 2 (1 + 3) / 8.
    expect(all).toEqual({ of: null, count: 6, before: 4, after: 3, broken: 2, mended: 1, p: 1, range: 3 })
    expect(classes.map(({ of, count, before, after }) => [of, count, before, after])).toEqual([
      [0, 2, 2, 0],
      [2, 1, 0, 0],
      [1, 3, 2, 3],
    ])
    expect(classes.map(lossOf)).toEqual([1, 0, expect.closeTo(-1 / 3)])
    expect(examplesOf(pair, (i) => pair.right[i] === 1)).toEqual([2, 3, 4])
  })

  it('takes no class for one that pays where chance explains it', () => {
    expect(classes.some(isBeyondChance)).toBe(false)
    const right = Uint8Array.from({ length: 40 }, (_, i) => i % 2)
    const none = side([...right])
    // All twenty of class 1 are broken: p = 2 / 2^20, which two classes do not explain.
    const { classes: found } = changesOf({ classes: ['a', 'b'], right, before: none, after: side(Array(40).fill(0)) })
    expect(found.map((one) => [one.of, one.broken, isBeyondChance(one)])).toEqual([
      [1, 20, true],
      [0, 0, false],
    ])
    expect(found[0]!.range).toBe(10)
  })
})

describe('confusions', () => {
  it('are counted by what is right and what was given', () => {
    expect([...confusionOf(pair, pair.before)]).toEqual([2, 0, 0, 1, 2, 0, 1, 0, 0])
    expect([...confusionOf(pair, pair.after)]).toEqual([0, 2, 0, 0, 3, 0, 1, 0, 0])
  })

  it('of many classes are those of the commonest mistakes', () => {
    expect(mostConfused(pair, 3)).toEqual([0, 1, 2])
    // Ship as cat twice, cat as dog twice, dog as cat once: cat and dog come first by their numbers.
    expect(mostConfused(pair, 2)).toEqual([0, 1])
  })
})
