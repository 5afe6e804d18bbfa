import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import type { Ended, Step } from './step'

/** Runs a step's command; what it writes goes to `log`. After so many seconds it is killed with all that it started. */
export function runStep(step: Step, seconds: number, env: NodeJS.ProcessEnv, log: string): Promise<Ended> {
  const [program = '', ...args] = step.command
  appendFileSync(log, `\n--- ${step.name}: ${step.command.join(' ')}\n`)
  return new Promise((resolve) => {
    let [stopped, lastLine] = [false, '']
    // A group of its own, so that what it starts ends with it.
    const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const stop = () => {
      if (child.pid !== undefined) killGroup(child.pid)
    }
    const timer = setTimeout(() => {
      stopped = true
      stop()
    }, 1000 * seconds)
    process.once('exit', stop)
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        appendFileSync(log, text)
        lastLine = text.trim().split('\n').at(-1) || lastLine
      })
    child.on('error', (error) => {
      lastLine = error.message
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      process.off('exit', stop)
      resolve({ stopped, code, lastLine })
    })
  })
}

/** Kills what is left of a group; the process that began it may have ended before those that it started. */
function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // Nobody is left.
  }
}
