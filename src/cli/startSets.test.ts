import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runId } from '../config/identity'
import { readConfiguration } from './configuration'
import { runExperiment } from './run'
import { screenOn } from './screen'
import { startSets } from './startSets'

const out = mkdtempSync(join(tmpdir(), 'sentinel-start-'))
afterAll(() => {
  rmSync(out, { recursive: true })
})

const small = {
  data: 'shapes',
  'data.train': 64,
  'data.held': 64,
  'data.size': 8,
  model: 'mlp',
  'model.width': 4,
  method: 'magnitude',
  'training.steps': 6,
  'training.batch': 8,
}
const sets = Object.entries(small).map(([key, value]) => `${key}=${value}`)
const first = readConfiguration('shapes-quick', sets).experiment

async function made(changes: readonly string[]) {
  const { experiment } = readConfiguration('shapes-quick', [...sets, ...changes])
  const log: string[] = []
  const screen = screenOn({ write: (text) => void log.push(text) })
  const options = { data: out, files: [], backend: 'cpu', allowSoftware: true, out, force: false } as const
  const outcome = await runExperiment(experiment, options, screen, new AbortController().signal)
  const finished = (id: string) =>
    (JSON.parse(readFileSync(join(out, id, 'result.json'), 'utf8')) as { finished: boolean }).finished
  return { experiment, outcome, log: log.join(''), finished }
}

it('makes the run first that another one starts from, once, and starts from its folder too', async () => {
  const from = startSets(`#/v1?${new URLSearchParams(Object.entries(small).map(([k, v]) => [k, String(v)]))}`)
  const next = await made(['seed=2', ...from])
  expect(next.outcome).toBe('finished')
  expect(next.finished(runId(next.experiment))).toBe(true)
  expect(next.log).toContain('First the run that this one starts from:')
  expect(next.log).toMatch(/From the run that this one starts from: [\d,]+ weights/)
  expect(next.log).not.toContain('made first')

  // The folder of a run of its own is read from its result.
  await made([])
  const sameFrom = startSets(join(out, runId(first)))
  const again = await made(['seed=3', ...sameFrom])
  expect(again.log).not.toContain('First the run')
  expect(again.log).toContain('From the run that this one starts from')
})

it('says what it was given where no run can start from it', () => {
  expect(startSets(undefined)).toEqual([])
  expect(() => startSets('nowhere')).toThrow('"nowhere" is no preset, no link and no file')
  expect(() => startSets('#/v1?data=dropped')).toThrow('--start was given "#/v1?data=dropped"')
})
