import { expect, test } from 'vitest'
import { parseJson } from '../../../src/config/json'
import { handRun } from '../../testing/handRun'
import { entryOf, keyOf, type Entry } from './entry'
import { broughtBy, entriesIn, runsFile } from './runsFile'

const damaged: Entry = { key: keyOf('d', 1), id: 'd', version: 1, run: { runId: 'd' } }
const newer: Entry = { key: keyOf('n', 9), id: 'n', version: 9, run: { of: 'later' } }

test.each([[[]], [[entryOf(handRun(1)), damaged, newer, entryOf(handRun(2, { pinned: true }))]]])(
  'a file brings back what went into it: %#',
  (entries) => {
    expect(entriesIn(parseJson(runsFile(entries)))).toEqual(entries)
  },
)

test('runs of older versions get the form of today', () => {
  const json = { format: 'pruning-playground/runs', version: 1, runs: [{ id: 'any', version: 1, run: handRun(1) }] }
  expect(entriesIn(json)).toEqual([entryOf(handRun(1))])
})

test.each([null, [], 3, {}, { seed: 1 }, { format: 'other', runs: [] }])('%j is no file of runs', (json) => {
  expect(entriesIn(json)).toBeNull()
})

test('a broken file says what is wrong with it', () => {
  const file = (rest: object) => () => entriesIn({ format: 'pruning-playground/runs', version: 1, ...rest })
  expect(file({ version: 2, runs: [] })).toThrow('The file of runs has version 2; this page reads version 1.')
  expect(file({ runs: 'x' })).toThrow('The file of runs holds x in place of a list.')
  expect(file({ runs: [{ id: 'x', version: 1 }, null] })).toThrow('Run 2 of the file is null in place of a run.')
})

test('says how many runs are new, were here, or cannot be read', () => {
  const [one, two] = [entryOf(handRun(1)), entryOf(handRun(2))]
  expect(broughtBy([one, two], [])).toBe('2 runs added.')
  expect(broughtBy([one, two, newer], [one])).toBe(
    '2 runs added. 1 run of the file was here already. 1 of them cannot be read by this version.',
  )
  expect(broughtBy([one], [entryOf(handRun(1, { at: 9e9 }))])).toBe('0 runs added. 1 run of the file was here already.')
})
