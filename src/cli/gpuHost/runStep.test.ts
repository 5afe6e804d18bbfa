import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { runStep } from './runStep'

const folder = mkdtempSync(join(tmpdir(), 'run-step-'))
const log = join(folder, 'log.txt')
const run = (script: string, seconds: number, program = 'sh') => {
  const step = { name: 'a', title: 'a', seconds, command: [program, '-c', script] }
  return runStep(step, seconds, { ...process.env, FOLDER: folder }, log)
}

it('stops a step at its limit, with all that it started, and keeps what it wrote', async () => {
  const ended = await run('echo begun; (sleep 4; touch "$FOLDER/late") & sleep 60', 3)
  expect(ended).toEqual({ stopped: true, code: null, lastLine: 'begun' })
  await setTimeout(1500)
  expect(existsSync(join(folder, 'late'))).toBe(false)
  expect(readFileSync(log, 'utf8')).toContain('begun\n')
})

it('stops what a step has left behind, and survives one that ends itself', async () => {
  expect(await run('sleep 60 & echo gone', 3)).toMatchObject({ stopped: true, lastLine: 'gone' })
  expect(await run('kill -9 $$', 9)).toMatchObject({ stopped: false, code: null })
})

it('gives code and last line of a step that fails, and survives a program that is not there', async () => {
  expect(await run('echo two >&2; exit 3', 9)).toEqual({ stopped: false, code: 3, lastLine: 'two' })
  const absent = await run('', 9, '/no/such/program')
  expect(absent).toMatchObject({ stopped: false, lastLine: expect.stringContaining('ENOENT') as string })
  expect(absent.code).not.toBe(0)
})
