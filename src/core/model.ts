import type { Tensor } from '@tensorflow/tfjs'
import type { Knobs, Values } from './knob'

/**
 * What enters a model: images [batch, height, width, channels], or token ids [batch, length] (0 is padding): of one
 * text, [CLS] a [SEP], or of `pairs`, [CLS] a [SEP] b [SEP].
 */
export type InputSpec =
  | {
      readonly task: 'image'
      readonly shape: readonly [height: number, width: number, channels: number]
      readonly classes: number
    }
  | {
      readonly task: 'text'
      readonly vocabulary: number
      readonly length: number
      readonly classes: number
      readonly pairs?: true
    }

/** How a tensor starts: normal with this deviation (cut at two), uniform in +-limit, or a constant. */
export type Init =
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'uniform'; readonly limit: number }
  | { readonly kind: 'constant'; readonly value: number }

/** One parameter tensor. Linear weights are [in, out]. */
export interface TensorSpec {
  /**
   * Unique within the model, path-like: `block0/attention/query/weights`. The first part says where it stands: `embed`,
   * `token` or `positions` before the blocks; `block0` and so on; then `head`, and whatever else comes after them.
   * Rates of layers go by it (engine/executor/rates.ts).
   */
  readonly name: string
  readonly shape: readonly number[]
  readonly init: Init
  /** May be pruned: only matrices of linear layers inside the blocks (docs/algorithms.md 0.5). */
  readonly prunable: boolean
  /** Takes part in weight decay: matrices yes; biases, norms and embeddings no. */
  readonly decay: boolean
  /**
   * A method multiplies units of the model by these numbers, one a unit. They have a pace and rules of their own
   * (`GateRule`) and never decay.
   */
  readonly gate?: true
  /**
   * The heads or neurons that share the tensor, where there are any: it may be a matrix, the bias at their entry, or a
   * tensor of the method.
   */
  readonly units?: UnitSlices
  /**
   * A setting on the device: it has no gradient and no optimizer moves it; only a method's own cut changes it
   * (`Method.cut`).
   */
  readonly fixed?: true
  /** Training leaves it as it is (`training.frozenEmbeddings`): it has no gradient and does not decay. */
  readonly frozen?: true
  /** Share of it that takes part in the result of one token; 1 unless said otherwise, 1/4 for one of four experts. */
  readonly active?: number
}

/**
 * A tensor cut into `count` equal runs, one a unit: along its last axis (columns of a matrix) where it leads into its
 * units, or along its first (rows) where it leads out of them (docs/algorithms.md 2.3).
 */
export interface UnitSlices {
  readonly kind: 'head' | 'neuron'
  /** Tensors of one layer hold parts of the same units. */
  readonly layer: string
  readonly side: 'enters' | 'leaves'
  readonly count: number
}

/** The heads or neurons of one layer, as the forward pass meets them. */
export interface UnitSite {
  readonly kind: 'head' | 'neuron'
  /** As in `UnitSlices.layer`. */
  readonly layer: string
  readonly count: number
  /** Length of a token where it enters the layer. */
  readonly width: number
}

/** Where rows go that are dealt out to experts of `capacity` rows each; all int32, -1 for nowhere. */
export interface Route {
  /** The expert that each token asks for, [tokens]. */
  readonly expert: Tensor
  /** Its place among the experts' rows, [tokens]: expert * capacity + how many came before it. */
  readonly place: Tensor
  /** The token in each place, [experts * capacity]. */
  readonly token: Tensor
}

/** Which tokens the rows hold where they are no longer the batch's tokens in their order. */
export interface Dealt {
  /** The token in each row, int32 [rows], -1 for none. Called only by code that watches a forward pass. */
  readonly token: () => Tensor
  /** Of the batch. */
  readonly tokens: number
}

/** What follows a linear layer, in this order; on WebGPU it costs no pass of its own. */
export interface LinearOptions {
  /** Exact, with erf. */
  readonly activation?: 'gelu'
  /** The site of a dropout, as in `Nn.dropout`. */
  readonly dropout?: number
  /** Added at the end; of the result's shape. */
  readonly residual?: Tensor
}

/**
 * The operations that models are made of. Each is differentiable with respect to every tensor argument but ids and
 * images. On WebGPU and in tfjs-wasm's memory they are kernels of ours, elsewhere compositions of tfjs operations;
 * results agree to 1e-4.
 */
