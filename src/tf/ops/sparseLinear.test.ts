import { beforeAll, describe, expect, it } from 'vitest'
import { maskOf } from '../../../shaders/fixtures'
import { expectClose, lehmer } from '../../gpu/testing'
import type { ArenaBackend } from '../backend'
import { tf } from '../tfjs'
import { linearCompositions } from './compositions'
import { compress, runSparse, sparseForms, uploadSparse } from './sparseLinear'
import { noise, testBackend } from './testing'

const { linear } = linearCompositions((x) => x)
let backend: ArenaBackend
beforeAll(async () => { backend = await testBackend() })

it('by hand: 2 x 3, two weights left, one output has none', () => {
  // Rows are inputs: [1 2 3; 4 5 6] at offset 64. Kept: 3 (input 0, output 2) and 4 (input 1, output 0).
  const weights = new Float32Array(128)
  weights.set([1, 2, 3, 4, 5, 6], 64)
  const { starts, pairs } = compress(weights, maskOf(128, (i) => i === 66 || i === 67), { offset: 64, shape: [2, 3] })
  expect([...starts]).toEqual([0, 1, 1, 2])
  expect([pairs[0], pairs[2]]).toEqual([1, 0])
  expect([...new Float32Array(pairs.buffer)].filter((_, i) => i % 2)).toEqual([4, 3])
})

describe.each(sparseForms)('x by %s', (form) => {
  it.each([[1, 1, 1], [5, 7, 3], [130, 33, 65], [257, 64, 20]])('agrees with the masked dense layer: %i x %i x %i', async (rows, fanIn, fanOut) => {
    for (const density of [0, 0.1, 0.5, 1]) {
      for (const activation of [undefined, 'gelu'] as const) {
        const next = lehmer(rows + 1)
        const mask = maskOf(fanIn * fanOut, () => (next() + 1) / 2 < density)
        const values = Float32Array.from({ length: fanIn * fanOut }, (_, i) => (mask[i >>> 5]! >>> (i & 31)) & 1 ? next() : 0)
        const matrix = await uploadSparse(backend, compress(values, mask, { offset: 0, shape: [fanIn, fanOut] }))
        const [x, bias, weights] = [noise([rows, fanIn], 1), noise([fanOut], 2), tf.tensor2d(values, [fanIn, fanOut])]
        const [ours, expected] = tf.tidy(() => [runSparse(backend, form, x, matrix, bias, activation), linear(x, weights, bias, activation ? { activation } : {})])
        expectClose(`density ${density}`, await ours.data(), await expected.data(), { absolute: 1e-5, relative: 1e-5 })
        tf.dispose([x, bias, weights, ours, expected])
        matrix.dispose()
      }
    }
  })
})
