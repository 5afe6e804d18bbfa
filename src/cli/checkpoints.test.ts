import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { checkpointFile } from '../engine/run/checkpointFile'
import { checkpointAt } from '../engine/testing/checkpointAt'
import { problemOf } from '../gpu/testing'
import { forgetCheckpoints, keepCheckpoint, newestCheckpoint } from './checkpoints'

const folder = mkdtempSync(join(tmpdir(), 'checkpoints-'))
const newest = join(folder, 'checkpoint.safetensors')
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const ofStep = (step: number) => checkpointFile(checkpointAt(step))

it('keeps two, gives the newest, and the one before it where that one was cut off', async () => {
  const told: string[] = []
  const newestStep = async () => (await newestCheckpoint(folder, (text) => told.push(text)))?.step
  expect(await newestStep()).toBeUndefined()
  for (const step of [1, 2, 3]) keepCheckpoint(folder, await ofStep(step))
  expect(readdirSync(folder)).toHaveLength(2)
  expect([await newestStep(), told]).toEqual([3, []])
  writeFileSync(newest, readFileSync(newest).subarray(0, 100))
  expect(await newestStep()).toBe(2)
  expect(told).toEqual([
    `${newest} is no whole checkpoint: it was cut off or changed. It was removed; the one before it is taken.`,
  ])
  // As a kill between the two renamings leaves it, too.
  expect([await newestStep(), told.length]).toEqual([2, 1])
})

it('never saves over a good one while the other is damaged', async () => {
  const newestStep = async () => (await newestCheckpoint(folder, () => undefined))?.step
  forgetCheckpoints(folder)
  for (const step of [1, 2]) keepCheckpoint(folder, await ofStep(step))
  writeFileSync(newest, 'damaged')
  expect(await newestStep()).toBe(1)
  keepCheckpoint(folder, await ofStep(3))
  writeFileSync(newest, 'damaged, too')
  expect(await newestStep()).toBe(1)
})

it('says what to do where none can be read', async () => {
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), 'x')
  const { fix } = await problemOf(newestCheckpoint(folder, () => undefined))
  expect(fix).toBe('Add --force to begin the run again, which overwrites it.')
  forgetCheckpoints(folder)
  expect(readdirSync(folder)).toEqual([])
})
