import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '../../..')
const cache = join(root, 'node_modules/.cache')

/**
 * Path of the command as one bundle, which starts in a third of a second; a loader takes five for it. It is built once
 * for all tests, and again when the source has changed.
 */
export async function builtCommand(): Promise<string> {
  const name = `sentinel-${newestIn(['src', 'shaders', 'package-lock.json'].map((path) => join(root, path)))}`
  const folder = join(cache, name)
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true })
    // Those of yesterday; one of today may be in use.
    for (const old of readdirSync(cache).filter((entry) => entry.startsWith('sentinel-')))
      if (changed(join(cache, old)) < Date.now() - 24 * 3_600_000) rmSync(join(cache, old), { recursive: true })
    const aside = mkdtempSync(join(cache, 'building-'))
    await build({
      root,
      configFile: join(root, 'vite.bench.config.ts'),
      build: { outDir: aside },
      logLevel: 'error',
    })
    // Another test may have been faster.
    if (existsSync(folder)) rmSync(aside, { recursive: true })
    else renameSync(aside, folder)
  }
  return join(folder, 'sentinel.mjs')
}

/** When a file in these folders changed last, in whole milliseconds. */
function newestIn(paths: readonly string[]): number {
  return Math.max(...paths.flatMap((path) => [path, ...(statSync(path).isDirectory() ? below(path) : [])]).map(changed))
}

const below = (path: string) => readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name))
const changed = (path: string) => Math.floor(statSync(path).mtimeMs)
