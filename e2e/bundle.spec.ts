import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'

const asset = (name: string) => readFileSync(`dist/assets/${name}`, 'utf8')

/** The chunks that the page loads by itself: the entry of index.html and whatever it imports without waiting. */
function firstChunks(): string[] {
  const found: string[] = []
  const add = (name: string) => {
    if (found.includes(name)) return
    found.push(name)
    for (const [, next] of asset(name).matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([\w-]+\.js)["']/g)) if (next) add(next)
  }
  for (const [, entry] of readFileSync('dist/index.html', 'utf8').matchAll(/(?:src|href)="\.\/assets\/([\w-]+\.js)"/g))
    if (entry) add(entry)
  return found
}

/** Texts that only tfjs has in it. */
const tfjs = /tensorflow|tfjs|registerBackend|FusedMatMul/

test.describe('the built page', () => {
  test('loads no tfjs before the worker', () => {
    const chunks = firstChunks()
    expect(chunks.length).toBeGreaterThan(0)
    for (const name of chunks) expect(tfjs.test(asset(name)), name).toBe(false)
    // The pattern does find it where it is.
    expect(readdirSync('dist/assets').some((name) => name.startsWith('worker') && tfjs.test(asset(name)))).toBe(true)
  })

  test('is at most 200 KB of compressed JavaScript before the worker', () => {
    const bytes = firstChunks().reduce((sum, name) => sum + gzipSync(asset(name)).length, 0)
    expect(bytes).toBeLessThan(200_000)
  })

  test('is at most 400 KB of compressed JavaScript in the worker', () => {
    const worker = readdirSync('dist/assets').filter((name) => /^worker-.*\.js$/.test(name))
    expect(worker).toHaveLength(1)
    expect(gzipSync(asset(worker[0] ?? '')).length).toBeLessThan(400_000)
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
