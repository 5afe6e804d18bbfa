import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runId } from '../config/identity'
import { readCheckpoint } from '../engine/run/checkpointFile'
import { experimentOf, smallMlp } from '../engine/testing'
import { attackSize } from './attack/size'
import { codeOf } from './codeOf'
import { runExperiment } from './run'
import { screenOn } from './screen'
import { builtCommand } from './testing/builtCommand'

const folder = mkdtempSync(join(tmpdir(), 'kill-'))
const root = join(import.meta.dirname, '../..')

let sentinel = ''
beforeAll(async () => {
  sentinel = await builtCommand()
}, 240_000)

afterAll(() => {
  rmSync(folder, { recursive: true })
})

const kills = attackSize(10, 40)
/** So many that no kill comes too late. */
const steps = attackSize(10_000, 40_000)
const patience = attackSize(240_000, 1_200_000)

const settings = { ...smallMlp, 'training.steps': steps, 'training.evaluateEvery': 1000, 'method.begin': 0.1 }
const experiment = experimentOf(settings)
const goesOn = new RegExp(`The run goes on at step [\\d,]+ of ${steps.toLocaleString('en')}\\.`)

/** The command, as a process of its own. */
function command(out: string) {
  const child = spawn(
    process.execPath,
    [
      sentinel,
      ...['run', '--backend', 'cpu', '--save-every', '0.1'],
      ...['--out', out],
      ...Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let log = ''
  child.stderr.on('data', (text: Buffer) => (log += text.toString()))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { child, ended, log: () => log }
}

/** Ends the command in the midst of training, once it has saved a later step than was saved before. */
async function killed(out: string, signal: NodeJS.Signals): Promise<{ code: number | null; log: string }> {
  const begun = Math.max(0, await savedStep(out))
  const { child, ended, log } = command(out)
  for (const start = performance.now(); (await savedStep(out)) <= begun;) {
    if (performance.now() - start > 100_000 || child.exitCode !== null) throw new Error(`It saved nothing:\n${log()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  child.kill(signal)
  return { code: await ended, log: log() }
}

/** The step of the checkpoint; -1 where there is none. */
async function savedStep(out: string): Promise<number> {
  const path = join(folderAt(out), 'checkpoint.safetensors')
  try {
    return (await readCheckpoint(Uint8Array.from(readFileSync(path)), path)).step
  } catch (error) {
    // Between two renamings there is none for a moment.
    if (codeOf(error) === 'ENOENT') return -1
    throw error
  }
}

it(
  'loses nothing to kill -9 and to SIGTERM: it goes on, and gives the numbers of a run left alone',
  async () => {
    const [out, alone] = [join(folder, 'killed'), join(folder, 'alone')]
    for (let kill = 0; kill < kills; kill++) expect((await killed(out, 'SIGKILL')).code).toBeNull()
    const second = await killed(out, 'SIGTERM')
    expect(second.code).toBe(143)
    expect(second.log).toMatch(goesOn)
    expect(resultAt(out)).toMatchObject({ finished: false })
    expect(await run(out)).toMatch(goesOn)
    expect(await run(alone)).not.toContain('goes on')
    expect(numbersAt(out)).toEqual(numbersAt(alone))
    expect(readAt(out, 'weights.safetensors').equals(readAt(alone, 'weights.safetensors'))).toBe(true)
    expect(readdirSync(folderAt(out))).toEqual(readdirSync(folderAt(alone)))
  },
  patience,
)

/** Runs the experiment here. @returns what it said */
async function run(out: string): Promise<string> {
  const log: string[] = []
  const screen = screenOn({ write: (text) => log.push(text) })
  const options = { data: folder, files: [], backend: 'cpu', allowSoftware: true, force: false } as const
  await runExperiment(experiment, { ...options, out }, screen, new AbortController().signal)
  return log.join('')
}

function folderAt(out: string): string {
  return join(out, runId(experiment))
}

function readAt(out: string, name: string): Buffer {
  return readFileSync(join(folderAt(out), name))
}

function resultAt(out: string): Record<string, unknown> {
  return JSON.parse(readAt(out, 'result.json').toString()) as Record<string, unknown>
}

/** What `result.json` says, apart from times. */
function numbersAt(out: string): Record<string, unknown> {
  return { ...resultAt(out), timings: null, environment: null, inference: null }
}
