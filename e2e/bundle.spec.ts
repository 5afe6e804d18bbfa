import { readdirSync, readFileSync, statSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'

const asset = (name: string) => readFileSync(`dist/assets/${name}`, 'utf8')

const assets = (pattern: RegExp) => readdirSync('dist/assets').filter((name) => pattern.test(name))

/** Chunks, and whatever they import without waiting. */
function withImports(roots: readonly string[]): string[] {
  const found: string[] = []
  const add = (name: string) => {
    if (found.includes(name)) return
    found.push(name)
    for (const [, next] of asset(name).matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([\w-]+\.js)["']/g)) if (next) add(next)
  }
  roots.forEach(add)
  return found
}

/** The chunks that the page loads by itself: the entry of index.html and what that imports. */
function firstChunks(): string[] {
  const entries = readFileSync('dist/index.html', 'utf8').matchAll(/(?:src|href)="\.\/assets\/([\w-]+\.js)"/g)
  return withImports([...entries].flatMap(([, entry]) => entry ?? []))
}

/** The chunks of the engine's worker, and those that it loads late: their names begin with one of `late`. */
function workerChunks(late: readonly string[]): string[] {
  const [worker, ...others] = assets(/^worker-.*\.js$/)
  if (worker === undefined || others.length > 0) throw new Error(`Workers: ${[worker, ...others].join(', ')}`)
  const loads = [...asset(worker).matchAll(/import\(["'`]\.\/([\w-]+\.js)["'`]\)/g)].flatMap(([, name]) => name ?? [])
  const chosen = late.map((part) => {
    const name = loads.find((chunk) => chunk.startsWith(`${part}-`))
    if (name === undefined) throw new Error(`The worker loads no ${part}, but ${loads.join(', ')}.`)
    return name
  })
  return withImports([worker, ...chosen])
}

const compressed = (names: readonly string[]) => names.reduce((sum, name) => sum + gzipSync(asset(name)).length, 0)

/** Texts that only tfjs has in it. */
const tfjs = /tensorflow|tfjs|registerBackend|FusedMatMul/

test.describe('the built page', () => {
  test('loads no tfjs before the worker', () => {
    const chunks = firstChunks()
    expect(chunks.length).toBeGreaterThan(0)
    for (const name of chunks) expect(tfjs.test(asset(name)), name).toBe(false)
    // The pattern does find it where it is.
    expect(workerChunks([]).some((name) => tfjs.test(asset(name)))).toBe(true)
  })

  test('is at most 181 KB of compressed JavaScript before the worker', () => {
    expect(compressed(firstChunks())).toBeLessThan(181_000)
  })

  for (const [where, late, most] of [
    ['before it knows on what it computes', [], 160_000],
    ['on WebGPU', ['installBackend', 'openGpuExecutor'], 325_000],
    ['on WebAssembly', ['portable', 'cpuExecutor'], 275_000],
  ] as const)
    test(`is at most ${most / 1000} KB of compressed JavaScript in the worker ${where}`, () => {
      expect(compressed(workerChunks(late))).toBeLessThan(most)
    })

  test('is at most 10 MB that a browser keeps for visits without a network', () => {
    const [, files = '{}'] = /"files":(\{.*?\})/.exec(readFileSync('dist/sw.js', 'utf8')) ?? []
    const paths = Object.keys(JSON.parse(files) as Record<string, string>)
    for (const path of ['', 'recording.json', 'manifest.webmanifest', ...assets(/./).map((name) => `assets/${name}`)])
      expect(paths).toContain(path)
    const sizes = paths.map((path) => statSync(`dist/${path || 'index.html'}`).size)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(10e6)
  })

  test('brings the licences of what it is made of, and a bill of materials', () => {
    const { bomFormat, components } = JSON.parse(readFileSync('dist/sbom.cdx.json', 'utf8')) as {
      bomFormat: string
      components: { name: string; version: string }[]
    }
    const names = components.map(({ name }) => name)
    expect(bomFormat).toBe('CycloneDX')
    // Of the page, of a style sheet, of the engine's worker, and of the benchmark's.
    for (const name of ['react', '@fontsource-variable/newsreader', '@tensorflow/tfjs-core', '@jax-js/jax'])
      expect(names).toContain(name)
    expect(names).not.toContain('vitest')
    const text = readFileSync('dist/licences.txt', 'utf8')
    for (const { name, version } of components) expect(text).toContain(`${name} ${version} (`)
  })
})
