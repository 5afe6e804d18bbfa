import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Runs the command as a process of its own. */
function command(args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const main = [join(root, 'node_modules/vite-node/dist/cli.mjs'), '-c', 'vite.node.config.ts', 'src/cli/main.ts']
  const child = spawn(process.execPath, [...main, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text: Buffer) => (said += text.toString()))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })))
}

const tiny = '--config toy --set model=mlp --set model.width=8 --set training.steps=2 --set method=dense'.split(' ')
const base = mkdtempSync(join(tmpdir(), 'sentinel-'))
afterAll(() => {
  rmSync(base, { recursive: true })
})
const nowhere = join(root, 'package.json/runs')

it.concurrent(
  'times a software adapter that nobody allowed, and takes none that was chosen without that',
  async () => {
    const run = (out: string) =>
      command(['run', ...tiny, '--out', join(base, out), ...(out === 'auto' ? [] : ['--backend', out])])
    const [timed, chosen] = await Promise.all([run('auto'), run('webgpu')])
    expect(timed.said).toMatch(/products: [\d.]+ GFLOP\/s there, [\d.]+ in WebAssembly/)
    expect(chosen).toEqual({ code: 1, said: expect.stringContaining('--allow-software') as string })
  },
  180_000,
)

it.concurrent.each([
  [2, 'link --config toi', '"toi" is no preset, no link and no file.'],
  [2, 'link --config toy --set method=snp', '--set: method was snp, which does not exist.'],
  [2, 'run --data no/such/folder', 'There is no folder "no/such/folder".'],
  [2, 'link --config toy --set sparsity', '--set was given "sparsity".'],
  [1, `run --config toy --out ${nowhere}`, `--out was given "${nowhere}", where a file is in the way of a folder.`],
])('ends with code %i: %s', async (code, args, what) => {
  const ended = await command(args.split(' '))
  expect(ended).toEqual({ code, said: expect.stringContaining(`${what}\n`) as string })
})
