import { Problem } from '../core/problem'
import type { Screen } from './screen'

/** Says what was wrong and what to do, whatever was thrown. */
export function complain(error: unknown, stderr: Pick<Screen, 'line'>): void {
  const { what, fix } = Problem.from(error)
  stderr.line(what)
  stderr.line(fix)
}
