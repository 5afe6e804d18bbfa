/**
 * What the pack of `scripts/gpu-host.sh` runs on a host with a GPU: the steps of `gpuHost/plan.ts`, one after the
 * other, within six minutes. The folder that is named holds at any time what was found so far.
 */
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { above0 } from './above0'
import { complain } from './complain'
import { reportAdapter } from './gpuHost/adapter'
import { gather } from './gpuHost/gather'
import { cardOf, environment, findDriver, hasTorch } from './gpuHost/machine'
import { planOf, usualSeconds } from './gpuHost/plan'
import { reportOf } from './gpuHost/report'
import { runStep } from './gpuHost/runStep'
import { runSteps } from './gpuHost/runSteps'
import type { Step } from './gpuHost/step'
import { tryFolder } from './output'
import { screenOn } from './screen'
import { writeWhole } from './writeWhole'

interface Options {
  readonly data?: string
  readonly python: string
  readonly minutes: number
}

/** Everything that may be left in the folder; of an earlier run nothing stays, since the benchmark adds to its file. */
const results = ['device', 'kernels', 'replay', 'bench', 'torch', 'cifar10-nano']
  .map((name) => `${name}.json`)
  .concat('table.md', 'log.txt')

/** What all parts together may take, unless other minutes are given. */
const usualMinutes = 6

const pack = import.meta.dirname
const [stdout, stderr] = [screenOn(process.stdout), screenOn(process.stderr)]

const program = new Command('run')
  .description('Runs the tests of the kernels, the benchmark and a training run on the GPU of this machine.')
  .argument('<folder>', 'where results go: table.md, log.txt and what each part measured')
  .option('--data <folder>', 'holds cifar10/train.parquet and cifar10/test.parquet')
  .option('--python <program>', 'a Python with PyTorch', 'python3')
  .option('--minutes <minutes>', 'for everything together', above0('minutes', 1440), usualMinutes)
  .action(async (folder: string, options: Options) => {
    process.exitCode = (await runAll(folder, options)) ? 0 : 1
  })
program
  .command('adapter', { hidden: true })
  .description('prints the adapter as JSON')
  .action(async () => {
    stdout.write(JSON.stringify(await reportAdapter()))
  })

// What a step has started ends with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

try {
  await program.parseAsync()
} catch (error) {
  complain(error, stderr)
  process.exitCode = 1
}
// Dawn's threads would keep the process alive.
process.exit()

/** Whether every part that could be run was done. */
async function runAll(folder: string, { data, python, minutes }: Options): Promise<boolean> {
  const begun = performance.now()
  const now = () => (performance.now() - begun) / 1000
  const out = resolve(folder)
  tryFolder('The folder for results', out)
  const scratch = mkdtempSync(join(tmpdir(), 'gpu-host-'))
  const log = join(out, 'log.txt')
  for (const name of results) rmSync(join(out, name), { force: true })
  try {
    const env = environment(scratch)
    const { adapter, env: driver } = findDriver(pack, env, scratch, (text) => appendFileSync(log, text))
    const card = cardOf(env)
    writeWhole(out, 'device.json', `${JSON.stringify({ ...adapter, card, driver }, null, 2)}\n`)
    stdout.line(`${adapter.device}${adapter.software ? ', which computes on the processor' : ''}`)
    const times = minutes / usualMinutes
    const steps = planOf({
      pack,
      out,
      scratch,
      times,
      data: data === undefined || !existsSync(join(data, 'cifar10')) ? undefined : resolve(data),
      python: hasTorch(python, env) ? python : undefined,
      software: adapter.software,
    })
    const outcomes = await runSteps(steps, {
      budget: usualSeconds * times - now(),
      now,
      run: (step: Step, seconds: number) => {
        stdout.line(`${now().toFixed(0).padStart(4)} s  ${step.title}`)
        return runStep(step, seconds, { ...env, ...driver }, log)
      },
      ended: (all) => {
        const last = all.at(-1)
        if (last && last.state !== 'done') stdout.line(`        ${last.step.title}: ${last.state}. ${last.why}`)
        const found = gather(out, join(scratch, 'runs'))
        writeWhole(out, 'table.md', reportOf({ adapter, card, outcomes: all, ...found }))
      },
    })
    stdout.line(`${now().toFixed(0).padStart(4)} s  everything is in ${join(out, 'table.md')}`)
    return outcomes.every(({ state }) => state === 'done' || state === 'not run')
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
