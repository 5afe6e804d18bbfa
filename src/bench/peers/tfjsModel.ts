/** The playground's transformers in tfjs's own operations, from the same parameters by the same names. */
import type { Values } from '../../core/knob'
import { tf, type Tensor } from '../../tf/tfjs'

/** Parameters by name. */
export type TfParams = Readonly<Record<string, Tensor>>

/** Logits of a batch: images [batch, h, w, c] or token ids [batch, length]. */
export type TfForward = (params: TfParams, x: Tensor) => Tensor

interface Sizes {
  readonly depth: number
  readonly heads: number
  readonly width: number
  readonly patch: number
  readonly pool: string
}

/** Keys of padding get this added to their logits. */
const ignored = -1e9

/**
 * The forward pass of a model of the playground.
 * @param inputs the batch as numbers. What is padding becomes a bias here, for tfjs 4.22 casts int32 to float32 by
 * renaming the
 *   type and leaving the bits
 */
export function tfForward(model: string, values: Values, inputs: Float32Array | Int32Array): TfForward {
  const sizes = values as unknown as Sizes
  return model === 'vitTiny' ? (p, x) => vit(p, x, sizes) : (p, ids) => bert(p, ids, inputs, sizes)
}

function vit(p: TfParams, images: Tensor, { depth, heads, patch, width, pool }: Sizes): Tensor {
  let x = linear(p, 'embed', patches(images, patch))
  const batch = x.shape[0]
  if (pool === 'class') x = tf.concat([of(p, 'token').reshape([1, 1, width]).tile([batch, 1, 1]), x], 1)
  x = x.add(of(p, 'positions'))
  for (let i = 0; i < depth; i++) {
    x = x.add(attention(p, `block${i}`, norm(p, `block${i}/norm1`, x, 1e-6), heads))
    x = x.add(mlp(p, `block${i}`, norm(p, `block${i}/norm2`, x, 1e-6)))
  }
  x = norm(p, 'norm', x, 1e-6)
  return linear(p, 'head', pool === 'class' ? firstToken(x) : x.mean(1))
}

function bert(p: TfParams, ids: Tensor, inputs: Float32Array | Int32Array, { depth, heads }: Sizes): Tensor {
  const [batch = 1, length = 1] = ids.shape
  const padding = tf.tensor(
    Float32Array.from(inputs, (id) => (id === 0 ? ignored : 0)),
    [batch, 1, 1, length],
  )
  const segment = of(p, 'embed/segments').slice([0, 0], [1, -1])
  let x = lookUp(of(p, 'embed/tokens'), ids).add(of(p, 'embed/positions').add(segment))
  x = norm(p, 'embed/norm', x, 1e-12)
  for (let i = 0; i < depth; i++) {
    const name = `block${i}`
    x = norm(p, `${name}/norm1`, x.add(attention(p, name, x, heads, padding)), 1e-12)
    x = norm(p, `${name}/norm2`, x.add(mlp(p, name, x)), 1e-12)
  }
  return linear(p, 'head', linear(p, 'pooler', firstToken(x)).tanh())
}

/** tfjs-wasm has no gradient for `gather`; its users multiply by a one-hot matrix. */
function lookUp(table: Tensor, ids: Tensor): Tensor {
  if (tf.getBackend() !== 'wasm') return tf.gather(table, ids)
  const [pieces = 1, width = 1] = table.shape
  const hot = tf.oneHot(ids.flatten(), pieces).toFloat()
  return tf.matMul(hot, table.as2D(pieces, width)).reshape([...ids.shape, width])
}

function of(p: TfParams, name: string): Tensor {
  const found = p[name]
  if (!found) throw new TypeError(`The model has no parameter ${name}.`)
  return found
}

/** tfjs's fused product with bias; it fuses no other activation than the identity when it differentiates. */
function linear(p: TfParams, name: string, x: Tensor): Tensor {
  const weights = of(p, `${name}/weights`)
  const [fanIn = 1, fanOut = 1] = weights.shape
  return tf.fused
    .matMul({ a: x.reshape([-1, fanIn]), b: weights, bias: of(p, `${name}/bias`) })
    .reshape([...x.shape.slice(0, -1), fanOut])
}

function norm(p: TfParams, name: string, x: Tensor, epsilon: number): Tensor {
  const centred = x.sub(x.mean(-1, true))
  const variance = centred.square().mean(-1, true)
  return centred
    .div(variance.add(epsilon).sqrt())
    .mul(of(p, `${name}/scale`))
    .add(of(p, `${name}/shift`))
}

function attention(p: TfParams, name: string, x: Tensor, heads: number, padding?: Tensor): Tensor {
  const [batch = 1, tokens = 1, width = 1] = x.shape
  const project = (part: string) =>
    linear(p, `${name}/attention/${part}`, x)
      .reshape([batch, tokens, heads, width / heads])
      .transpose([0, 2, 1, 3])
  const scores = tf.matMul(project('query'), project('key'), false, true).mul(1 / Math.sqrt(width / heads))
  const shares = tf.softmax(padding ? scores.add(padding) : scores)
  const mixed = tf.matMul(shares, project('value')).transpose([0, 2, 1, 3]).reshape([batch, tokens, width])
  return linear(p, `${name}/attention/output`, mixed)
}

/** GELU exact, with erf. */
function mlp(p: TfParams, name: string, x: Tensor): Tensor {
  const y = linear(p, `${name}/mlp/in`, x)
  return linear(p, `${name}/mlp/out`, y.mul(y.mul(Math.SQRT1_2).erf().add(1)).mul(0.5))
}

function firstToken(x: Tensor): Tensor {
  const [batch = 1, , width = 1] = x.shape
  return x.slice([0, 0, 0], [batch, 1, width]).reshape([batch, width])
}

function patches(x: Tensor, size: number): Tensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape
  const [rows, columns] = [height / size, width / size]
  return x
    .reshape([batch, rows, size, columns, size, channels])
    .transpose([0, 1, 3, 2, 4, 5])
    .reshape([batch, rows * columns, size * size * channels])
}
