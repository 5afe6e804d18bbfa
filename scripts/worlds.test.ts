import { readdirSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { expect, it } from 'vitest'
import { worlds } from './worlds.mjs'

const root = join(import.meta.dirname, '..')

/** Every test of the tree, relative to it; hidden folders and packages are not ours. */
const tests = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$|^dist/.test(entry.name))
  .flatMap(({ name }) =>
    readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((file) => `${name}/${file}`),
  )
  .filter((path) => /\.test\.tsx?$/.test(path))

const isIn = (path: string, pattern: string) =>
  pattern.startsWith('!') ? !matchesGlob(path, pattern.slice(1)) : matchesGlob(path, pattern)

it('has every test in one world, and in no other', () => {
  expect(tests).toContain('scripts/worlds.test.ts')
  const worldsOf = (path: string) =>
    worlds.filter(({ include }) => include.every((pattern) => isIn(path, pattern))).map(({ name }) => name)
  expect(tests.filter((path) => worldsOf(path).length !== 1).map((path) => [path, worldsOf(path)])).toEqual([])
})
