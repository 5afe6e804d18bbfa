import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { smallMlp, testSession } from '../engine/testing'
import { Saver } from './saver'

const folder = mkdtempSync(join(tmpdir(), 'saver-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

it('tells of a save that failed, and saves again when it is time', async () => {
  const { session } = await testSession(smallMlp, 'wasm')
  const told: string[] = []
  let now = 0
  const saver = new Saver(session, {
    folder,
    seconds: 30,
    savedStep: -1,
    resultText: ({ steps }) => String(steps),
    now: () => now,
    tell: (text) => told.push(text),
    signal: new AbortController().signal,
  })
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
  expect(told).toEqual([expect.stringMatching(/^The run was not saved at step 1, and goes on: --out was given /)])
  await expect(saver.save()).rejects.toThrow('--out was given')

  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
  await later()
  expect([told.length, existsSync(checkpoint)]).toEqual([1, true])
  await saver.save()
  session.dispose()
})

it('does not save again what is saved', async () => {
  const { session } = await testSession(smallMlp, 'wasm')
  const empty = join(folder, 'empty')
  await session.advance(2)
  await session.settle()
  const saver = new Saver(session, {
    folder: empty,
    seconds: 30,
    savedStep: 2,
    resultText: () => '',
    now: () => 0,
    tell: () => undefined,
    signal: new AbortController().signal,
  })
  await saver.save()
  expect(existsSync(empty)).toBe(false)
  session.dispose()
})
