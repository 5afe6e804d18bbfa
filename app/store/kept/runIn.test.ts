import { expect, test } from 'vitest'
import { defaultExperiment } from '../../../src/config/defaults'
import { resultJson } from '../../../src/cli/result'
import { handResult, handSteps } from '../../testing/events'
import { handRun } from '../../testing/handRun'
import { entryOf, type Entry } from './entry'
import { runIn } from './runIn'
import type { KeptRun } from '../runs'

const result = handResult({ ...defaultExperiment, seed: 1 }, 0.75, 0.3, 0.4)
const written = (changes: object = {}) =>
  JSON.parse(
    resultJson({ finished: true, result, metrics: handSteps(0, 100), openSeconds: 1, files: null, ...changes }),
  ) as Record<string, unknown>
const runOf = (entry: Entry | null) => entry?.run as KeptRun

test('the run that the page downloads is the run that it keeps', () => {
  expect(runIn(JSON.parse(JSON.stringify(result)), 1000)).toEqual(entryOf(handRun(1)))
})

test('the result of the command line is the same run, with its curve', () => {
  const { history, ...rest } = runOf(runIn(written(), 1000))
  const { history: none, ...page } = handRun(1)
  expect(rest).toEqual(page)
  expect([none?.curve.length, history?.curve.length]).toEqual([0, 50])
  expect(history?.curve.at(-1)?.[0]).toBe(100)
})

test("results on the reader's own files stay apart", () => {
  const sha256 = 'ab'.repeat(32)
  expect(runIn(written({ files: { sha256 } }), 0)?.id).toBe(`${result.runId}-abababababababab`)
})

test('its id is that of its experiment, whatever the file says', () => {
  expect(runIn({ ...written(), runId: 'other' }, 0)?.id).toBe(result.runId)
})

test.each([
  null,
  3,
  {},
  { evaluations: 3 },
  { evaluations: [] },
  { ...result, evaluations: [] },
  { ...result, experiment: { ...result.experiment, method: { id: 'gone', values: {} } } },
  { ...result, layers: null },
  { ...result, source: null },
  { ...result, kept: 'many' },
])('%# is no run that could be kept', (json) => {
  expect(runIn(json, 0)).toBeNull()
})
