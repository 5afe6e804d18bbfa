import type { Split } from '../core/dataset'

/** The chosen examples of a split, in the order of `rows`, whose entries are from 0 to `count` - 1. */
export function rowsOf(split: Split, rows: ArrayLike<number>): Split {
  const chosen = Array.from(rows)
  const labels = Uint8Array.from(chosen, (row) => split.labels[row] ?? 0)
  if (split.task === 'image')
    return {
      task: 'image',
      count: chosen.length,
      labels,
      pixels: copied(split.pixels, split.count, chosen, Uint8Array),
    }
  return {
    task: 'text',
    count: chosen.length,
    labels,
    texts: chosen.map((row) => split.texts[row] ?? ''),
    ids: copied(split.ids, split.count, chosen, Int32Array),
  }
}

/**
 * At most `most` examples of a split, evenly spread over it, so that a split that is sorted by class keeps all classes.
 */
export function spreadRows(split: Split, most: number): Split {
  if (split.count <= most) return split
  return rowsOf(
    split,
    Array.from({ length: most }, (_, i) => Math.floor((i * split.count) / most)),
  )
}

function copied<T extends Uint8Array | Int32Array>(
  values: T,
  count: number,
  rows: readonly number[],
  Kind: new (length: number) => T,
): T {
  const size = values.length / Math.max(1, count)
  const out = new Kind(rows.length * size)
  rows.forEach((row, i) => {
    out.set(values.subarray(row * size, (row + 1) * size), i * size)
  })
  return out
}
