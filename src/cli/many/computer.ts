import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { RunOptions } from '../run'
import type { Asked, Said } from './compute'

/** How a run ended that was asked for. */
export type Ended = Extract<Said, { outcome: unknown } | { problem: unknown }>

/** A process that computes one run at a time. */
export interface Computer {
  /** Step of the run that is made now. */
  readonly step: number
  /** When it said something last; milliseconds of `performance.now`. */
  readonly heard: number
  /** Makes a run. A process that ends by itself is a Problem of that run. */
  run(link: string, options: RunOptions): Promise<Ended>
  /** Saves the run and ends it. */
  stop(): void
  /** Ends the process at once. */
  kill(): void
}

const root = join(import.meta.dirname, '../../..')

/** This program: its source by vite-node, or the bundle that runs now. */
const self = import.meta.filename.endsWith('.ts')
  ? ['node_modules/vite-node/dist/cli.mjs', '-c', 'vite.node.config.ts', 'src/cli/main.ts'].map((path) =>
      path.startsWith('-') ? path : join(root, path),
    )
  : [process.argv[1] ?? '']

/** The process begins with its first run, and again after it was killed. */
export function openComputer(): Computer {
  let child: ChildProcess | null = null
  let [step, heard] = [0, performance.now()]
  let end: (ended: Ended) => void = () => undefined

  const begin = (): ChildProcess => {
    const begun = spawn(process.execPath, [...self, 'compute'], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    let words = ''
    begun.stderr?.on('data', (text: Buffer) => (words = (words + text.toString()).slice(-2000)))
    begun.on('message', (said: Said) => {
      if (child !== begun) return
      heard = performance.now()
      if ('step' in said) step = said.step
      else if (!('alive' in said)) end(said)
    })
    begun.on('close', (code, signal) => {
      if (child !== begun) return
      child = null
      end({ problem: endedBy(signal ?? `code ${code}`, words), full: false })
    })
    return begun
  }

  return {
    get step() {
      return step
    },
    get heard() {
      return heard
    },
    run: (link, options) =>
      new Promise((resolve) => {
        ;[step, heard, end] = [0, performance.now(), resolve]
        child ??= begin()
        child.send({ run: { link, options } } satisfies Asked)
      }),
    stop: () => child?.send({ stop: true } satisfies Asked),
    kill: () => {
      const killed = child
      child = null
      killed?.kill('SIGKILL')
    },
  }
}

function endedBy(how: string, words: string) {
  const last = words.trim().split('\n').at(-1) ?? ''
  return {
    what: `The process that made the run ended (${how}).${last ? ` It said: ${last}` : ''}`,
    fix: 'Run it by itself to see why, for example whether the memory is too small for it.',
  }
}
