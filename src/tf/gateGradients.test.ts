import { beforeAll, expect, it } from 'vitest'
import type { Nn, UnitSite } from '../core/model'
import type { ArenaBackend } from './backend'
import { gateGradients } from './gateGradients'
import { composedNn } from './ops'
import { testBackend } from './ops/testing'
import { tf, type Tensor } from './tfjs'

let backend: ArenaBackend
beforeAll(async () => {
  backend = await testBackend()
})

const sites: readonly UnitSite[] = [
  { kind: 'head', layer: 'a', count: 2, width: 4 },
  { kind: 'neuron', layer: 'b', count: 3, width: 4 },
]

it('adds sizes: what two examples want of a unit does not cancel', async () => {
  await backend.activate()
  const nn = composedNn({ dropoutRate: 0, random: tf.tensor1d([0, 0], 'int32'), training: false })
  // Two examples of two tokens; heads of two numbers. The loss is the mean over examples of the sum of x c.
  const x = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 1, 1, 2, 2, 2, 2], [2, 2, 4])
  const c = tf.tensor([1, 0, 0, 1, 0, 1, 1, 0, -1, -1, 1, -1, 0, 0, 1, -1], [2, 2, 4])
  const neurons = tf.tensor([1, 2, 3, -4, 5, 6], [2, 3])
  const loss = (gated: Nn) =>
    gated
      .units(x, sites[0]!, x)
      .mul<Tensor>(c)
      .sum()
      .add(gated.units(neurons, sites[1]!, x).sum())
      .div(2)
  const sums = gateGradients(nn, sites, 2, loss)
  // Example 1: head 1 sees 1 * 1 + 6 * 1 = 7, head 2 4 * 1 + 7 * 1 = 11. Example 2: head 1 -1 - 1 = -2, head 2 (1 - 1)
  // + (2 - 2) = 0. Halves, for the mean: (7 + 2) / 2 and (11 + 0) / 2. Neurons, one number each: (1 + 4) / 2, (2 + 5) /
  // 2, (3 + 6) / 2.
  expect(sums.map(({ names }) => names)).toEqual([['a'], ['b']])
  expect([...(await sums[0]!.sum.data())]).toEqual([4.5, 5.5])
  expect([...(await sums[1]!.sum.data())]).toEqual([2.5, 3.5, 4.5])
})
