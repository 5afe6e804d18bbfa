import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { tryFile, tryFolder } from './output'

const folder = mkdtempSync(join(tmpdir(), 'sentinel-'))
const file = join(folder, 'file')
writeFileSync(file, 'kept')
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const fix = 'Name a place that you may write to; folders are made where they are missing.'

it('makes a folder and leaves nothing in it', () => {
  tryFolder('--out', join(folder, 'a', 'b'))
  expect(readdirSync(join(folder, 'a', 'b'))).toEqual([])
  tryFile('--json', join(folder, 'c', 'd.json'))
  expect(readdirSync(join(folder, 'c'))).toEqual([])
  tryFile('--json', file)
  tryFile('--json', '/dev/null')
})

it.each([file, join(file, 'deeper')])('refuses a folder where a file is: %s', (path) => {
  expect(() => {
    tryFolder('--out', path)
  }).toThrow(
    expect.objectContaining({ what: `--out was given "${path}", where a file is in the way of a folder.`, fix }),
  )
})

it('refuses a file where a folder is, or a file as the folder of one', () => {
  expect(() => {
    tryFile('--json', folder)
  }).toThrow(`--json was given "${folder}", which is a folder.`)
  expect(() => {
    tryFile('--json', join(file, 'x.json'))
  }).toThrow('where a file is in the way of a folder')
})

it.skipIf(!existsSync('/proc/self'))('refuses a system folder, where no folder can be made, at once', () => {
  for (const path of ['/proc/nope', '/proc/nope/deeper'])
    expect(() => {
      tryFolder('--out', path)
    }).toThrow(expect.objectContaining({ name: 'Problem', fix }))
})

it('refuses what cannot be a name', () => {
  expect(() => {
    tryFolder('--out', join(folder, 'x'.repeat(300)))
  }).toThrow(expect.objectContaining({ name: 'Problem', fix }))
})

it('refuses a folder that may not be written to', () => {
  const closed = join(folder, 'closed')
  mkdirSync(closed)
  chmodSync(closed, 0o500)
  asNobody(() => {
    expect(() => {
      tryFolder('--out', join(closed, 'runs'))
    }).toThrow('where you may not write')
  })
  expect(existsSync(join(closed, 'runs'))).toBe(false)
})

/** Root may write everywhere, so root tries as the user "nobody". */
function asNobody(f: () => void): void {
  const root = process.getuid?.() === 0
  if (root) process.seteuid?.(65534)
  try {
    f()
  } finally {
    if (root) process.seteuid?.(0)
  }
}
