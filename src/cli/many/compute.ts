import { fromLink } from '../../config/link'
import { Problem, type ProblemData } from '../../core/problem'
import { runExperiment, type Outcome, type RunOptions } from '../run'
import { screenOn } from '../screen'
import { isFull } from '../writeWhole'

/** What a worker asks of the process that computes for it. */
export type Asked = { readonly run: { readonly link: string; readonly options: RunOptions } } | { readonly stop: true }

/** What that process says. */
export type Said =
  | { readonly step: number }
  /** Something goes on, such as a download. */
  | { readonly alive: true }
  | { readonly outcome: Outcome }
  | { readonly problem: ProblemData; readonly full: boolean }

/**
 * Makes the runs that the parent process asks for, one after the other, and ends with it. It is a process of its own so
 * that a step of minutes keeps nobody from holding the lock, and one that crashes takes no other run along.
 */
export function compute(): Promise<never> {
  const say = (said: Said) => void process.send?.(said)
  let interrupt = new AbortController()
  // Ctrl-C in a terminal reaches this process too; the parent says what is to be done.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeAllListeners(name).on(name, () => undefined)
  process.on('disconnect', () => process.exit())
  process.on('message', (asked: Asked) => {
    if ('stop' in asked) return interrupt.abort()
    interrupt = new AbortController()
    void make(asked.run, say, interrupt.signal).then(say)
  })
  return new Promise(() => undefined)
}

async function make(
  { link, options }: Extract<Asked, { run: unknown }>['run'],
  say: (said: Said) => void,
  signal: AbortSignal,
): Promise<Said> {
  const hear: RunOptions['hear'] = (event) => {
    const step = event.type === 'steps' ? event.steps.at(-1)?.step : undefined
    say(step === undefined ? { alive: true } : { step })
  }
  try {
    const silent = screenOn({ write: () => undefined })
    return { outcome: await runExperiment(fromLink(link).experiment, { ...options, hear }, silent, signal) }
  } catch (error) {
    return { problem: Problem.from(error).toJSON(), full: isFull(error) }
  }
}
