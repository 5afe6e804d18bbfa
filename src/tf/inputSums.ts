import type { InputMoment } from '../core/cut'
import type { Dealt, Nn } from '../core/model'
import { following } from './dealtRows'
import { tf, type Tensor } from './tfjs'

/** A sum over the rows of one use of a linear layer, or of several on the same x. */
export interface InputSum {
  /** Names of the matrices. */
  readonly names: readonly string[]
  readonly sum: Tensor
}

export interface Summed {
  /** Parameters by name. */
  readonly params: Readonly<Record<string, Tensor>>
  /** Matrices whose inputs are wanted. */
  readonly wanted: ReadonlySet<string>
  readonly moment: InputMoment
  /** Token ids [batch, length] of text: rows of padding, id 0, do not count. */
  readonly ids?: Tensor
}

/**
 * Runs a model with operations that watch the inputs of its linear layers. @returns the sums; the caller disposes them
 */
export function inputSums(nn: Nn, summed: Summed, run: (watched: Nn) => Tensor): InputSum[] {
  const nameOf = new Map(Object.entries(summed.params).map(([name, tensor]) => [tensor, name]))
  const uses: string[][] = []
  const sums = tf.tidy(() => {
    const made: Tensor[] = []
    const tokens = following(nn)
    const see = (x: Tensor, weights: readonly Tensor[]) => {
      const names = weights.flatMap((matrix) => nameOf.get(matrix) ?? []).filter((name) => summed.wanted.has(name))
      if (names.length === 0) return
      uses.push(names)
      made.push(momentOf(nn, rowsOf(x, tokens.dealt(), summed.ids), summed.moment))
    }
    run({
      ...tokens.nn,
      linear(x, weights, bias, options) {
        see(x, [weights])
        return nn.linear(x, weights, bias, options)
      },
      linears(x, weights, biases) {
        see(x, weights)
        return nn.linears(x, weights, biases)
      },
    })
    return made
  })
  return sums.map((sum, i) => ({ sum, names: uses[i] ?? [] }))
}

/** x [..., in] as rows [rows, in], those of padding and those without a token zero. */
function rowsOf(x: Tensor, places?: Dealt, ids?: Tensor): Tensor {
  const width = x.shape.at(-1) ?? 1
  // An expert's bias makes something of an empty place, too.
  if (places)
    return x.reshape([-1, width]).mul(places.token().greaterEqual(tf.scalar(0, 'int32')).cast('float32').expandDims(-1))
  const perToken = ids && x.rank === 3 && x.shape[1] === ids.shape[1]
  const counted = perToken ? x.mul(ids.notEqual(tf.scalar(0, 'int32')).cast('float32').expandDims(-1)) : x
  return counted.reshape([-1, width])
}

function momentOf(nn: Nn, x: Tensor, moment: InputMoment): Tensor {
  if (moment === 'squares') return x.square().sum(0)
  const width = x.shape[1] ?? 1
  // x^T x as a linear layer's gradient for its matrix: tfjs's matMul adds with atomics, in another order each time.
  const layer = (matrix: Tensor) => nn.linear(x, matrix, tf.zeros([width]))
  return tf.grad(layer)(tf.zeros([width, width]), x)
}
