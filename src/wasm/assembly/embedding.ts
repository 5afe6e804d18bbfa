import { add } from './elements'

/** rows [count, width] = rows of a table at ids [count] (int32). */
export function gatherRows(table: usize, ids: usize, rows: usize, count: i32, width: i32): void {
  for (let i = 0; i < count; i++) {
    memory.copy(rows, table + 4 * <usize>load<i32>(ids + 4 * i) * width, 4 * width)
    rows += 4 * width
  }
}

/** table [size, width] = for each row the sum of the rows that `ids` send to it, in their order. */
export function scatterRows(rows: usize, ids: usize, table: usize, count: i32, width: i32, size: i32): void {
  memory.fill(table, 0, 4 * <usize>size * width)
  for (let i = 0; i < count; i++) {
    const to = table + 4 * <usize>load<i32>(ids + 4 * i) * width
    add(to, rows, to, width)
    rows += 4 * width
  }
}

/** The id of [SEP] in every vocabulary. */
const separator: i32 = 3

/**
 * segments [count] (int32) = for each id of rows of `length`, 1 after the first separator of its row, else 0; padding,
 * id 0, has 0.
 */
export function segments(ids: usize, segments: usize, count: i32, length: i32): void {
  let after = 0
  for (let i = 0; i < count; i++) {
    if (i % length === 0) after = 0
    const id = load<i32>(ids + 4 * i)
    store<i32>(segments + 4 * i, id !== 0 ? after : 0)
    if (id === separator) after = 1
  }
}
