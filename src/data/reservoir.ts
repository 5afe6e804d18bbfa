import { randomStream, type RandomStream } from '../core/random'

/** At least so many examples of every class are kept, or all it has: enough for each side of a split. */
const fewest = 5
/** Classes for which this is done; where there are more, the labels are probably no classes. */
const mostClasses = 101

/** A random choice from any number of examples, in bounded memory. */
export interface Reservoir<T> {
  offer(example: T): void
  /** How many were offered. */
  seen(): number
  /** What was kept, in the order it was offered. */
  kept(): T[]
}

interface Kept<T> {
  readonly at: number
  readonly example: T
}

/**
 * Keeps `size` of all examples offered, each with the same chance, and more of a class that has fewer than five among
 * them. So a rare class is never lost, and at most 5 x 101 more than `size` are held.
 *
 * @param lanes random lanes: of the choice, and of the examples of rare classes
 * @param own makes an example that is kept independent of what it was read from
 */
export function reservoir<T extends { readonly label: string }>(
  size: number,
  seed: number,
  lanes: readonly [number, number],
  own: (example: T) => T = (example) => example,
): Reservoir<T> {
  const [chance, chanceOfRare] = lanes.map((lane) => randomStream(seed, 'data', lane)) as [RandomStream, RandomStream]
  const main = sample<T>(size, chance)
  const classes = new Map<string, Sample<T>>()
  let seen = 0
  return {
    offer(example) {
      let owned: T | null = null
      const kept = { at: seen++, own: () => (owned ??= own(example)) }
      main.offer(kept)
      const found = classes.get(example.label) ?? sample<T>(fewest, chanceOfRare)
      if (classes.size < mostClasses) classes.set(example.label, found)
      found.offer(kept)
    },
    seen: () => seen,
    kept() {
      const lacking = [...classes].flatMap(([label, { slots }]) => {
        const inMain = new Set(main.slots.filter(({ example }) => example.label === label).map(({ at }) => at))
        return slots.filter(({ at }) => !inMain.has(at)).slice(0, Math.max(0, fewest - inMain.size))
      })
      return [...main.slots, ...lacking].toSorted((a, b) => a.at - b.at).map(({ example }) => example)
    },
  }
}

/** An example that is made independent once it is kept, at most once. */
interface Offered<T> {
  readonly at: number
  readonly own: () => T
}

interface Sample<T> {
  readonly slots: readonly Kept<T>[]
  offer(offered: Offered<T>): void
}

/** `size` of all that is offered, each with the same chance (algorithm R of Vitter, 1985). */
function sample<T>(size: number, random: RandomStream): Sample<T> {
  const slots: Kept<T>[] = []
  let seen = 0
  return {
    slots,
    offer({ at, own }) {
      const slot = seen < size ? seen : random.below(seen + 1)
      if (slot < size) slots[slot] = { at, example: own() }
      seen++
    },
  }
}
