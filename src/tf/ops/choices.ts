import type { Nn } from '../../core/model'
import { route } from '../../../shaders/transformer/route'
import { tf, type Tensor } from '../tfjs'
import { differentiable } from './differentiable'

export type Choices = Pick<Nn, 'strongest' | 'route' | 'take' | 'constant'>

/** What `f` computes inside a custom operation without inputs: nothing of it gets onto tfjs's tape. */
export const constant: Nn['constant'] = (f) =>
  differentiable([], { forward: () => ({ value: f(), keep: [] }), backward: () => [] })

/**
 * Operations that choose by the input, composed of tfjs operations; `route` needs a backend that reads without waiting.
 */
export const choices: Choices = {
  strongest: (x, count) =>
    differentiable([x], {
      forward() {
        const kept = strongestMask(x, typeof count === 'number' ? count : (count.dataSync()[0] ?? 0))
        return { value: x.mul(kept), keep: [kept] }
      },
      backward: (valueGrad, [kept]) => [valueGrad.mul(kept as Tensor)],
    }),

  route(probabilities, capacity) {
    const [tokens = 1, experts = 1] = probabilities.shape
    const { expert, place, token } = route(probabilities.dataSync(), experts, capacity)
    return {
      expert: tf.tensor1d(expert, 'int32'),
      place: tf.tensor(place, [tokens], 'int32'),
      token: tf.tensor1d(token, 'int32'),
    }
  },

  take: (x, rows, back) =>
    differentiable([x], {
      forward: () => ({ value: taken(x, rows), keep: [back] }),
      backward: (valueGrad, [kept]) => [taken(valueGrad, kept as Tensor)],
    }),

  constant,
}

/** 1 where an entry is among the `count` largest of its row by size, 0 elsewhere; of equal ones the first. */
function strongestMask(x: Tensor, count: number): Tensor {
  const width = x.shape.at(-1) ?? 1
  if (count >= width) return tf.onesLike(x)
  const sizes = x.abs()
  const cut = tf.topk(sizes, count).values.min(-1, true)
  const larger = sizes.greater(cut).toFloat()
  const equal = sizes.equal(cut).toFloat()
  const places = tf.scalar(count).sub(larger.sum(-1, true))
  return larger.add(
    equal.mul(
      equal
        .cumsum(x.rank - 1)
        .lessEqual(places)
        .toFloat(),
    ),
  )
}

/** Rows of x [n, d], zeros for -1. */
function taken(x: Tensor, rows: Tensor): Tensor {
  const real = rows.greaterEqual(tf.scalar(0, 'int32')).toFloat().reshape([-1, 1])
  return tf.gather(x, rows.maximum(tf.scalar(0, 'int32'))).mul(real)
}
