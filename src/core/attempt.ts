import type { ProblemData } from './problem'

/**
 * What is put before the model: a held-out example, or one of the reader's own. `further` is a sparsity to which the
 * model is pruned for a look, besides; `attention` names a head whose attention is wanted.
 */
export type Attempt = {
  readonly further?: number
  readonly attention?: { readonly block: number; readonly head: number } | undefined
} & (
  | {
      readonly kind: 'held'
      /** 0-based; counts on from the first one after the last. */
      readonly index: number
      /** Takes the first one from there on that the model gets wrong. */
      readonly wrong?: boolean
    }
  | { readonly kind: 'text'; readonly text: string; readonly second?: string }
  /** A picture of the size that the model reads, as bytes [height, width, 3]. */
  | { readonly kind: 'image'; readonly rgb: Uint8Array }
)

/** What the model read: pixels and how they are cut into parts, or word pieces, each of which is a part. */
export type Read =
  | {
      readonly kind: 'image'
      readonly height: number
      readonly width: number
      /** [height, width, 3]. */
      readonly rgb: Uint8Array
      readonly rows: number
      readonly columns: number
    }
  /** `pairs`: the model reads two texts at once. */
  | { readonly kind: 'text'; readonly pieces: readonly string[]; readonly pairs: boolean }

/** To which parts of an example one head attends. */
export interface Attention {
  readonly block: number
  readonly head: number
  /** How many the model has, and how many this block. */
  readonly blocks: number
  readonly heads: number
  /** Who attends: the class token, from which the model answers, or all tokens on average. */
  readonly from: 'class' | 'all'
  /** Of each part, as in `Answer.influence`; an image's class token, which is no part, gives itself the rest of 1. */
  readonly shares: readonly number[]
}

/** What the model makes of an example. */
export interface Answer {
  /** Number of the held-out example; null for the reader's own. */
  readonly index: number | null
  readonly classes: readonly string[]
  /** Of each class; they sum to 1. */
  readonly probabilities: readonly number[]
  /** Class number that the model gives. */
  readonly given: number
  /** Class number that is right; null for the reader's own. */
  readonly right: number | null
  readonly read: Read
  /**
   * By how much the probability of the given class falls where a part is hidden (occlusion, Zeiler and Fergus,
   * arXiv:1311.2901): [rows x columns], row by row, or one a piece. Below 0 where it rises; 0 for [CLS] and [SEP],
   * which are not hidden.
   */
  readonly influence: readonly number[]
  /** Where it was asked for and the model has such. */
  readonly attention?: Attention
}

/** An answer, or why there is none. */
export interface Attempted {
  readonly answer?: Answer
  /** What the model answered right before its first mask change; absent where those weights are not held. */
  readonly before?: Answer
  /** What it answers if it is pruned further, by the scores of its last mask change; where that was asked for. */
  readonly further?: Answer
  readonly problem?: ProblemData
}

/** A held-out example as a person reads it: bytes [height, width, 3], or its text. */
export type Seen =
  | { readonly kind: 'image'; readonly height: number; readonly width: number; readonly rgb: Uint8Array }
  | { readonly kind: 'text'; readonly text: string }
