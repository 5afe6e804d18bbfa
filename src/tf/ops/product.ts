import { workgroups } from '../../gpu/kernel'
import type * as shaders from '../../../shaders/transformer'
import type { Alternative, Program } from '../backend'

/** A result [rows, columns], so many of them. */
export interface Result {
  readonly rows: number
  readonly columns: number
  readonly count: number
}

/**
 * A kernel of products under the first of the schedules; the others are its alternatives.
 * @param results one, or several whose workgroups follow each other
 * @param text the kernel under a schedule
 */
export function productOf(
  results: readonly Result[],
  [first, ...others]: readonly [shaders.Schedule, ...shaders.Schedule[]],
  text: (schedule: shaders.Schedule) => string,
): Required<Pick<Program, 'code' | 'grid' | 'alternatives'>> {
  const only = results.length === 1 ? results[0] : undefined
  const under = (schedule: shaders.Schedule): Alternative => ({
    name: nameOf(schedule),
    code: text(schedule),
    grid: only ? gridOf(only, schedule) : workgroups(groupsOf(results, schedule), 1),
  })
  const { code, grid } = under(first)
  const useful = others.filter((schedule) => !results.some((result) => isWasteful(schedule, result)))
  return { code, grid, alternatives: useful.map(under) }
}

/** Workgroups that cover the results. */
export function gridOf(
  { rows, columns, count }: Result,
  schedule: shaders.Schedule,
): readonly [number, number, number] {
  const block = blockOf(schedule)
  return [Math.ceil(columns / block.columns), Math.ceil(rows / block.rows), count]
}

function groupsOf(results: readonly Result[], schedule: shaders.Schedule): number {
  return results.reduce((sum, result) => sum + gridOf(result, schedule).reduce((a, b) => a * b, 1), 0)
}

function nameOf({ tileRows, tileColumns, lanes, layers, depth, doubled }: shaders.Schedule): string {
  const memory = depth === undefined ? '' : `, ${depth} ${doubled ? 'doubled' : 'shared'}`
  return `${tileRows}x${tileColumns} of ${lanes}x${layers}${memory}`
}

/** A schedule whose block is mostly outside of the result is not worth a measurement. */
function isWasteful(schedule: shaders.Schedule, { rows, columns }: Result): boolean {
  const block = blockOf(schedule)
  return block.rows >= 4 * rows || block.columns >= 4 * columns
}

function blockOf({ tileRows, tileColumns, lanes, layers }: shaders.Schedule): { rows: number; columns: number } {
  return { rows: layers * tileRows, columns: lanes * tileColumns }
}
