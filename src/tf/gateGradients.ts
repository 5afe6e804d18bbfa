import type { Nn, UnitSite } from '../core/model'
import type { InputSum } from './inputSums'
import { tf, type Scalar, type Tensor } from './tfjs'

/** Runs a model to its loss: the mean over a batch's examples. */
type Loss = (nn: Nn) => Tensor

/**
 * How much the examples of a batch want units to change, added up over them: |dL/dgate|, each example with a gate of 1 of its own on
 * the output of every unit, L the loss's mean over the batch. What an example wants does not cancel what another wants.
 * @param batch examples
 * @returns [count] by layer; the caller disposes them
 */
export function gateGradients(nn: Nn, sites: readonly UnitSite[], batch: number, loss: Loss): InputSum[] {
  return tf.tidy(() => {
    const gates = sites.map(({ count }) => tf.ones([batch, count]))
    const gated = (...all: Tensor[]): Scalar => {
      const of = new Map(sites.map(({ layer }, i) => [layer, all[i]]))
      return loss({ ...nn, units: (x, site, input) => opened(nn.units(x, site, input), of.get(site.layer)) }).asScalar()
    }
    return tf.grads(gated)(gates).map((gradient, i) => ({ names: [sites[i]?.layer ?? ''], sum: gradient.abs().sum(0) }))
  })
}

/** x [batch, ..., count * size] times gates [batch, count]. */
function opened(x: Tensor, gates: Tensor | undefined): Tensor {
  if (!gates) return x
  const [batch = 1, count = 1] = gates.shape
  const size = (x.shape.at(-1) ?? count) / count
  return x.reshape([batch, x.size / (batch * count * size), count, size]).mul<Tensor>(gates.reshape([batch, 1, count, 1])).reshape(x.shape)
}
