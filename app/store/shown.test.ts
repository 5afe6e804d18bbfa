import { expect, test } from 'vitest'
import { check } from '../../src/config/check'
import { fromLink } from '../../src/config/link'
import { defaultExperiment } from '../../src/config/defaults'
import type { Experiment } from '../../src/core/experiment'
import { handResult } from '../testing/events'
import { familyKey } from './comparison'
import { ownFiles } from './ownFiles'
import { keep } from './runs'
import { shownOf, type Choosing } from './shown'

const other = check({ data: 'shapes', 'training.steps': 90 }, defaultExperiment).experiment
const kept = (experiment: Experiment, files: readonly File[] = []) =>
  keep(handResult(experiment, 0.5, 0.3, 0.4), 0, ownFiles(experiment, files))!
const recipe = { methods: [{ id: 'snip', knobs: {} }], sparsities: [0.5], seeds: [1] }
const choosing: Choosing = {
  runs: [kept(defaultExperiment), kept({ ...other, seed: 4 })],
  chosen: null,
  asked: null,
  recipe: null,
  experiment: defaultExperiment,
  files: [],
}

test('the link is of what is shown, whatever is set up', () => {
  const newest = shownOf(choosing)
  expect(newest.runs).toHaveLength(1)
  expect(fromLink(newest.link)).toMatchObject({ experiment: { ...other, seed: 4 } })
  const family = shownOf({ ...choosing, recipe, chosen: familyKey(other) })
  expect(fromLink(family.link)).toMatchObject({ experiment: { ...other, seed: 4 } })
  expect(fromLink(family.link).recipe ?? null).toBeNull()
  const compared = shownOf({ ...choosing, recipe })
  expect(fromLink(compared.link)).toMatchObject({ experiment: defaultExperiment, recipe })
})

test('runs of different own files are never shown together', () => {
  const { experiment } = check({ data: 'dropped', method: 'snip', 'method.sparsity': 0.5 }, defaultExperiment)
  const [a, b] = ['1', '23'].map((text) => [new File([text], 'own.csv', { lastModified: 7 })]) as [File[], File[]]
  const runs = [kept(experiment, a), kept(experiment, b)]
  expect(shownOf({ ...choosing, runs }).options).toHaveLength(2)
  expect(shownOf({ ...choosing, runs, recipe, experiment, files: a }).runs).toEqual([runs[0]])
  const asked = { experiment, files: b, place: null, backend: 'auto', allowSoftware: false } as const
  expect(shownOf({ ...choosing, runs, asked }).runs).toEqual([runs[1]])
})

test('own files are told apart by name, size and date, in any order, where the data set reads them', () => {
  const { experiment } = check({ data: 'dropped' }, defaultExperiment)
  const file = (name: string, text: string, lastModified = 7) => new File([text], name, { lastModified })
  const key = (...files: File[]) => ownFiles(experiment, files)
  expect(
    new Set([key(file('a', '1')), key(file('b', '1')), key(file('a', '12')), key(file('a', '1', 8)), key()]).size,
  ).toBe(5)
  expect(key(file('a', '1'), file('b', '2'))).toBe(key(file('b', '2'), file('a', '1')))
  expect(ownFiles(defaultExperiment, [file('a', '1')])).toBe('')
})
