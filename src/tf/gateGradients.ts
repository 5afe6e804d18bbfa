import type { Dealt, Nn, UnitSite } from '../core/model'
import { following } from './dealtRows'
import type { InputSum } from './inputSums'
import { tf, type Scalar, type Tensor } from './tfjs'

/** Runs a model to its loss: the mean over a batch's examples. */
type Loss = (nn: Nn) => Tensor

/**
 * How much the examples of a batch want units to change, added up over them: |dL/dgate|, each example with a gate of 1
 * of its own on the output of every unit, L the loss's mean over the batch. What an example wants does not cancel what
 * another wants.
 * @param batch examples
 * @returns [count] by layer; the caller disposes them
 */
export function gateGradients(nn: Nn, sites: readonly UnitSite[], batch: number, loss: Loss): InputSum[] {
  return tf.tidy(() => {
    const gates = sites.map(({ count }) => tf.ones([batch, count]))
    const gated = (...all: Tensor[]): Scalar => {
      const of = new Map(sites.map(({ layer }, i) => [layer, all[i]]))
      const tokens = following(nn)
      const units: Nn['units'] = (x, site, input) =>
        opened(nn, nn.units(x, site, input), of.get(site.layer), tokens.dealt())
      return loss({ ...tokens.nn, units }).asScalar()
    }
    return tf
      .grads(gated)(gates)
      .map((gradient, i) => ({ names: [sites[i]?.layer ?? ''], sum: gradient.abs().sum(0) }))
  })
}

/**
 * x [batch, ..., count * size], or the rows of tokens that were dealt out, times each example's own of gates [batch,
 * count].
 */
function opened(nn: Nn, x: Tensor, gates: Tensor | undefined, places: Dealt | undefined): Tensor {
  if (!gates) return x
  const [batch = 1, count = 1] = gates.shape
  const size = (x.shape.at(-1) ?? count) / count
  if (places)
    return x
      .reshape([-1, count, size])
      .mul<Tensor>(ownGates(nn, gates, places).expandDims(-1))
      .reshape(x.shape)
  return x
    .reshape([batch, x.size / (batch * count * size), count, size])
    .mul<Tensor>(gates.reshape([batch, 1, count, 1]))
    .reshape(x.shape)
}

/** Of each row the gates of the example that its token is of, zeros where it has none: [rows, count]. */
function ownGates(nn: Nn, gates: Tensor, { token, tokens }: Dealt): Tensor {
  const [batch = 1, count = 1] = gates.shape
  const each = tokens / batch
  // Halves keep the division clear of whole numbers; -1 becomes -1, which `oneHot` gives no column.
  const example = token().cast('float32').add(0.5).div(each).floor().cast('int32')
  // As a linear layer, whose gradient adds up in one order each time: that of `gather` does not.
  return nn.linear(tf.oneHot(example, batch, 1, 0).cast('float32'), gates, tf.zeros([count]))
}
