import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')) as Record<string, Record<string, never>>

describe('package.json', () => {
  it('names every dependency by its exact version, as the lock file has it', () => {
    const { dependencies, devDependencies } = read('package.json')
    const locked = read('package-lock.json').packages as unknown as Record<string, { version: string }>
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(`${name} ${version as string}`).toMatch(/^\S+ \d+\.\d+\.\d+(-[\w.]+)?$/)
      expect(`${name} ${locked[`node_modules/${name}`]!.version}`).toBe(`${name} ${version as string}`)
    }
  })

  it('names no download addresses, so that a clean install works behind any registry', () => {
    const locked = read('package-lock.json').packages as unknown as Record<string, { resolved?: string }>
    expect(Object.entries(locked).filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
  })
})
