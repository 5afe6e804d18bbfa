/**
 * The only error type that users are meant to see: what was wrong, with the values, and what to do about it.
 * It crosses the worker boundary as plain data (`toJSON`, `Problem.from`), and the page shows `fix` as the action line.
 */
export class Problem extends Error {
  override readonly name = 'Problem'

  /**
   * @param what one sentence: what was wrong, with which value
   * @param fix one sentence: what the reader can do now
   */
  constructor(
    readonly what: string,
    readonly fix: string,
    options: ErrorOptions & Pick<ProblemData, 'about'> = {},
  ) {
    super(`${what} ${fix}`, options)
    this.about = options.about
  }

  readonly about: ProblemData['about']

  /** Any thrown value as a problem; an unexpected one keeps its message and asks for a report. */
  static from(error: unknown): Problem {
    if (error instanceof Problem) return error
    if (isProblemData(error)) return new Problem(error.what, error.fix, error.about && { about: error.about })
    return new Problem(
      `Something unexpected failed: ${messageOf(error)}.`,
      'Reload the page, or run the command again. If it happens again, please report it with the link of the '
        + 'experiment.',
      { cause: error },
    )
  }

  toJSON(): ProblemData {
    return { what: this.what, fix: this.fix, ...(this.about && { about: this.about }) }
  }
}

/** A problem as plain data. */
export interface ProblemData {
  readonly what: string
  readonly fix: string
  /**
   * `data`: data could not be fetched or read, and the page offers other data. `checkpoint`: a run cannot go on from
   * what was saved of it, and can begin anew. `device`: the GPU was lost, and the run can go on with another one.
   * `model`: it does not read what the data set holds, and the page offers one that does. `start`: weights that were
   * trained elsewhere cannot be had, or do not fit, and the page offers random ones.
   */
  readonly about?: 'data' | 'checkpoint' | 'device' | 'model' | 'start' | undefined
}

function isProblemData(value: unknown): value is ProblemData {
  return (
    typeof value === 'object'
    && value !== null
    && 'what' in value
    && 'fix' in value
    && typeof value.what === 'string'
    && typeof value.fix === 'string'
  )
}

/** The message of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
