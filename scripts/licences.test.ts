import { expect, it } from 'vitest'
import { isAllowed, packageFolder } from './licences.mjs'

it.each([
  ['MIT', true],
  ['(MIT AND BSD-3-Clause)', true],
  ['GPL-3.0-only', false],
  ['MIT OR GPL-3.0-only', false],
  ['SEE LICENSE IN LICENSE', false],
  [undefined, false],
  [{ type: 'MIT' }, false],
])('ships with the licence %j: %s', (license, may) => {
  expect(isAllowed(license)).toBe(may)
})

it.each([
  ['/a/node_modules/react/index.js', '/a/node_modules/react'],
  ['/a/node_modules/@scope/name/dist/x.wasm?url', '/a/node_modules/@scope/name'],
  ['/a/node_modules/b/node_modules/c/d.js', '/a/node_modules/b/node_modules/c'],
  ['/a/src/core/knob.ts', undefined],
])('%s is of %s', (id, folder) => {
  expect(packageFolder(id)).toBe(folder)
})
