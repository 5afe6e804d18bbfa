import { beforeAll, expect, it } from 'vitest'
import type { ArenaBackend } from './backend'
import { inputSums } from './inputSums'
import { composedNn } from './ops'
import { testBackend } from './ops/testing'
import { tf } from './tfjs'

let backend: ArenaBackend
beforeAll(async () => {
  backend = await testBackend()
})

it('sums squares over the rows that hold a token, and over all rows where none were dealt out', async () => {
  await backend.activate()
  const nn = composedNn({ dropoutRate: 0, random: tf.tensor1d([0, 0], 'int32'), training: false })
  const params = { a: tf.zeros([2, 1]), b: tf.zeros([2, 1]) }
  const x = tf.tensor([1, 2, 3, 4, 5, 6], [3, 2])
  const bias = tf.zeros([1])
  const dealt = { tokens: 9, token: () => tf.tensor1d([7, -1, 0], 'int32') }
  const sums = inputSums(nn, { params, wanted: new Set(['a', 'b']), moment: 'squares' }, (watched) => {
    const inside = watched.among(dealt, () => watched.linear(x, params.a, bias))
    return watched.linear(x, params.b, bias).add(inside)
  })
  expect(sums.map(({ names }) => names)).toEqual([['a'], ['b']])
  // 1 + 25 and 4 + 36 without the second row; with it 9 and 16 more.
  expect(await Promise.all(sums.map(async ({ sum }) => [...(await sum.data())]))).toEqual([
    [26, 40],
    [35, 56],
  ])
})
