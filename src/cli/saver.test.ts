import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { RunResult } from '../core/trainer'
import { smallMlp, testSession } from '../engine/testing'
import { Saver } from './saver'

const folder = mkdtempSync(join(tmpdir(), 'saver-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const options = {
  folder,
  seconds: 30,
  savedStep: -1,
  resultText: ({ steps }: RunResult) => String(steps),
  now: () => 0,
  tell: () => undefined,
  signal: new AbortController().signal,
}

it('tells of a save that failed, and saves again when it is time', async () => {
  const { session } = await testSession(smallMlp, 'wasm')
  const told: string[] = []
  let now = 0
  const saver = new Saver(session, { ...options, now: () => now, tell: (text) => told.push(text) })
  const later = async () => {
    await session.advance(1)
    now += 31_000
    await saver.offer()
    await saver.settle()
  }
  const checkpoint = join(folder, 'checkpoint.safetensors')
  // No file can take the place of a folder that is not empty.
  mkdirSync(join(checkpoint, 'full'), { recursive: true })
  mkdirSync(join(folder, 'checkpoint.previous.safetensors', 'full'), { recursive: true })
  await later()
  const refusal = expect.stringMatching(/^The run was not saved at step 1: --out was given /) as unknown
  expect(told).toEqual([refusal])
  // The step is not taken for saved.
  await expect(saver.save()).rejects.toThrow('--out was given')
  expect(told).toEqual([refusal, refusal])

  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
  await later()
  expect([told.length, existsSync(checkpoint)]).toEqual([2, true])
  await saver.save()
  session.dispose()
})

it('does not save again what is saved', async () => {
  const { session } = await testSession(smallMlp, 'wasm')
  const empty = join(folder, 'empty')
  await session.advance(2)
  await session.settle()
  const saver = new Saver(session, { ...options, folder: empty, savedStep: 2 })
  await saver.save()
  expect(existsSync(empty)).toBe(false)
  session.dispose()
})

it('takes the reading of the numbers for saving, but not the steps that it waits for', async () => {
  const { session } = await testSession(smallMlp, 'wasm')
  let now = 0
  const [settle, result] = [session.settle.bind(session), session.result.bind(session)]
  let stepsMs = 60_000
  session.settle = async () => {
    await settle()
    now += stepsMs
    stepsMs = 0
  }
  session.result = async () => {
    now += 1000
    return result()
  }
  const saver = new Saver(session, { ...options, folder: join(folder, 'pace'), now: () => now })
  await saver.save()
  expect(now).toBe(61_000)
  const savedAt = async (time: number) => {
    now = time
    await session.advance(1)
    await saver.offer()
    await saver.settle()
    return existsSync(join(folder, 'pace', 'checkpoint.safetensors'))
  }
  // A second is 2 % of 50.
  expect([await savedAt(110_000), await savedAt(111_000)]).toEqual([false, true])
  session.dispose()
})
