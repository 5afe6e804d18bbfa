/** What two models make of the same held-out examples: who is right where, and what that means for each class. */
import { classBits, sureBits, unpacked, type PackedAnswers, type RunAnswers } from '../../../src/core/answers'
import { chanceRange, mcnemar } from '../../../src/maths/mcnemar'

/** A model's answers, example by example. */
export interface Side {
  readonly label: string
  /** Class numbers. */
  readonly given: Uint8Array
  /** Probabilities of these classes, in 127ths. */
  readonly sure: Uint8Array
}

/** Two models, the denser one first. */
export interface Pair {
  readonly classes: readonly string[]
  /** Class numbers that are right. */
  readonly right: Uint8Array
  readonly before: Side
  readonly after: Side
}

/** The examples of a class, or all of them. */
export interface Change {
  /** Null for all classes. */
  readonly of: number | null
  readonly count: number
  /** Right answers of both models. */
  readonly before: number
  readonly after: number
  /** Examples that only the first model gets right, and only the second one. */
  readonly broken: number
  readonly mended: number
  /** Of all: the exact p of McNemar's test. */
  readonly p: number
  /** How far broken and mended may part by chance: in 95 of 100 comparisons no class is beyond it. */
  readonly range: number
}

/** A model's answers as a run keeps them. */
export function sideOf({ classes, count }: RunAnswers, { given, sure }: PackedAnswers, label: string): Side {
  return { label, given: unpacked(given, classBits(classes.length), count), sure: unpacked(sure, sureBits, count) }
}

/** Class numbers that are right for a run's held-out examples. */
export function rightOf({ right, classes, count }: RunAnswers): Uint8Array {
  return unpacked(right, classBits(classes.length), count)
}

/** All examples, then each class that has any, the one that lost the largest share first. */
export function changesOf(pair: Pair): { readonly all: Change; readonly classes: readonly Change[] } {
  const found = [...new Set(pair.right)]
  const level = 0.05 / Math.max(1, found.length)
  const classes = found.map((of) => changeOf(pair, of, level))
  return {
    all: changeOf(pair, null, 0.05),
    classes: classes.sort((a, b) => lossOf(b) - lossOf(a) || (a.of ?? 0) - (b.of ?? 0)),
  }
}

/** Share of the examples that is no longer right; below 0 where more are. */
export function lossOf({ before, after, count }: Pick<Change, 'before' | 'after' | 'count'>): number {
  return (before - after) / count
}

/** Whether more changed one way than chance explains. */
export function isBeyondChance({ broken, mended, range }: Change): boolean {
  return Math.abs(broken - mended) > range
}

/** Numbers of the examples for which this holds. */
export function examplesOf({ right }: Pair, holds: (i: number) => boolean): number[] {
  return Array.from(right.keys()).filter(holds)
}

/** How often an example of a class was answered as a class: [right x given], row by row. */
export function confusionOf({ classes, right }: Omit<Pair, 'before' | 'after'>, { given }: Side): Uint32Array {
  const counts = new Uint32Array(classes.length ** 2)
  right.forEach((label, i) => {
    const at = label * classes.length + (given[i] ?? 0)
    counts[at] = (counts[at] ?? 0) + 1
  })
  return counts
}

/** So many classes, those of the commonest mistakes of both models, in their order; all where there are no more. */
export function mostConfused(pair: Pair, most: number): number[] {
  const { classes } = pair
  if (classes.length <= most) return [...classes.keys()]
  const [a, b] = [confusionOf(pair, pair.before), confusionOf(pair, pair.after)]
  const mistakes = Array.from(a, (n, at) => ({ n: n + (b[at] ?? 0), at }))
    .filter(({ at }) => Math.floor(at / classes.length) !== at % classes.length)
    .sort((x, y) => y.n - x.n || x.at - y.at)
  const chosen = new Set<number>()
  for (const { at } of mistakes)
    for (const one of [Math.floor(at / classes.length), at % classes.length]) if (chosen.size < most) chosen.add(one)
  return [...chosen].sort((x, y) => x - y)
}

function changeOf({ right, before, after }: Pair, of: number | null, level: number): Change {
  const sums = { count: 0, before: 0, after: 0, broken: 0, mended: 0 }
  right.forEach((label, i) => {
    if (of !== null && label !== of) return
    const [was, is] = [before.given[i] === label, after.given[i] === label]
    sums.count++
    sums.before += Number(was)
    sums.after += Number(is)
    sums.broken += Number(was && !is)
    sums.mended += Number(is && !was)
  })
  const { broken, mended } = sums
  return { of, ...sums, p: of === null ? mcnemar(broken, mended) : NaN, range: chanceRange(broken + mended, level) }
}
