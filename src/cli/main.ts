/**
 * The engine without a page. Exit codes: 0 done, 1 a Problem (two lines on stderr: what, and what to do), 2 something
 * wrong with what was written (the same two lines), 130 interrupted, 143 ended by SIGTERM.
 */
import { statSync } from 'node:fs'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { toJson } from '../config/json'
import { toLink, type OpenedLink } from '../config/link'
import { datasets, fileStartId, ownFilesId } from '../config/registries'
import { usualSaveSeconds } from '../engine/run/savePace'
import { warningsOf } from '../config/warnings'
import { setFolder } from '../core/publication'
import { trainingKnobs } from '../core/training'
import type { RunQueue } from '../queue/runQueue'
import type { CompareLists } from './compare'
import { readConfiguration } from './configuration'
import { listKnobs, listPart, listPresets } from './listing'
import { screenOn } from './screen'
import { startSets } from './startSets'
import type { ExportOptions } from './export'
import type { ReplayOptions } from './replay'
import type { WorkOptions } from './many/work'
import type { RunOptions } from './run'
import { complain } from './complain'
import { given, UsageProblem } from './usage'

interface Queued {
  readonly queue?: string
  readonly check?: number
}

interface Configured {
  readonly config: string
  readonly set: readonly string[]
  readonly start?: string
}

/** Where `--data` holds each public data set. */
const parquet = Object.values(datasets)
  .flatMap(({ publication }) => (publication ? `${setFolder(publication)}/*.parquet` : []))
  .join(', ')

const interrupt = new AbortController()
/** Exit code of a command that a signal ended. */
let interruptedCode = 130

const [stdout, stderr] = [screenOn(process.stdout), screenOn(process.stderr)]

function note(text: string): void {
  stderr.line(`Note: ${text}`)
}

function openedOf({ config, set, start }: Configured): OpenedLink {
  const opened = given(() => readConfiguration(config, [...set, ...startSets(start)]))
  for (const text of [...opened.notes, ...warningsOf(opened.experiment)]) note(text)
  return opened
}

function secondsOf(text: string): number {
  const seconds = Number(text)
  if (text.trim() !== '' && seconds > 0 && Number.isFinite(seconds)) return seconds
  throw new InvalidArgumentError('Write a number of seconds above 0, for example 30.')
}

function countOf(text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number > 0) return number
  throw new InvalidArgumentError('Write a whole number above 0, for example 2.')
}

/** Where many workers meet; in the environment, other users of the machine cannot read its password. */
function queueOption(): Option {
  return new Option('--queue <redis://host>', 'queue on Redis or Valkey, shared by many workers').env('SENTINEL_QUEUE')
}

function folderThere(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path
  throw new InvalidArgumentError(`There is no folder "${path}".`)
}

function configured(command: Command): Command {
  const collect = (value: string, before: readonly string[]) => [...before, value]
  return command
    .option('--config <preset|link|file>', 'preset, link, or JSON file (a result.json too)', 'cifar10-nano')
    .option('--set <key=value>', 'changes one setting; may be repeated', collect, [])
    .option('--start <run>', 'starts from the weights of a finished run: its folder, its result.json, or its link')
}

const program = new Command('sentinel')
  .description('Trains and prunes small transformers on WebGPU, as the page does.')
  .exitOverride()
  .configureOutput({
    writeOut: (text) => {
      stdout.write(text)
    },
    writeErr: (text) => {
      stderr.write(text)
    },
  })

function computing(command: Command, { files = true } = {}): Command {
  if (files)
    command.option(
      '--files <paths...>',
      `files or folders: data for data=${ownFilesId}, a trained model for start=${fileStartId}, or a vocab.txt`,
      [],
    )
  return command
    .option('--data <folder>', `folder as "npm run data" fills it: ${parquet}`, folderThere, 'public/data')
    .addOption(new Option('--backend <backend>').choices(['auto', 'webgpu', 'wasm', 'cpu']).default('auto'))
    .option('--allow-software', 'takes a GPU that is only software even where WebAssembly is faster', false)
    .addOption(new Option('--no-allow-software', 'as without it; older commands say so').hideHelp())
}

