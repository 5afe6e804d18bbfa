import { nearestName } from '../config/nearestName'
import { Problem } from '../core/problem'

/** Something is wrong with what a command was given; the command line ends with code 2. */
export class UsageProblem extends Problem {}

/** Reads what a command was given. @throws UsageProblem where that throws a Problem */
export function given<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new UsageProblem(error.what, error.fix, { cause: error })
  }
}

/** "Did you mean snip? ", or nothing where no name is near. */
export function didYouMean(names: readonly string[], written: string): string {
  const meant = nearestName(names, written)
  return meant === null || meant === written ? '' : `Did you mean ${meant}? `
}
