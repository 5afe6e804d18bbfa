/**
 * A Vite plugin that compiles the kernels of `src/wasm/assembly` (AssemblyScript). `virtual:kernels` exports them in
 * base64: `plain` for a memory of one thread, `shared` for one of several. What was compiled is kept under `.cache`.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'src', 'wasm', 'assembly')
const cache = join(root, '.cache', 'assembly')
const asc = join(root, 'node_modules', 'assemblyscript')
const id = 'virtual:kernels'

/** The memory is tfjs's: imported, and never written to by static data (`compile` looks for that). */
const options = [
  ...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort='],
  ...['--importMemory', '--initialMemory', '1', '--disableWarning'],
]
const shared = ['--sharedMemory', '--maximumMemory', '65536', '--enable', 'threads']

export function assembly() {
  return {
    name: 'assembly',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(resolved) {
      if (resolved !== `\0${id}`) return undefined
      for (const file of sources()) this.addWatchFile(file)
      return `export const plain = "${compiled([])}"\nexport const shared = "${compiled(shared)}"\n`
    },
  }
}

function sources() {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(folder, name))
}

/** The module in base64. */
function compiled(more) {
  const hash = createHash('sha256').update(more.join(' '))
  for (const file of [import.meta.filename, join(asc, 'package.json'), ...sources()]) hash.update(readFileSync(file))
  const kept = join(cache, `${hash.digest('hex').slice(0, 16)}.wasm`)
  if (!existsSync(kept)) compile(more, kept)
  return readFileSync(kept, 'base64')
}

/** By the command: types of the compiler's library would take the place of those of the browser. */
function compile(more, to) {
  const [binary, text] = [`${to}.${process.pid}`, `${to}.${process.pid}.wat`]
  mkdirSync(cache, { recursive: true })
  execFileSync(
    process.execPath,
    [
      join(asc, 'bin', 'asc.js'),
      join(folder, 'index.ts'),
      '--outFile',
      binary,
      '--textFile',
      text,
      ...options,
      ...more,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  if (/^ \(data /m.test(readFileSync(text, 'utf8')))
    throw new Error('A kernel has static data, which would be written over memory of tfjs.')
  rmSync(text)
  renameSync(binary, to)
}
