/** `npm run bench`: the engine and its peers, timed on this machine's adapter. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { added } from '../bench/added'
import { intoMarkdown, toMarkdown } from '../bench/markdown'
import { defaultPeers, type PeerName } from '../bench/peers/peer'
import type { BenchResult } from '../bench/result'
import { runBenchmark } from '../bench/run'
import { exportTask, withTorch, type TorchResult } from '../bench/torch'
import { versions } from '../bench/versions'
import { openTask, workloadOf, workloads } from '../bench/workloads'
import { nodeHost } from '../host/node'
import { nodeThreads } from '../host/nodeThreads'
import { above0 } from './above0'
import { complain } from './complain'
import { openDawn } from './gpu'
import { tryFile, tryFolder } from './output'
import { screenOn } from './screen'
import { safetensorsFile } from '../core/safetensors'

interface Options {
  readonly export?: string
  readonly from?: string
  readonly torch?: string
  readonly json?: string
  readonly add: boolean
  readonly markdown?: string
  readonly workloads: readonly string[]
  readonly peers: readonly PeerName[]
  readonly quick: boolean
  readonly kernels: boolean
  readonly growth: boolean
  readonly patience: number
}

const stderr = screenOn(process.stderr)
const host = nodeHost({ dataDir: 'public/data', threads: nodeThreads() })
const list = (text: string) => text.split(',').filter(Boolean)
const peersOf = (text: string) => (text === 'none' ? [] : list(text).map(peerOf))
const options = new Command('bench')
  .description(
    'Times training steps of this engine beside tfjs (eager) and jax-js (jit), kernels alone, and growth. '
      + 'A peer whose losses do not agree is not timed.',
  )
  .option('--json <file>', 'writes everything as JSON')
  .option('--add', 'adds to what the file of --json holds already', false)
  .option('--markdown <file>', 'writes the tables, between the marks if the file has them')
  .option('--workloads <names>', 'comma-separated, or none; those that suit the adapter if left out', list, [])
  .option(
    '--peers <names>',
    `comma-separated, of ${defaultPeers.join(', ')}, or none; all of them if left out`,
    peersOf,
    [...defaultPeers],
  )
  .option('--quick', 'one small model and few rounds: whether it runs, not how fast', false)
  .option('--no-kernels', 'leaves the kernels alone out')
  .option('--no-growth', 'leaves growth out')
  .option(
    '--patience <seconds>',
    'leaves out a peer whose ten compared steps take longer',
    above0('seconds', 86_400),
    100,
  )
  .option('--export <folder>', 'writes weights and batches for scripts/bench_torch.py and ends')
  .option('--from <file>', 'takes an earlier --json instead of running')
  .option('--torch <file>', 'adds what scripts/bench_torch.py wrote, if its losses agree')
  .parse()
  .opts<Options>()

try {
  await main(options)
} catch (error) {
  complain(error, stderr)
  process.exitCode = 1
}
// Dawn's threads would keep the process alive.
process.exit()

async function main(asked: Options): Promise<void> {
  for (const option of ['json', 'markdown'] as const)
    if (asked[option] !== undefined) tryFile(`--${option}`, asked[option])
  if (asked.export !== undefined) {
    await exportTasks(asked.export, asked.workloads)
    return
  }
  const measured = asked.from === undefined ? await run(asked) : (readJson(asked.from) as BenchResult)
  const result = asked.torch === undefined ? measured : withTorch(measured, readJson(asked.torch) as TorchResult)
  const { json, markdown, add } = asked
  if (json !== undefined) {
    const all = add && existsSync(json) ? added(readJson(json) as BenchResult, result) : result
    writeFileSync(json, `${JSON.stringify(all, null, 2)}\n`)
  }
  if (markdown !== undefined)
    writeFileSync(markdown, intoMarkdown(existsSync(markdown) ? readFileSync(markdown, 'utf8') : '', result))
  screenOn(process.stdout).write(`${toMarkdown(result)}\n`)
}

async function run({ workloads, peers, quick, kernels, growth, patience }: Options): Promise<BenchResult> {
  const gpu = await openDawn()
  // jax-js looks for WebGPU where browsers have it.
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true })
  const begun = performance.now()
  const say = (text: string) => stderr.line(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${text}`)
  const command = ['npm run bench --', ...process.argv.slice(2)].join(' ')
  return runBenchmark({
    workloads,
    peers,
    quick,
    kernels,
    growth,
    patience,
    gpu,
    host,
    wasm: '',
    command,
    versions: { ...versions, node: process.versions.node, threads: String(host.threads?.count ?? 1) },
    say,
  })
}

/** @throws InvalidArgumentError for a name that is none of the peers' */
function peerOf(name: string): PeerName {
  const found = defaultPeers.find((peer) => peer === name)
  if (found) return found
  throw new InvalidArgumentError(`There is no peer "${name}". Choose among ${defaultPeers.join(', ')}, or none.`)
}

async function exportTasks(folder: string, names: readonly string[]): Promise<void> {
  tryFolder('--export', folder)
  for (const name of names.length ? names : workloads.map((w) => w.name)) {
    const { tensors, plan } = exportTask(await openTask(workloadOf(name), host))
    writeFileSync(join(folder, `${name}.safetensors`), safetensorsFile(tensors, { plan }))
  }
}

/** A file that this program or its Python half wrote. */
function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}
