/** `npm run bench`: the engine beside its peers on this machine's adapter. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { intoMarkdown, toMarkdown } from '../bench/markdown'
import type { PeerName } from '../bench/peers/peer'
import { runBenchmark } from '../bench/run'
import { versions } from '../bench/versions'
import { Problem } from '../core/problem'
import { nodeHost } from '../host/node'
import { openDawn } from './gpu'

interface Options {
  readonly json?: string
  readonly markdown?: string
  readonly workloads: readonly string[]
  readonly peers: readonly PeerName[]
  readonly quick: boolean
  readonly kernels: boolean
  readonly growth: boolean
}

const list = (text: string) => text.split(',').filter(Boolean)
const options = new Command('bench')
  .description('Times training steps of this engine beside tfjs (eager) and jax-js (jit), kernels alone, and growth. Refuses to time peers whose losses do not agree.')
  .option('--json <file>', 'writes everything as JSON')
  .option('--markdown <file>', 'writes the tables, between the marks if the file has them')
  .option('--workloads <names>', 'comma-separated; those that suit the adapter if left out', list, [])
  .option('--peers <names>', 'comma-separated', list, ['tfjs', 'jaxjs'])
  .option('--quick', 'one small model and few rounds: whether it runs, not how fast', false)
  .option('--no-kernels', 'leaves the kernels alone out')
  .option('--no-growth', 'leaves growth out')
  .parse()
  .opts<Options>()

try {
  await main(options)
} catch (error) {
  const { what, fix } = Problem.from(error)
  process.stderr.write(`${what}\n${fix}\n`)
  process.exitCode = 1
}
// Dawn's threads would keep the process alive.
process.exit()

async function main({ json, markdown, ...asked }: Options): Promise<void> {
  const gpu = await openDawn()
  // jax-js looks for WebGPU where browsers have it.
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true })
  const begun = performance.now()
  const say = (text: string) => process.stderr.write(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${text}\n`)
  const command = ['npm run bench --', ...process.argv.slice(2)].join(' ')
  const result = await runBenchmark({ ...asked, gpu, host: nodeHost({ dataDir: 'public/data' }), command, versions: { ...versions, node: process.versions.node }, say })
  if (json) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`)
  if (markdown) writeFileSync(markdown, intoMarkdown(existsSync(markdown) ? readFileSync(markdown, 'utf8') : '', result))
  console.log(toMarkdown(result))
}
