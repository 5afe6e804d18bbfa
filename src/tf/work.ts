import type { Work } from '../core/inference'
import type { LinearOptions, Nn } from '../core/model'
import type { Tensor } from './tfjs'

/** Linear layers as a model runs them: one, or several on the same x. */
export interface LinearUse {
  /** Names of their matrices. */
  readonly names: readonly string[]
  readonly weights: readonly Tensor[]
  readonly biases: readonly Tensor[]
  readonly options: LinearOptions
  /** Rows that go through them, of all examples together. */
  readonly rows: number
}

/** What a forward pass did. */
export interface Counted {
  readonly nn: Nn
  /** Linear layers so far, in order. */
  readonly uses: readonly LinearUse[]
  /** The work of one example, once the model ran. */
  work(): Work
}

/**
 * The same operations, counting what they multiply.
 * @param params parameters by name
 * @param batch examples that go through at once
 */
export function counting(nn: Nn, params: Readonly<Record<string, Tensor>>, batch: number): Counted {
  const nameOf = new Map(Object.entries(params).map(([name, tensor]) => [tensor, name]))
  const uses: LinearUse[] = []
  let attention = 0
  const note = (x: Tensor, weights: readonly Tensor[], biases: readonly Tensor[], options: LinearOptions) => {
    const names = weights.map((matrix) => nameOf.get(matrix) ?? '')
    uses.push({ names, weights, biases, options, rows: x.size / (weights[0]?.shape[0] ?? 1) })
  }
  return {
    uses,
    nn: {
      ...nn,
      linear(x, weights, bias, options = {}) {
        note(x, [weights], [bias], options)
        return nn.linear(x, weights, bias, options)
      },
      linears(x, weights, biases) {
        note(x, weights, biases, {})
        return nn.linears(x, weights, biases)
      },
      attention(stacked, heads, ids) {
        // Scores and mixing: tokens x tokens x width each; `stacked` is three widths wide.
        attention += 2 * (stacked.shape[1] ?? 1) * (stacked.size / (3 * batch))
        return nn.attention(stacked, heads, ids)
      },
    },
    work: () => ({
      linear: uses.flatMap(({ names, weights, rows }) =>
        names.map((tensor, i) => ({ tensor, size: weights[i]?.size ?? 0, rows: rows / batch })),
      ),
      attention,
    }),
  }
}