function running(command: Command): Command {
  return computing(configured(command))
    .option('--out <folder>', 'where results go, one folder a run', 'runs')
    .option('--force', 'begins anew what is finished or was interrupted', false)
    .option('--save-every <seconds>', 'from one checkpoint to the next', secondsOf, usualSaveSeconds)
}

running(program.command('run').description('runs one experiment, or goes on where it was interrupted'))
  .addOption(
    new Option('--resume', 'refuses to begin anew where there is no checkpoint').default(false).conflicts('force'),
  )
  .action(async (options: Configured & RunOptions) => {
    const { experiment, recipe } = openedOf(options)
    if (recipe)
      note(
        'The link holds a comparison, of which this runs the one experiment that is set up; '
          + '"compare" makes all of its runs.',
      )
    const { runExperiment } = await import('./run')
    const outcome = await runExperiment(experiment, options, stderr, interrupt.signal)
    if (outcome === 'interrupted') process.exitCode = interruptedCode
  })

running(
  program
    .command('compare')
    .description(
      'runs methods times sparsities times seeds, skips what is finished, and writes table.md, table.csv and runs.csv',
    ),
)
  .option('--methods <ids>', 'separated by commas; a knob is added as magnitude:schedule=once')
  .option(
    '--sparsities <shares>',
    'separated by commas; of the prunable weights (default: 2, 4, 8, 16 and 32 times fewer)',
  )
  .option('--seeds <seeds>', 'separated by commas (default: 1,2,3)')
  .addOption(queueOption())
  .option('--check <runs>', 'with --queue: so many runs are made by a second worker too, and compared', countOf)
  .action(async (options: Configured & RunOptions & CompareLists & Queued) => {
    const opened = openedOf(options)
    const { compare, recipeOf } = await import('./compare')
    const { recipe, notes } = given(() => recipeOf(opened, options))
    notes.forEach(note)
    const made =
      options.queue === undefined
        ? compare(opened, recipe, options, stderr, interrupt.signal)
        : withQueue(options.queue, async (queue) => {
            const { compareQueued } = await import('./many/compareQueued')
            return compareQueued(opened, recipe, { ...options, queue }, stderr, interrupt.signal)
          })
    if ((await made) === 'interrupted') process.exitCode = interruptedCode
  })

computing(
  program.command('work').description('makes runs of a queue until it is stopped; they are saved and given back then'),
  { files: false },
)
  .addOption(queueOption().makeOptionMandatory())
  .option('--concurrency <runs>', 'runs at a time, each in a process of its own', countOf, 1)
  .option('--save-every <seconds>', 'from one checkpoint to the next', secondsOf, usualSaveSeconds)
  .option('--lock <seconds>', 'until others take the runs of a worker that is gone', secondsOf, 60)
  .option('--until-empty', 'ends when no run is left', false)
  .action(async (options: WorkOptions & { queue: string; lock: number }) => {
    const { work } = await import('./many/work')
    const use = (queue: RunQueue) => work(queue, options, stderr, interrupt.signal)
    const outcome = await withQueue(options.queue, use, options.lock)
    if (outcome === 'interrupted') process.exitCode = interruptedCode
  })

program
  .command('queue')
  .description('shows what waits in a queue, what runs where, and what failed')
  .addOption(queueOption().makeOptionMandatory())
  .addOption(new Option('--clear <what>', 'removes runs before it shows the rest').choices(['failed', 'all']))
  .action(async (options: { queue: string; clear?: 'failed' | 'all' }) => {
    const { showQueue } = await import('./many/showQueue')
    await withQueue(options.queue, (queue) => showQueue(queue, options.clear ?? null, stdout))
  })

