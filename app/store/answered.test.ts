import { expect, test } from 'vitest'
import { packed, type RunAnswers } from '../../src/core/answers'
import { runId } from '../../src/config/identity'
import type { Experiment } from '../../src/core/experiment'
import { handRun } from '../testing/handRun'
import { isOpenWith, othersLike, shownAnswers } from './answered'
import { emptyRun } from './run'
import type { KeptRun } from './runs'

const answers: RunAnswers = {
  classes: ['cat', 'dog'],
  count: 3,
  right: packed([0, 1, 1], 1),
  end: { given: packed([0, 1, 0], 1), sure: packed([90, 80, 70], 7) },
}

function run(change: (experiment: Experiment) => Experiment, rest: Partial<KeptRun> = {}): KeptRun {
  const experiment = change(handRun(1).experiment)
  return handRun(1, { runId: runId(experiment), experiment, answers, ...rest })
}

const dense = { id: 'dense', values: {} }
const pruned = run((e) => e)
const shown = shownAnswers(pruned, emptyRun)!

test('runs that answered other examples, or none, are not set beside each other', () => {
  const runs = [
    pruned,
    run((e) => ({ ...e, seed: 2 })),
    run((e) => ({ ...e, data: { ...e.data, values: { ...e.data.values, held: 500 } }, method: dense })),
    run((e) => ({ ...e, method: dense }), { files: 'other files' }),
    run((e) => ({ ...e, method: dense }), { answers: { ...answers, right: packed([1, 1, 1], 1) } }),
    handRun(1, { runId: 'of an old version', experiment: { ...pruned.experiment, method: dense } }),
  ]
  expect(othersLike(shown, { runs })).toEqual([])
})

test('answers that were damaged where they are stored are none', () => {
  for (const broken of [3, { ...answers, right: '' }, { ...answers, count: 900 }]) {
    const run = { ...pruned, answers: broken as RunAnswers }
    expect(shownAnswers(run, emptyRun)).toBeNull()
    expect(othersLike(shown, { runs: [{ ...run, runId: 'other' }] })).toEqual([])
  }
})

test('dense runs of the same model come first, then the newest', () => {
  const training = (steps: number) => (e: Experiment) => ({ ...e, training: { ...e.training, steps } })
  const runs = [
    run((e) => ({ ...e, method: dense })),
    run((e) => training(77)({ ...e, method: dense })),
    run((e) => ({ ...e, method: { id: 'random', values: { sparsity: 0.5 } } })),
    run((e) => ({ ...e, method: { id: 'magnitude', values: { sparsity: 0.5 } } })),
  ]
  expect(othersLike(shown, { runs }).map(({ label }) => label)).toEqual([
    'Dense',
    'Dense, other model or training',
    expect.stringContaining('Magnitude'),
    expect.stringContaining('Random'),
  ])
})

test('examples can be looked at where the open run reads them', () => {
  const { experiment } = pruned
  const asked = { experiment, files: [], place: null, backend: 'auto', allowSoftware: true } as const
  const opened = { heldCount: 3 } as NonNullable<typeof emptyRun.opened>
  const open = { ...emptyRun, phase: 'finished', asked, opened } as const
  expect(isOpenWith(shown, { run: open })).toBe(true)
  expect(isOpenWith(shown, { run: { ...open, phase: 'idle' } })).toBe(false)
  expect(isOpenWith(shown, { run: { ...open, opened: { ...opened, heldCount: 4 } } })).toBe(false)
  expect(isOpenWith(shown, { run: { ...open, asked: { ...asked, experiment: { ...experiment, seed: 9 } } } })).toBe(
    false,
  )
})
