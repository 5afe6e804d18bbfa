/**
 * The operations of `Nn` as compositions of tfjs operations: the path on backends without our kernels, and the oracle
 * that the fused kernels are tested against.
 */
import { bilinear } from '../../core/bilinear'
import type { Nn } from '../../core/model'
import { tf, type Tensor } from '../tfjs'
import { choices } from './choices'
import { differentiable } from './differentiable'

/** The id of [SEP] in every vocabulary. */
const separator = 3
/** Keys that hold padding get this added to their logits: exp() of it is 0 in float32, and it is finite. */
const ignored = -1e9

export type Composition = Omit<Nn, 'dropout' | 'linear' | 'linears'>

export const compositions: Composition = {
  /** A method's hook takes its place (`modelOf`). */
  units: (x) => x,
  ...choices,
  /** Training collects them (`buildGraph`). */
  penalise: () => undefined,
  among: (_dealt, f) => f(),
  tanh: (x) => x.tanh(),

  layerNorm(x, scale, shift, epsilon) {
    const centred = x.sub(x.mean(-1, true))
    const variance = centred.square().mean(-1, true)
    return centred.div(variance.add(epsilon).sqrt()).mul(scale).add(shift)
  },

  attention(stacked, heads, ids) {
    const [batch = 1, tokens = 1] = stacked.shape
    const width = stacked.size / (3 * batch * tokens)
    const split = (x: Tensor) => x.reshape([batch, tokens, heads, width / heads]).transpose([0, 2, 1, 3])
    const [query, key, value] = tf.split(stacked, 3, -1).map(split) as [Tensor, Tensor, Tensor]
    let logits = tf.matMul(query, key, false, true).mul(1 / Math.sqrt(width / heads))
    if (ids) logits = logits.add(ids.equal(0).toFloat().mul(ignored).reshape([batch, 1, 1, tokens]))
    return tf.matMul(tf.softmax(logits), value).transpose([0, 2, 1, 3]).reshape([batch, tokens, width])
  },

  embedding(table, ids) {
    return gatherRows(table, ids.flatten()).reshape([...ids.shape, table.shape[1] ?? 1])
  },

  segments(ids) {
    const after = ids.equal(separator).toInt().cumsum(1, true).minimum(1)
    return after.mul(ids.notEqual(0).toInt()).toInt()
  },

  patches(images, size, side) {
    const x = side === undefined ? images : scaled(images, side)
    const [batch = 1, height = 1, width = 1, channels = 1] = x.shape
    const [rows, columns] = [height / size, width / size]
    return x
      .reshape([batch, rows, size, columns, size, channels])
      .transpose([0, 1, 3, 2, 4, 5])
      .reshape([batch, rows * columns, size * size * channels])
  },

  pixels: (x) => x.reshape([x.shape[0], x.size / x.shape[0]]),
}

/** Images [batch, height, width, channels] scaled to side x side: a product along each axis, so it has a gradient. */
function scaled(x: Tensor, side: number): Tensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape
  const along = (from: number, numbers: Tensor) =>
    tf.matMul(tf.tensor2d(bilinear(from, side), [side, from]), numbers.reshape([from, numbers.size / from]))
  const down = along(height, x.transpose([1, 0, 2, 3])).reshape([side, batch, width, channels])
  const across = along(width, down.transpose([2, 0, 1, 3])).reshape([side, side, batch, channels])
  return across.transpose([2, 1, 0, 3])
}

/** `Nn.linear` and `Nn.linears`, over a dropout. */
export function linearCompositions(dropout: Nn['dropout']): Pick<Nn, 'linear' | 'linears'> {
  const linear: Nn['linear'] = (x, weights, bias, { activation, dropout: site, residual } = {}) => {
    const [fanIn = 1, fanOut = 1] = weights.shape
    const sums = product(x.reshape([x.size / fanIn, fanIn]), weights).add<Tensor>(bias)
    const active = (activation === 'gelu' ? gelu(sums) : sums).reshape([...x.shape.slice(0, -1), fanOut])
    const kept = site === undefined ? active : dropout(active, site)
    return residual ? residual.add(kept) : kept
  }
  return {
    linear,
    linears: (x, weights, biases) =>
      tf.concat(
        weights.map((w, i) => linear(x, w, biases[i] as Tensor)),
        -1,
      ),
  }
}

/**
 * x [rows, in] times weights [in, out]. tfjs's own gradient asks for transposed products, which tfjs-wasm computes ten
 * times slower than plain ones; here matrices are transposed first.
 */
function product(x: Tensor, weights: Tensor): Tensor {
  return differentiable([x, weights], {
    forward: () => ({ value: x.matMul(weights), keep: [x, weights] }),
    backward: (grad, [keptX = x, keptWeights = weights]) => [
      grad.matMul(keptWeights.transpose()),
      keptX.transpose().matMul(grad),
    ],
  })
}

/** x Phi(x), exact: Hendrycks & Gimpel, arXiv:1606.08415. */
export function gelu(x: Tensor): Tensor {
  return x.mul(x.mul(Math.SQRT1_2).erf().add(1)).mul(0.5)
}

/**
 * Mean cross-entropy of logits [batch, classes] against class numbers [batch] (int32), with label smoothing s: the
 * target is 1 - s + s / classes on the label and s / classes elsewhere. Rows with label -1 count nothing.
 */
export function crossEntropy(logits: Tensor, labels: Tensor, smoothing: number): Tensor {
  const classes = logits.shape[1] ?? 1
  const real = labels.greaterEqual(0).toFloat()
  const target = tf
    .oneHot(labels.maximum(0).toInt(), classes)
    .toFloat()
    .mul(1 - smoothing)
    .add(smoothing / classes)
  // logSoftmax by hand: tfjs-wasm has no kernel for its gradient.
  const shifted = logits.sub(logits.max(-1, true))
  const logProbabilities = shifted.sub(shifted.exp().sum(-1, true).log())
  return target.mul(logProbabilities).sum(-1).mul(real).sum().neg().div(real.sum().maximum(1))
}

/**
 * Rows of a table. tfjs's own gradient scatters with float atomics, whose order changes from run to run; this one
 * multiplies by the transposed one-hot matrix.
 */
function gatherRows(table: Tensor, ids: Tensor): Tensor {
  return differentiable([table], {
    forward: () => ({ value: tf.gather(table, ids), keep: [ids] }),
    backward: (valueGrad, [kept]) => {
      const oneHot = tf.oneHot(kept ?? ids, table.shape[0]).toFloat()
      return [oneHot.transpose().matMul(valueGrad)]
    },
  })
}
