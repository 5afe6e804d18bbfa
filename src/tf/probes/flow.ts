/**
 * `Nn` for synaptic flow (docs/algorithms.md 2.8, an adaptation): the model made linear and positive. Parameters have
 * to come as absolute values; biases and norms have no part, what is not linear is the identity, attention is uniform,
 * residuals stay.
 */
import type { Nn } from '../../core/model'
import { compositions } from '../ops/compositions'
import { differentiable } from '../ops/differentiable'
import { tf, type Tensor } from '../tfjs'

export const flowNn: Nn = {
  linear(x, weights, _bias, { residual } = {}) {
    const sums = product(x, weights)
    return residual ? levelled(residual.add(sums)) : sums
  },

  // Of query, key and value; the first two see ones, so that what flows through them is a flow of their own.
  linears(x, weights) {
    return tf.concat(
      weights.map((matrix, i) => product(i < 2 ? tf.onesLike(x) : x, matrix)),
      -1,
    )
  },

  attention(stacked, heads) {
    const [batch = 1, tokens = 1] = stacked.shape
    const width = stacked.size / (3 * batch * tokens)
    const split = (x: Tensor) => x.reshape([batch, tokens, heads, width / heads])
    const [query, key, value] = tf.split(stacked, 3, -1).map(split) as [Tensor, Tensor, Tensor]
    const pair = query.mul(key).sum(-1, true).mean(1, true)
    return carriedBy(pair, value.mean(1, true))
      .reshape([batch, 1, width])
      .mul(tf.ones([batch, tokens, 1]))
  },

  layerNorm: (x) => x,
  tanh: (x) => x,
  dropout: (x) => x,
  units: (x) => x,
  strongest: (x) => x,
  /** By turns: all tokens are alike here, and every expert has to have its share of the flow. */
  route(probabilities, capacity) {
    const [tokens = 1, experts = 1] = probabilities.shape
    const turns = Float32Array.from({ length: tokens * experts }, (_, i) =>
      Math.floor(i / experts) % experts === i % experts ? 1 : 0,
    )
    return compositions.route(tf.tensor(turns, [tokens, experts]), capacity)
  },
  take: compositions.take,
  constant: compositions.constant,
  penalise: () => undefined,
  among: (_dealt, f) => f(),
  /** Every token is the mean of all rows. */
  embedding: (table, ids) => table.mean(0).mul(tf.ones([...ids.shape, 1])),
  segments: (ids) => ids,
  patches(images, size) {
    const length = size * size * (images.shape[3] ?? 1)
    return tf.ones([images.shape[0], images.size / images.shape[0] / length, length])
  },
  pixels: (images) => tf.ones([images.shape[0], images.size / images.shape[0]]),
}

function product(x: Tensor, weights: Tensor): Tensor {
  const [fanIn = 1, fanOut = 1] = weights.shape
  return x
    .reshape([x.size / fanIn, fanIn])
    .matMul(weights)
    .reshape([...x.shape.slice(0, -1), fanOut])
}

/**
 * The stream divided by its mean, which counts as a constant: twelve blocks of ViT-Tiny would multiply it beyond
 * float32. All paths go through here, so every score shrinks by the same factor.
 */
function levelled(x: Tensor): Tensor {
  return differentiable([x], {
    forward: () => {
      const factor = tf.divNoNan(tf.scalar(1), x.mean())
      return { value: x.mul(factor), keep: [factor] }
    },
    backward: (valueGrad, [factor]) => [valueGrad.mul(factor as Tensor)],
  })
}

/**
 * The value as if it were times pair / constant(pair): unchanged, and the pair gets the flow that goes through the
 * value. So the queries of a head, its keys, its values and its rows of the output projection share one sum of scores.
 */
function carriedBy(pair: Tensor, value: Tensor): Tensor {
  return differentiable([pair, value], {
    forward: () => ({ value: value.clone(), keep: [pair, value] }),
    backward: (valueGrad, [divisor, carried]) => [
      tf.divNoNan(valueGrad.mul(carried as Tensor).sum(-1, true), divisor as Tensor),
      valueGrad,
    ],
  })
}
