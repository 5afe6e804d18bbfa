import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { problemOf } from '../gpu/testing'
import { clearAsides, whenRoom, writeWhole } from './writeWhole'

const folder = mkdtempSync(join(tmpdir(), 'whole-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const failure = (code: string) => Object.assign(new Error(code), { code })
const never = new AbortController().signal

it('keeps the file before under another name', () => {
  const at = join(folder, 'kept')
  for (const content of ['one', 'two', 'three']) writeWhole(at, 'x', content, 'before')
  expect(readdirSync(at).sort()).toEqual(['before', 'x'])
  expect([readFileSync(join(at, 'x'), 'utf8'), readFileSync(join(at, 'before'), 'utf8')]).toEqual(['three', 'two'])
})

it('leaves nothing where it fails, and clears what killed commands left, but not what living ones write', () => {
  const at = join(folder, 'litter')
  mkdirSync(join(at, 'x', 'full'), { recursive: true })
  expect(() => {
    writeWhole(at, 'x', 'a file in the place of a folder')
  }).toThrow()
  expect(readdirSync(at)).toEqual(['x'])
  const host = hostname().replace(/[^\w-]/g, '_')
  // No process has so high a number. Those of other machines may be alive.
  const stays = [`.x.${host}.${process.pid}`, `.x.other.4194999`, '.hidden', 'x.4194999']
  for (const name of [`.x.${host}.4194999`, ...stays]) writeFileSync(join(at, name), '')
  clearAsides(at)
  expect(readdirSync(at).sort()).toEqual(['x', ...stays].sort())
  clearAsides(join(at, 'missing'))
})

it('waits while the disk is full, says so once, and then writes', async () => {
  const told: string[] = []
  let tries = 0
  const write = () => {
    if (++tries < 4) throw failure(tries === 1 ? 'EDQUOT' : 'ENOSPC')
  }
  await whenRoom('runs/x', write, (text) => told.push(text), never, 1)
  expect(tries).toBe(4)
  expect(told).toEqual(['No space is left for runs/x. The run waits until you free some; Ctrl-C ends it.'])
})

it('ends waiting when interrupted, and does not wait where waiting would not help', async () => {
  const interrupt = new AbortController()
  const full = () => {
    throw failure('ENOSPC')
  }
  const waiting = whenRoom('runs/x', full, () => interrupt.abort(), interrupt.signal, 60_000)
  expect((await problemOf(waiting)).what).toBe('No space is left for runs/x.')
  const refused = () => {
    throw failure('EACCES')
  }
  const { what } = await problemOf(whenRoom('runs/x', refused, () => undefined, never))
  expect(what).toBe('--out was given "runs/x", where you may not write.')
})
