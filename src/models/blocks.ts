import type { Tensor } from '@tensorflow/tfjs'
import { Problem } from '../core/problem'
import type { Init, LinearOptions, Nn, TensorSpec, UnitSlices } from '../core/model'

export type Params = Readonly<Record<string, Tensor>>

/** Uniform in +-sqrt(6 / (in + out)) (Glorot & Bengio 2010), as the published ViT starts its linear layers. */
export function glorot(fanIn: number, fanOut: number): Init {
  return { kind: 'uniform', limit: Math.sqrt(6 / (fanIn + fanOut)) }
}

/** A linear layer's weights [in, out] and bias [out]. */
export function linearTensors(
  name: string,
  fanIn: number,
  fanOut: number,
  prunable: boolean,
  init = glorot(fanIn, fanOut),
): TensorSpec[] {
  return [
    { name: `${name}/weights`, shape: [fanIn, fanOut], init, prunable, decay: true },
    { name: `${name}/bias`, shape: [fanOut], init: { kind: 'constant', value: 0 }, prunable: false, decay: false },
  ]
}

export function linear(nn: Nn, params: Params, name: string, x: Tensor, options?: LinearOptions): Tensor {
  return nn.linear(x, tensor(params, `${name}/weights`), tensor(params, `${name}/bias`), options)
}

/** Scale [d] of ones and shift [d] of zeros. */
export function normTensors(name: string, width: number): TensorSpec[] {
  return [
    { name: `${name}/scale`, shape: [width], init: { kind: 'constant', value: 1 }, prunable: false, decay: false },
    { name: `${name}/shift`, shape: [width], init: { kind: 'constant', value: 0 }, prunable: false, decay: false },
  ]
}

export function norm(nn: Nn, params: Params, name: string, x: Tensor, epsilon: number): Tensor {
  return nn.layerNorm(x, tensor(params, `${name}/scale`), tensor(params, `${name}/shift`), epsilon)
}

/** A table that is looked up or added: never pruned, never decayed. */
export function tableTensor(name: string, rows: number, width: number, deviation: number): TensorSpec {
  return { name, shape: [rows, width], init: { kind: 'normal', deviation }, prunable: false, decay: false }
}

/** What a block's tensors depend on; `ratio` is the width of the MLP over that of a token. */
export interface BlockSize {
  readonly width: number
  readonly heads: number
  readonly ratio: number
}

/** Query, key, value and output projections, and the two layers of the MLP: the six prunable matrices of a block. */
export function blockTensors(
  name: string,
  size: BlockSize,
  init?: Init,
  inner = mlpTensors(name, size, init),
): TensorSpec[] {
  const { width, heads } = size
  const head = (side: UnitSlices['side']) => ({ kind: 'head', layer: `${name}/attention`, side, count: heads }) as const
  return [
    ...unitTensors(`${name}/attention/query`, [width, width], head('enters'), init),
    ...unitTensors(`${name}/attention/key`, [width, width], head('enters'), init),
    ...unitTensors(`${name}/attention/value`, [width, width], head('enters'), init),
    ...unitTensors(`${name}/attention/output`, [width, width], head('leaves'), init),
    ...inner,
    ...normTensors(`${name}/norm1`, width),
    ...normTensors(`${name}/norm2`, width),
  ]
}

/** The two prunable matrices of an MLP, with biases. */
export function mlpTensors(name: string, { width, ratio }: BlockSize, init?: Init): TensorSpec[] {
  const count = width * ratio
  const neuron = (side: UnitSlices['side']) => ({ kind: 'neuron', layer: `${name}/mlp`, side, count }) as const
  return [
    ...unitTensors(`${name}/mlp/in`, [width, count], neuron('enters'), init),
    ...unitTensors(`${name}/mlp/out`, [count, width], neuron('leaves'), init),
  ]
}

/**
 * A prunable linear layer of units. The bias of a matrix that leads into units belongs to them; that of a matrix that
 * leads out of them is shared.
 */
function unitTensors(
  name: string,
  [fanIn, fanOut]: readonly [number, number],
  units: UnitSlices,
  init?: Init,
): TensorSpec[] {
  return linearTensors(name, fanIn, fanOut, true, init).map((t) =>
    t.prunable || units.side === 'enters' ? { ...t, units } : t,
  )
}

/**
 * Multi-head self-attention with its output projection, which ends in what the options ask for. `heads` cut the width
 * into heads; the size of its matrices says how many there are in this block: a model that was made smaller has fewer.
 */
export function attention(
  nn: Nn,
  params: Params,
  name: string,
  x: Tensor,
  heads: number,
  options: LinearOptions,
  ids?: Tensor,
): Tensor {
  const each = (kind: string) =>
    ['query', 'key', 'value'].map((part) => tensor(params, `${name}/attention/${part}/${kind}`))
  const stacked = nn.linears(x, each('weights'), each('bias'))
  const [width = 1, entered = width] = tensor(params, `${name}/attention/query/weights`).shape
  const count = (entered * heads) / width
  const mixed = nn.units(
    nn.attention(stacked, count, ids),
    { kind: 'head', layer: `${name}/attention`, count, width: x.shape.at(-1) ?? 0 },
    x,
  )
  return linear(nn, params, `${name}/attention/output`, mixed, options)
}

/** The two layers of a block's MLP; the second ends in what the options ask for. */
export function mlp(nn: Nn, params: Params, name: string, x: Tensor, options: LinearOptions): Tensor {
  const hidden = linear(nn, params, `${name}/mlp/in`, x, { activation: 'gelu' })
  const count = hidden.shape.at(-1) ?? 0
  return linear(
    nn,
    params,
    `${name}/mlp/out`,
    nn.units(hidden, { kind: 'neuron', layer: `${name}/mlp`, count, width: x.shape.at(-1) ?? 0 }, x),
    options,
  )
}

/** The parameter of that name; a miss is a mistake in the model's recipe. */
export function tensor(params: Params, name: string): Tensor {
  const found = params[name]
  if (!found)
    throw new Problem(
      `The model asks for a tensor "${name}" that it does not list.`,
      'List it in tensors() of the model.',
    )
  return found
}

/** @throws Problem when heads do not divide the width */
export function requireHeads(width: number, heads: number): void {
  if (width % heads !== 0)
    throw new Problem(
      `${heads} heads do not divide a width of ${width}.`,
      `Choose a width that is a multiple of ${heads}, or fewer heads.`,
    )
}