export interface Nn {
  /** x [..., in] times weights [in, out] plus bias [out]: [..., out]; then what the options ask for. */
  linear(x: Tensor, weights: Tensor, bias: Tensor, options?: LinearOptions): Tensor
  /**
   * The linear layers for query, key and value, of one size on the same x; their results beside each other: [..., 3
   * out].
   */
  linears(x: Tensor, weights: readonly Tensor[], biases: readonly Tensor[]): Tensor
  tanh(x: Tensor): Tensor
  /** Normalises the last axis of x [..., d], then scales and shifts by [d]. */
  layerNorm(x: Tensor, scale: Tensor, shift: Tensor, epsilon: number): Tensor
  /**
   * Multi-head softmax(q k^T / sqrt(d_head)) v: [batch, tokens, d]. Query, key and value lie beside each other in each
   * row of
   * `stacked` [batch, tokens, 3 d]. Keys whose id in `ids` [batch, tokens] is 0 are ignored.
   */
  attention(stacked: Tensor, heads: number, ids?: Tensor): Tensor
  /** Rows of table [n, d] at ids [batch, tokens] (int32). */
  embedding(table: Tensor, ids: Tensor): Tensor
  /** Which text of a pair each token is of: int32 [batch, tokens], 1 after the first [SEP] (id 3), else 0. */
  segments(ids: Tensor): Tensor
  /**
   * Inverted dropout in training, identity in evaluation; `site` numbers the place in the model, so that masks differ.
   */
  dropout(x: Tensor, site: number): Tensor
  /**
   * Outputs of a layer's units beside each other, [..., count * size], on their way into the matrix by which they
   * leave: unchanged, unless the method changes them (`UnitHook`). `input` [..., width] is what entered the layer.
   */
  units(x: Tensor, site: UnitSite, input: Tensor): Tensor
  /**
   * The `count` entries of largest size in every row of x [..., n], 0 in the place of the others; of equal ones the
   * first stay. Only what stays has a gradient. @param count a number, or a tensor of one that may change between runs
   * of a recording
   */
  strongest(x: Tensor, count: number | Tensor): Tensor
  /**
   * Deals tokens out by their rows of `probabilities` [tokens, experts]. Each token asks for the expert of its largest
   * entry (the first of equal ones), and each expert takes the tokens that come first. A token whose expert is full
   * goes nowhere, and so does a row without a positive entry. No gradient.
   */
  route(probabilities: Tensor, capacity: number): Route
  /**
   * Row rows[i] of x [n, d], or zeros where rows[i] is -1: [m, d]. `back` [n] must be the inverse of `rows` [m]: the
   * place to which each row of x went, -1 for none.
   */
  take(x: Tensor, rows: Tensor, back: Tensor): Tensor
  /** Runs `f` on rows that were dealt out; `rows` says which token each holds. */
  among<T>(dealt: Dealt, f: () => T): T
  /** What `f` computes, as a number: no gradient flows into it. */
  constant(f: () => Tensor): Tensor
  /**
   * Adds the gradient of a scalar to that of the loss in training; the loss that is shown does not contain it.
   * Evaluation never calls `f`.
   */
  penalise(f: () => Tensor): void
  /**
   * The images of a batch cut into patches: [batch, (h/p)(w/p), p p c]. Images are data: no gradient flows to them.
   * @param side scales them to side x side first (src/core/bilinear.ts); left out, they stay as they are
   */
  patches(images: Tensor, size: number, side?: number): Tensor
  /** The images of a batch as rows [batch, h w c]; this and `patches` are the only ways to read them. */
  pixels(images: Tensor): Tensor
}

/**
 * The way from a batch to the token vectors that its classifier reads: what a model learns before its task is learnt
 * by these parts (core/objective.ts).
 */
export interface Trunk<K extends Knobs = Knobs> {
  /** Vectors of the patches or tokens alone, before positions: [batch, tokens, width]. */
  embed(nn: Nn, params: Readonly<Record<string, Tensor>>, input: Tensor, values: Values<K>): Tensor
  /** What `embed` reads of images: [batch, patches, numbers of a patch]; left out where it reads texts. */
  patches?(nn: Nn, images: Tensor, values: Values<K>): Tensor
  /**
   * What the blocks make of them, a class token first where there is one: [batch, tokens, width].
   * @param input as in `Model.forward`
   */
  encode(
    nn: Nn,
    params: Readonly<Record<string, Tensor>>,
    embedded: Tensor,
    input: Tensor,
    values: Values<K>,
    spec: InputSpec,
  ): Tensor
  /** The vector of an example, which the classifier reads: [batch, width]. */
  pool(nn: Nn, params: Readonly<Record<string, Tensor>>, encoded: Tensor, input: Tensor, values: Values<K>): Tensor
  /** Tensors that only `pool` or the classifier reads, by the first part of their names. */
  readonly above: readonly string[]
}

/** A model is a recipe: its tensors and the way from a batch to logits [batch, classes]. No plumbing. */
export interface Model<K extends Knobs = Knobs> {
  readonly label: string
  /** Paper or source of the architecture. */
  readonly cite: string
  readonly task: 'image' | 'text' | 'any'
  readonly knobs: K
  /** Named knob values, sizes of the literature or of this playground. */
  readonly sizes: Readonly<Record<string, Partial<Values<K>>>>
  /** @throws Problem when knobs and input do not fit together (patch does not divide the image, heads the width). */
  tensors(values: Values<K>, input: InputSpec): TensorSpec[]
  /**
   * @param input int32 token ids, or images, which may be raw: only `Nn.patches` and `Nn.pixels` read them
   * @param spec as `tensors` saw it
   */
  forward(nn: Nn, params: Readonly<Record<string, Tensor>>, input: Tensor, values: Values<K>, spec: InputSpec): Tensor
  /** Its parts, where it can learn something else before its task; `forward` is made of them. */
  readonly trunk?: Trunk<K>
}

/** Ties knob values to the recipe's functions. */
export function model<K extends Knobs>(recipe: Model<K>): Model<K> {
  return recipe
}
