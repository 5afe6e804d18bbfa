import { expect, test } from 'vitest'
import { sparsityOf } from '../../src/config/comparison'
import { defaultExperiment } from '../../src/config/defaults'
import { handResult } from '../testing/events'
import { handRun } from '../testing/handRun'
import { isComplete, keep, otherBytes } from './runs'

test('keeps the two points of a result', () => {
  const kept = handRun(1)
  expect([kept.pruned?.accuracy, kept.end.accuracy]).toEqual([0.3, 0.4])
  // 32,768 of 131,072 weights are left.
  expect(sparsityOf(kept)).toBe(0.75)
  expect(isComplete(kept)).toBe(true)
  expect(isComplete({ ...kept, steps: kept.steps - 1 })).toBe(false)
})

test('a result without an end is not kept', () => {
  expect(keep({ ...handResult(defaultExperiment, 0.5, 0, 0), evaluations: [] }, 0)).toBeNull()
})

test('a run on other bytes than its kept brothers says so', () => {
  const [old, now] = ['a'.repeat(64), 'b'.repeat(64)]
  const source = { kind: 'huggingface', text: 'CIFAR-10.', revision: 'c'.repeat(40), sha256: old } as const
  const kept = keep({ ...handResult(defaultExperiment, 0.5, 0.3, 0.4), source }, 0)!
  expect(kept.read).toEqual({ revision: 'c'.repeat(40), sha256: old })
  const said = (sha256: string, experiment = defaultExperiment) =>
    otherBytes([handRun(1), kept, { ...kept, experiment: { ...defaultExperiment, seed: 9 } }], experiment, {
      ...source,
      sha256,
    })
  expect(said(now)).toBe(
    'These examples are not those of 2 kept runs with the same settings of the data (SHA-256 bbbbbbbbbbbb, there '
      + 'aaaaaaaaaaaa): the data set has changed or is damaged. Numbers of these runs do not compare.',
  )
  expect(said(old)).toBeNull()
  const { data } = defaultExperiment
  const other = { ...defaultExperiment, data: { ...data, values: { ...data.values, train: 7 } } }
  expect(said(now, other)).toBeNull()
})
