import * as shaders from '../../../shaders/transformer'
import type { Alternative, Program } from '../backend'

/** A result [rows, columns], so many of them. */
export interface Result {
  readonly rows: number
  readonly columns: number
  readonly count: number
}

/**
 * A role of `linear` under the first of the schedules; the others are its alternatives. @param before what a module
 * must begin with
 */
export function productOf(
  role: string,
  result: Result,
  [first, ...others]: readonly [shaders.Schedule, ...shaders.Schedule[]],
  before = '',
): Required<Pick<Program, 'code' | 'grid' | 'alternatives'>> {
  const { code, grid } = under(role, result, first, before)
  const alternatives = others
    .filter((schedule) => !isWasteful(schedule, result))
    .map((schedule) => under(role, result, schedule, before))
  return { code, grid, alternatives }
}

/** Workgroups that cover the results. */
export function gridOf(
  { rows, columns, count }: Result,
  schedule: shaders.Schedule,
): readonly [number, number, number] {
  const block = blockOf(schedule)
  return [Math.ceil(columns / block.columns), Math.ceil(rows / block.rows), count]
}

function under(role: string, result: Result, schedule: shaders.Schedule, before: string): Alternative {
  const { tileRows, tileColumns, lanes, layers, depth } = schedule
  const name = `${tileRows}x${tileColumns} of ${lanes}x${layers}${depth === undefined ? '' : `, ${depth} shared`}`
  return { name, code: shaders.product(role, schedule, before), grid: gridOf(result, schedule) }
}

/** A schedule whose block is mostly outside of the result is not worth a measurement. */
function isWasteful(schedule: shaders.Schedule, { rows, columns }: Result): boolean {
  const block = blockOf(schedule)
  return block.rows >= 4 * rows || block.columns >= 4 * columns
}

function blockOf({ tileRows, tileColumns, lanes, layers }: shaders.Schedule): { rows: number; columns: number } {
  return { rows: layers * tileRows, columns: lanes * tileColumns }
}
