import { expect, test } from 'vitest'
import { check } from '../../../src/config/check'
import { defaultExperiment } from '../../../src/config/defaults'
import { startingFrom } from '../../../src/config/firstRun'
import type { Settings } from '../../../src/config/settings'
import { handRun } from '../../testing/handRun'
import type { KeptRun } from '../../store/runs'
import { differing } from './differing'
import { filtered, noFilter } from './filtered'

const experimentOf = (settings: Settings) => check(settings, defaultExperiment).experiment
const run = (settings: Settings, more: Partial<KeptRun> = {}): KeptRun => ({
  ...handRun(1),
  experiment: experimentOf(settings),
  ...more,
})

const snip = run({ method: 'snip', 'method.sparsity': 0.8 }, { kept: 20, prunable: 100, name: 'The good one' })
const dense = run({ method: 'dense', data: 'shapes' }, { kept: 100, prunable: 100, pinned: true })
const steep = run({ method: 'magnitude', data: 'shapes', seed: 7 }, { kept: 2, prunable: 100, colour: 'pink' })
const all = [snip, dense, steep]

test.each([
  [{}, all],
  [{ text: 'good' }, [snip]],
  [{ text: ' SHAPES seed 7' }, [steep]],
  [{ text: 'nowhere' }, []],
  [{ method: 'snip' }, [snip]],
  [{ data: 'shapes' }, [dense, steep]],
  [{ data: 'shapes', method: 'snip' }, []],
  [{ sparsity: 'none' }, [dense]],
  [{ sparsity: 'most' }, [snip]],
  [{ sparsity: 'extreme' }, [steep]],
  [{ mark: 'pinned' }, [dense]],
  [{ mark: 'pink' }, [steep]],
] as const)('of three runs, %j lists those that are meant', (change, expected) => {
  expect(filtered(all, { ...noFilter, ...change })).toEqual(expected)
})

test('what differs is every setting that differs, and no other', () => {
  expect(differing([snip.experiment])).toEqual([])
  expect(differing([snip.experiment, snip.experiment])).toEqual([])
  const two = differing([experimentOf({ seed: 2, 'training.rate': 0.001 }), experimentOf({ 'training.steps': 90 })])
  expect(two.map(({ setting }) => setting)).toEqual(['Seed', 'Steps', 'Learning rate'])
  expect(two[0]?.values).toEqual(['2', '1'])
  const methods = differing([dense.experiment, steep.experiment])
  expect(methods).toContainEqual({ setting: 'Method', values: ['Dense', 'Magnitude'] })
  expect(methods).toContainEqual({ setting: 'Sparsity', values: [null, '0.8'] })
})

test('a run that is started from is told by its name, not by its link', () => {
  const from = startingFrom(snip.experiment)
  if (typeof from === 'string') throw new Error(from)
  const told = differing([from, snip.experiment])
  expect(told).toEqual([{ setting: 'Start from', values: ['SNIP, 80 %, seed 1', 'Random weights'] }])
})
