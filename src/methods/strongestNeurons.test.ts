import { beforeAll, expect, it } from 'vitest'
import { defaults } from '../core/knob'
import { composedNn } from '../tf/ops'
import { startPortableBackend } from '../tf/portable'
import { tf, type Tensor } from '../tf/tfjs'
import { strongestNeurons } from './strongestNeurons'

beforeAll(async () => {
  await startPortableBackend('cpu', '')
})

const nn = () => composedNn({ dropoutRate: 0, random: tf.tensor1d([0, 0], 'int32'), training: true })
const neurons = { kind: 'neuron', layer: 'a', count: 4, width: 1 } as const
const hook = (share: number) => strongestNeurons.units!({ ...defaults(strongestNeurons.knobs), share })

it('lets half of four neurons pass for each token, by size, the first of equal ones, and gradients with them', () => {
  const forward = (x: Tensor) => hook(0.5).forward(nn(), x, neurons, {}, x)
  // Tokens (3 -1 2 0): 3 and 2 stay. (1 1 1 -2): -2 and the first 1.
  const x = tf.tensor3d([
    [
      [3, -1, 2, 0],
      [1, 1, 1, -2],
    ],
  ])
  expect(forward(x).add(0).arraySync()).toEqual([
    [
      [3, 0, 2, 0],
      [1, 0, 0, -2],
    ],
  ])
  const gradient = tf.grad(forward)(
    x,
    tf.tensor3d([
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
    ]),
  )
  expect(gradient.arraySync()).toEqual([
    [
      [1, 0, 3, 0],
      [5, 0, 0, 8],
    ],
  ])
})

it('keeps one neuron at least, and leaves heads alone', () => {
  const x = tf.tensor3d([[[3, -1, 2, 0]]])
  expect(hook(0.01).forward(nn(), x, neurons, {}, x).add(0).arraySync()).toEqual([[[3, 0, 0, 0]]])
  expect(hook(0.5).forward(nn(), x, { ...neurons, kind: 'head' }, {}, x)).toBe(x)
  expect(hook(0.5).active!(neurons, () => [])).toEqual({ leaves: 0.5 })
})
