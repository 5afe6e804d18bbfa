import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runId } from '../../../src/config/identity'
import { runLabel } from '../../../src/config/runLabel'
import { handRun } from '../../testing/handRun'
import { adopted, entryOf, entryVersion, isRun, keyOf, readEntry, stronger, type Entry } from './entry'
import stored from './entries.json'

const entry = (run: unknown, version = entryVersion): Entry => ({ key: keyOf('x', version), id: 'x', version, run })
const read = (run: unknown, version?: number) => readEntry(entry(run, version))
/** Why a run cannot be read, empty where it can. */
const why = (run: unknown, version?: number) => {
  const answer = read(run, version)
  return isRun(answer) ? '' : answer.why
}

test.each(stored)('reads $what', ({ version, run, reads }) => {
  const kept = read(run, version)
  if (!isRun(kept)) throw new Error(kept.why)
  expect([kept.runId, runLabel(kept.experiment), kept.end.accuracy]).toEqual([reads.id, reads.label, reads.accuracy])
  // Its experiment still is the one that its id names.
  expect([runId(kept.experiment), kept.files].filter(Boolean).join('-')).toBe(reads.id)
  expect([kept.majority, kept.held, kept.speedup]).not.toContain(undefined)
  expect(adopted(run, version)).toEqual(entryOf(kept))
})

test('the runs of every version are held', () => {
  const versions = Array.from({ length: entryVersion }, (_, i) => i + 1)
  expect([...new Set(stored.map(({ version }) => version))]).toEqual(versions)
})

test('a run comes back as it was', () => {
  const run = handRun(1)
  expect(readEntry(entryOf(run))).toEqual(run)
})

test('a run that is broken in one place says in which', () => {
  const good = handRun(1)
  const { experiment } = good
  const { method, data, training } = experiment
  const broken: readonly (readonly [unknown, string])[] = [
    [null, 'it is no run'],
    ['not json', 'it is no run'],
    [{ ...good, end: null }, 'its end is null'],
    [{ ...good, kept: 'many' }, 'its kept is many'],
    [{ ...good, measures: { int8: 'good' } }, 'its measures is {"int8":"good"}'],
    [{ ...good, layers: [1] }, 'its layers is [1]'],
    [{ ...good, layers: [{ name: 'a', size: null, kept: 1 }] }, 'its layers is [{"name":"a","size":null,"kept":1}]'],
    [{ ...good, backend: 3 }, 'its backend is 3'],
    [
      { ...good, backend: { ...good.backend, backend: {} } },
      'its backend is {"backend":{},"device":"apple m2","softw...',
    ],
    [{ ...good, steps: 1e9 }, `it made 1000000000 steps of ${training.steps}`],
    [{ ...good, end: { ...good.end, accuracy: 1.5 } }, 'its end is {"step":1500,"moment":"end","accuracy":1...'],
    [{ ...good, experiment: undefined }, 'its experiment is missing'],
    [{ ...good, experiment: { ...experiment, seed: -1 } }, 'its seed is -1'],
    [{ ...good, experiment: { ...experiment, method: { id: 'gone', values: {} } } }, 'its method is gone'],
    [{ ...good, experiment: { ...experiment, method: null } }, 'its method is null'],
    [
      { ...good, experiment: { ...experiment, method: { ...method, values: { ...method.values, sparsity: null } } } },
      'its method.sparsity is null',
    ],
    [{ ...good, experiment: { ...experiment, training: null } }, 'its training is null'],
    [
      { ...good, experiment: { ...experiment, training: { ...training, steps: 1e9 } } },
      'its training.steps is 1000000000',
    ],
    [
      { ...good, experiment: { ...experiment, data: { ...data, values: null } } },
      'its data is {"id":"cifar10","values":null}',
    ],
  ]
  for (const [run, fault] of broken) expect(why(run)).toBe(`It is damaged: ${fault}.`)
})

test('a run that cannot be read is named as far as it can be', () => {
  const { experiment } = handRun(7)
  expect(read({ experiment })).toMatchObject({ key: keyOf('x'), name: 'sevenDyn, seed 7' })
  expect(read(undefined)).toMatchObject({ name: 'A run' })
})

test('a broken history costs the curves, not the run', () => {
  const { history, ...rest } = handRun(1)
  expect(history).toBeDefined()
  expect(read({ ...rest, history: { curve: 3 } })).toEqual(rest)
})

test('knobs that are younger than a run get their defaults, and its id stays', () => {
  const run = handRun(1)
  const { scope, ...values } = run.experiment.method.values
  expect(scope).toBeDefined()
  const older = { ...run, experiment: { ...run.experiment, method: { ...run.experiment.method, values } } }
  expect(read(older)).toEqual(run)
})

test.each([entryVersion + 1, 0, 1.5, NaN, '2' as unknown as number])(
  'leaves entries of version %s alone',
  (version) => {
    expect(why(handRun(1), version)).toMatch(/^Another version of this page kept it/)
    expect(adopted(handRun(1), version, 'x')).toEqual(entry(handRun(1), version))
  },
)

test('of two copies of a run the one with more steps stays, of equal ones the later, and the pin in any case', () => {
  const [old, late] = [entryOf(handRun(1)), entryOf(handRun(1, { at: 5000 }))]
  const short = entryOf(handRun(1, { at: 9000, steps: 3 }))
  expect(stronger(null, old)).toBe(old)
  expect([stronger(old, late), stronger(late, old)]).toEqual([late, late])
  expect([stronger(old, short), stronger(short, old)]).toEqual([old, old])
  const pinned = entryOf(handRun(1, { pinned: true }))
  expect(stronger(pinned, late)).toEqual(entryOf(handRun(1, { at: 5000, pinned: true })))
  const damaged = entry({ runId: 'x' })
  expect([stronger(damaged, old), stronger(old, damaged)]).toEqual([old, old])
})

test('whatever is stored, it is read or said to be damaged', () => {
  const { experiment, ...rest } = handRun(1)
  const anywhere = fc.constantFrom(...Object.keys(rest), ...Object.keys(experiment))
  fc.assert(
    fc.property(anywhere, fc.jsonValue(), (name, value) => {
      const run =
        name in rest
          ? { ...rest, experiment, [name]: value }
          : { ...rest, experiment: { ...experiment, [name]: value } }
      const answer = read(run)
      if (isRun(answer)) expect(runLabel(answer.experiment)).toContain('seed')
      else expect(answer.why).toMatch(/^It is damaged: .+\.$/)
    }),
    { numRuns: 2000 },
  )
})
