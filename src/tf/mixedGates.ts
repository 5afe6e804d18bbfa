import type { Nn, UnitSite } from '../core/model'
import { tf, type Tensor } from './tfjs'

/**
 * The gradient by gates b that mix, unit by unit, what a batch's first half puts out with what its second half does: b
 * A + (1 - b) A~ takes the place of A in the first half; the second goes on as it is (docs/algorithms.md 2.21).
 * @param gates of the sites one after the other, [sum of counts]
 * @param loss of the first half
 * @returns of the shape of `gates`; the caller disposes it
 */
export function mixedGradient(nn: Nn, sites: readonly UnitSite[], gates: Tensor, loss: (nn: Nn) => Tensor): Tensor {
  const mixing = (all: Tensor) => {
    let at = 0
    const own = new Map(sites.map(({ layer, count }) => [layer, all.slice([(at += count) - count], [count])]))
    return loss({ ...nn, units: (x, site, input) => mixed(nn.units(x, site, input), own.get(site.layer)) }).asScalar()
  }
  return tf.tidy(() => tf.grad(mixing)(gates))
}

/** x [2 batch, ..., count * size]. */
function mixed(x: Tensor, gates: Tensor | undefined): Tensor {
  if (!gates) return x
  const size = (x.shape.at(-1) ?? gates.size) / gates.size
  const [real, control] = tf.split(x.reshape([2, -1, gates.size, size]), 2) as [Tensor, Tensor]
  return tf.concat([control.add(real.sub(control).mul(gates.reshape([1, 1, gates.size, 1]))), control]).reshape(x.shape)
}
