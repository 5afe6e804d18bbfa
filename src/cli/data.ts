import { Command } from 'commander'
import { count } from '../core/figures'
import { nodeHost } from '../host/node'
import { complain } from './complain'
import { installData, publications } from './install'
import { tryFolder } from './output'
import { screenOn } from './screen'
import { UsageProblem } from './usage'

const [stdout, stderr] = [screenOn(process.stdout), screenOn(process.stderr)]
const interrupt = new AbortController()
process.on('SIGINT', () => interrupt.abort())

const program = new Command('data')
  .description(
    'Puts the Parquet files of public data sets where the page finds them. '
      + 'Downloads them (about 300 MB, half of it CIFAR-100) unless --from names a folder that has them.',
  )
  .argument('[sets...]', `which ones: ${Object.keys(publications).join(', ')}; all where none is named`)
  .option(
    '--from <folder>',
    'folder with cifar10/train.parquet, cifar10/test.parquet, sst2/train.parquet, sst2/validation.parquet, ...',
  )
  .option('--to <folder>', 'folder that the page serves as data/', 'public/data')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()

const sets = program.args
const { from, to } = program.opts<{ from?: string; to: string }>()

function show(text: string, bytes: number, total: number): void {
  if (stderr.terminal) stderr.redraw(`${text}: ${count(bytes)} of ${count(total)} bytes`)
}

try {
  tryFolder('--to', to)
  const installed = await installData({
    sets,
    from,
    to,
    host: nodeHost({ dataDir: to }),
    progress: show,
    signal: interrupt.signal,
  })
  if (stderr.terminal) stderr.redraw('')
  for (const { path, rows, bytes } of installed) stdout.line(`${path}: ${count(rows)} rows, ${count(bytes)} bytes`)
  for (const [id, { label, train }] of Object.entries(publications)) {
    if ((sets.length === 0 || sets.includes(id)) && !installed.some(({ place }) => place === train))
      stdout.line(`${label} is not in ${from ?? ''}; the page will look for it on Hugging Face.`)
  }
} catch (error) {
  if (interrupt.signal.aborted) {
    stderr.write('\nInterrupted; what was downloaded is kept, run the command again to go on.\n')
    process.exit(130)
  }
  if (stderr.terminal) stderr.write('\n')
  complain(error, stderr)
  process.exitCode = error instanceof UsageProblem ? 2 : 1
}