program.command('compute', { hidden: true }).action(async () => {
  const { compute } = await import('./many/compute')
  await compute()
})

async function withQueue<T>(url: string, use: (queue: RunQueue) => Promise<T>, lockSeconds?: number): Promise<T> {
  const { openQueue } = await import('./many/openQueue')
  const queue = await openQueue(url, lockSeconds)
  try {
    return await use(queue)
  } finally {
    await queue.close()
  }
}

configured(
  program.command('link').description('prints the link of an experiment, with the comparison that --config holds'),
)
  .option('--json', 'prints every setting as JSON instead', false)
  .action((options: Configured & { json: boolean }) => {
    const { experiment, recipe = null, role } = openedOf(options)
    if (options.json && recipe) note('JSON holds the experiment alone; the comparison of the link is left out.')
    stdout.write(options.json ? toJson(experiment, role) : `${toLink(experiment, recipe, role)}\n`)
  })

computing(
  program.command('export').description('writes the model of a run as a folder that transformers (PyTorch) opens'),
)
  .argument('<run>', 'folder of a run, or the weights.safetensors in it')
  .option('--out <folder>', 'where the files go (default: pytorch, in the folder of the run)')
  .action(async (run: string, options: ExportOptions) => {
    const { exportRun } = await import('./export')
    await exportRun(run, options, stderr, interrupt.signal)
  })

program
  .command('replay')
  .description('feeds a recorded run to a method, without training (docs/replay.md)')
  .requiredOption('--method <id>', 'method; its knobs are options too: --sparsity 0.9')
  .requiredOption('--trace <file>', 'safetensors file with weights and gradients of every step')
  .requiredOption('--out <file>', 'safetensors file for scores and masks')
  .option(
    '--knob <name=value>',
    'sets a knob; may be repeated',
    (value: string, before: readonly string[]) => [...before, value],
    [],
  )
  .option('--seed <seed>', 'seed of methods that draw', '1')
  .option('--steps <count>', 'training steps of the whole run, where the trace is only its beginning')
  .allowUnknownOption()
  .allowExcessArguments()
  .action(async (options: ReplayOptions, command: Command) => {
    const { replayTrace } = await import('./replay')
    replayTrace(options, command.args, stderr)
  })

program
  .command('methods')
  .description('lists pruning methods and their knobs')
  .action(() => {
    stdout.write(`${listPart('method')}\n`)
  })
program
  .command('models')
  .description('lists models and their knobs')
  .action(() => {
    stdout.write(`${listPart('model')}\n`)
  })
program
  .command('datasets')
  .description('lists data sets and their knobs')
  .action(() => {
    stdout.write(`${listPart('data')}\n`)
  })
program
  .command('starts')
  .description('lists where weights may come from, and the knobs of that')
  .action(() => {
    stdout.write(`${listPart('start')}\n`)
  })
program
  .command('training')
  .description('lists the knobs of training')
  .action(() => {
    stdout.write(`${listKnobs('training', trainingKnobs)}\n`)
  })
program
  .command('presets')
  .description('lists presets')
  .action(() => {
    stdout.write(`${listPresets()}\n`)
  })

for (const [name, code, again] of [
  ['SIGINT', 130, 'Ctrl-C'],
  ['SIGTERM', 143, 'SIGTERM'],
] as const)
  process.on(name, () => {
    if (interrupt.signal.aborted) process.exit(code)
    stderr.write(`\nStopping, and saving the run if it has begun; a second ${again} stops at once.\n`)
    interruptedCode = code
    interrupt.abort()
  })

try {
  await program.parseAsync(process.argv)
} catch (error) {
  process.exitCode = codeFor(error)
}
// Dawn's threads would keep the process alive.
process.exit()

/** Complains; commander has done so itself. @returns the exit code */
function codeFor(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  complain(error, stderr)
  return error instanceof UsageProblem ? 2 : 1
}
