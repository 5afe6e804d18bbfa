import { beforeAll, expect, it } from 'vitest'
import { defaults } from '../core/knob'
import { expectClose } from '../gpu/testing'
import { composedNn } from '../tf/ops'
import { startPortableBackend } from '../tf/portable'
import { tf, type Tensor } from '../tf/tfjs'
import { dynamicHeads } from './dynamicHeads'

beforeAll(async () => {
  await startPortableBackend('cpu', '')
})

const nn = () => composedNn({ dropoutRate: 0, random: tf.tensor1d([0, 0], 'int32'), training: true })
const heads = { kind: 'head', layer: 'a', count: 2, width: 1 } as const
const hook = dynamicHeads.units!({ ...defaults(dynamicHeads.knobs), share: 0.5 })

/** Two examples of two tokens of length 1; means 1 and -1. */
const input = () =>
  tf.tensor3d([
    [[0], [2]],
    [[-1], [-1]],
  ])
/** Outputs of two heads of size 1. */
const outputs = () =>
  tf.tensor3d([
    [
      [5, 6],
      [7, 8],
    ],
    [
      [5, 6],
      [7, 8],
    ],
  ])
const params = (weights: Tensor) => ({ 'a/chooser/weights': weights, 'a/chooser/bias': tf.tensor1d([0, 0]) })

it('lets one of two heads work for each example, the one with the larger gate', () => {
  // Weights (1 -1): gates sigma(1) > sigma(-1) for the first example, the other way round for the second.
  const y = hook.forward(nn(), outputs(), heads, params(tf.tensor2d([[1, -1]])), input())
  expectClose('y', y.dataSync<'float32'>(), [5, 0, 7, 0, 0, 6, 0, 8], { absolute: 1e-5, relative: 0 })
  // What is off is off exactly.
  expect(Array.from(y.dataSync()).filter((value) => value === 0)).toHaveLength(4)
})

it('learns straight through: a gate has the gradient of its sigmoid, also where it is shut', () => {
  const loss = (weights: Tensor) => hook.forward(nn(), outputs(), heads, params(weights), input()).sum()
  const gradient = tf
    .grad(loss)(tf.tensor2d([[1, -1]]))
    .dataSync<'float32'>()
  // d loss / d gate is the sum of the head's outputs, 5 + 7 = 12 and 6 + 8 = 14, in both examples; sigma' is s =
  // sigma(1) sigma(-1) everywhere, and the means are 1 and -1: 12 s - 12 s = 0 and 14 s - 14 s = 0.
  expectClose('both examples', gradient, [0, 0], { absolute: 1e-5, relative: 0 })
  const first = (weights: Tensor) =>
    hook.forward(nn(), outputs(), heads, params(weights), input()).slice([0, 0, 0], [1, 2, 2]).sum()
  const slope = 1 / (1 + Math.exp(-1)) / (1 + Math.exp(1))
  expectClose(
    'the first',
    tf
      .grad(first)(tf.tensor2d([[1, -1]]))
      .dataSync<'float32'>(),
    [12 * slope, 14 * slope],
    { absolute: 1e-4, relative: 0 },
  )
})

it('reads its own weights alone, and leaves neurons alone', () => {
  expect(hook.tensors!(heads).map(({ name, shape, prunable }) => [name, shape, prunable])).toEqual([
    ['a/chooser/weights', [1, 2], false],
    ['a/chooser/bias', [2], false],
  ])
  const x = outputs()
  expect(hook.forward(nn(), x, { ...heads, kind: 'neuron' }, {}, x)).toBe(x)
})
