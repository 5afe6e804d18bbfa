import { plainly } from './idNamed'

/**
 * The name that was most likely meant by what somebody wrote: the one with the fewest letters wrong, missing, added or
 * swapped with their neighbour, which may be one, or a fifth of a longer name; null where none is so near. Case and
 * dashes do not count.
 */
export function nearestName(names: readonly string[], written: string): string | null {
  const text = plainly(written)
  const [best] = names
    .map((name) => ({ name, wrong: wrongLetters(plainly(name), text) }))
    .filter(({ wrong }) => wrong <= Math.max(1, text.length / 5) && wrong < text.length / 2)
    .sort((a, b) => a.wrong - b.wrong)
  return best?.name ?? null
}

/** Edits that make one text of the other; after Damerau, each letter is swapped once at most. */
function wrongLetters(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number) => rows[i]?.[j] ?? Infinity
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j++) {
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(replaced, at(i - 1, j) + 1, at(i, j - 1) + 1, swapped))
    }
  }
  return at(a.length, b.length)
}
