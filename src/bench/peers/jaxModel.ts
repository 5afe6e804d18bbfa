/** The playground's transformers in jax-js's own words, from the same parameters by the same names. */
import { nn, numpy as np, tree, type Array as JaxArray } from '@jax-js/jax'
import type { Values } from '../../core/knob'

/** Parameters by name. A function that gets them owns them, as everywhere in jax-js. */
export type JaxParams = Record<string, JaxArray>

/**
 * Logits of a batch: images [batch, h, w, c] or token ids [batch, length]; `real` is 1 for tokens that are not padding.
 */
export type JaxForward = (params: JaxParams, x: JaxArray, real: JaxArray) => JaxArray

interface Sizes {
  readonly depth: number
  readonly heads: number
  readonly width: number
  readonly patch: number
  readonly pool: string
}

/** Logit of a key that is padding. */
const ignored = -1e9

/** The forward pass of a model of the playground. */
export function jaxForward(model: string, values: Values): JaxForward {
  const sizes = values as unknown as Sizes
  return (params, x, real) => {
    const logits = model === 'vitTiny' ? vit(params, x, sizes) : bert(params, x, real, sizes)
    tree.dispose([params, real] as never)
    return logits
  }
}

function vit(p: JaxParams, images: JaxArray, { depth, heads, patch, width, pool }: Sizes): JaxArray {
  let x = linear(p, 'embed', patches(images, patch))
  const batch = x.shape[0] ?? 1
  if (pool === 'class') x = np.concatenate([np.tile(of(p, 'token').reshape([1, 1, width]), [batch, 1, 1]), x], 1)
  x = x.add(of(p, 'positions'))
  for (let i = 0; i < depth; i++) {
    x = x.ref.add(attention(p, `block${i}`, norm(p, `block${i}/norm1`, x, 1e-6), heads))
    x = x.ref.add(mlp(p, `block${i}`, norm(p, `block${i}/norm2`, x, 1e-6)))
  }
  x = norm(p, 'norm', x, 1e-6)
  return linear(p, 'head', pool === 'class' ? x.slice([], 0) : x.mean(1))
}

function bert(p: JaxParams, ids: JaxArray, real: JaxArray, { depth, heads }: Sizes): JaxArray {
  let x = np.take(of(p, 'embed/tokens'), ids, 0).add(of(p, 'embed/positions')).add(of(p, 'embed/segments').slice(0))
  x = norm(p, 'embed/norm', x, 1e-12)
  for (let i = 0; i < depth; i++) {
    const name = `block${i}`
    x = norm(p, `${name}/norm1`, x.ref.add(attention(p, name, x, heads, real.ref)), 1e-12)
    x = norm(p, `${name}/norm2`, x.ref.add(mlp(p, name, x)), 1e-12)
  }
  return linear(p, 'head', np.tanh(linear(p, 'pooler', x.slice([], 0))))
}

function of(p: JaxParams, name: string): JaxArray {
  const found = p[name]
  if (!found) throw new TypeError(`The model has no parameter ${name}.`)
  return found.ref
}

function linear(p: JaxParams, name: string, x: JaxArray): JaxArray {
  return np.dot(x, of(p, `${name}/weights`)).add(of(p, `${name}/bias`))
}

/** By hand: `nn.standardize` takes the variance as mean of squares minus square of mean, which loses digits. */
function norm(p: JaxParams, name: string, x: JaxArray, epsilon: number): JaxArray {
  const centred = x.ref.sub(x.mean(-1, { keepdims: true }))
  const variance = np.square(centred.ref).mean(-1, { keepdims: true })
  return centred
    .div(np.sqrt(variance.add(epsilon)))
    .mul(of(p, `${name}/scale`))
    .add(of(p, `${name}/shift`))
}

/** By hand: `nn.dotProductAttention` goes through `einsum`, which needs the iterator helpers of Node 22. */
function attention(p: JaxParams, name: string, x: JaxArray, heads: number, real?: JaxArray): JaxArray {
  const [batch = 1, tokens = 1, width = 1] = x.shape
  const project = (part: string) =>
    linear(p, `${name}/attention/${part}`, x.ref)
      .reshape([batch, tokens, heads, width / heads])
      .transpose([0, 2, 1, 3])
  let scores = np.matmul(project('query'), project('key').transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(width / heads))
  if (real) scores = np.where(real.greater(0).reshape([batch, 1, 1, tokens]), scores, ignored)
  const mixed = np
    .matmul(nn.softmax(scores, -1), project('value'))
    .transpose([0, 2, 1, 3])
    .reshape([batch, tokens, width])
  x.dispose()
  return linear(p, `${name}/attention/output`, mixed)
}

function mlp(p: JaxParams, name: string, x: JaxArray): JaxArray {
  return linear(p, `${name}/mlp/out`, nn.gelu(linear(p, `${name}/mlp/in`, x), { approximate: false }))
}

function patches(x: JaxArray, size: number): JaxArray {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape
  const [rows, columns] = [height / size, width / size]
  return x
    .reshape([batch, rows, size, columns, size, channels])
    .transpose([0, 1, 3, 2, 4, 5])
    .reshape([batch, rows * columns, size * size * channels])
}
