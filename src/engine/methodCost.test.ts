import { expect, it } from 'vitest'
import { costOf } from '../config/cost'
import { pruningFor } from '../config/pruningFor'
import { idsOf, plugin } from '../config/registries'
import type { Batch } from '../data/batches'
import type { Batches } from './executor/executor'
import { watchGates } from './executor/inputs'
import type { Session } from './run/session'
import { extrasOf } from './executor/extras'
import { experimentOf, smallVit, testSession, untilTheEnd } from './testing'

/** Counts what the executor runs while a cut is being made, in batches of training's size. */
function counted(session: Session, batch: number) {
  const found = { forward: 0, gradients: 0 }
  const { executor, pruner } = session
  const [sums, descend, evaluate, cut] = [
    executor.sums.bind(executor),
    executor.descend.bind(executor),
    executor.evaluate.bind(executor),
    pruner.cut!,
  ]
  let cutting = false
  const noted = (next: Batch, kind: keyof typeof found) => {
    if (cutting) found[kind] += next.labels.length / batch
    return next
  }
  async function* through(batches: Batches, kind: keyof typeof found) {
    for await (const next of batches) yield noted(next, kind)
  }
  function* throughAll(batches: Iterable<Batch>) {
    for (const next of batches) yield noted(next, 'forward')
  }
  const counting: Pick<typeof executor, 'sums' | 'descend' | 'evaluate'> = {
    sums: (batches, watch) => sums(through(batches, watch === watchGates ? 'gradients' : 'forward'), watch),
    descend: (batches, descent) => descend(through(batches, 'gradients'), descent),
    evaluate: (batches, attacked) => evaluate(throughAll(batches), attacked),
  }
  Object.assign(executor, counting)
  Object.assign(pruner, {
    cut: async (view: Parameters<typeof cut>[0]) => {
      cutting = true
      return cut(view).finally(() => {
        cutting = false
      })
    },
  })
  return found
}

/** Two blocks of two heads and 16 neurons. */
const cases: readonly (readonly [
  text: string,
  settings: Readonly<Record<string, unknown>>,
  forward: number,
  gradients: number,
])[] = [
  ['wanda: 3 batches in each of 2 blocks', { method: 'wanda', 'method.batches': 3 }, 6, 0],
  ['wanda: 3 batches for all layers at once', { method: 'wanda', 'method.batches': 3, 'method.scope': 'global' }, 3, 0],
  ['owl: 3 batches in each of 2 blocks, and before', { method: 'owl', 'method.batches': 3 }, 9, 0],
  ['sparseGpt: 2 batches in each of 2 blocks', { method: 'sparseGpt', 'method.batches': 2 }, 4, 0],
  ['greedy: 2 batches for the neurons of each of 2 blocks', { method: 'greedy', 'method.batches': 2 }, 4, 0],
  ['scop: 3 batches with their knockoffs', { method: 'scop', 'method.batches': 3 }, 0, 6],
  [
    'staticDynamic: 2 batches to rank and for each of 5 tries',
    { method: 'staticDynamic', 'method.batches': 2, 'method.tries': 5 },
    12,
    0,
  ],
  [
    'staticDynamic: 2 batches for each of 5 tries',
    { method: 'staticDynamic', 'method.batches': 2, 'method.tries': 5, 'method.criterion': 'magnitude' },
    10,
    0,
  ],
  // Half of 32 neurons, round(0.2 * 32) = 6 at a time: 3 rounds.
  [
    'michel: 2 batches for each of 3 rounds',
    { method: 'michel', 'method.unit': 'neuron', 'method.batches': 2, 'method.stride': 0.2 },
    0,
    6,
  ],
  // The cuts after steps 4, 9 and 14 bring the sparsity to 0.5 (1 - (10/11)^3), 0.5 (1 - (5/11)^3) and 0.5:
  // 28, 18 and 16 of 32 are left, in 1, 2 and 1 rounds of 6.
  [
    'michel: 2 batches for 4 rounds in 3 cuts',
    {
      method: 'michel',
      'method.unit': 'neuron',
      'method.batches': 2,
      'method.stride': 0.2,
      'method.schedule': 'gradual',
      'method.every': 5,
    },
    0,
    8,
  ],
  ['lamp: nothing', { method: 'lamp' }, 0, 0],
]

it.each(cases)('%s at its cuts, as its cost says', async (_text, settings, forward, gradients) => {
  const { session } = await testSession({ ...smallVit, ...settings }, 'wasm')
  const found = counted(session, smallVit['training.batch'])
  await session.run(untilTheEnd)
  session.dispose()
  expect(found).toEqual({ forward, gradients })
  expect(costOf(session.experiment).cutPasses).toEqual({ forward, gradients })
})

it.each(idsOf('method'))(
  '%s has as many buffers of a float a weight as its cost says, those aside that every run has',
  (id) => {
    const experiment = experimentOf({ ...smallVit, method: id, ...(id === 'stripes' ? { 'method.stripe': '4' } : {}) })
    const buffers = extrasOf(pruningFor(experiment)).filter((name) => !['fanIn', 'largest', 'visited'].includes(name))
    // SEVEN's two moments and sum are gathered in every run, for the page.
    const shared = /\bx\.importance\b/.test(plugin('method', id).score.wgsl) ? 3 : 0
    expect(costOf(experiment).floats).toBe(buffers.length + shared)
  },
)
