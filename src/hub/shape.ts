/** What a trained model is, as its `config.json` tells. */
export type Shape = BertShape | VitShape

/** What layer norms here add to the variance (src/models/miniBert.ts, src/models/vitTiny.ts). */
export const epsilons = { bert: 1e-12, vit: 1e-6 } as const satisfies Record<Shape['family'], number>

/** Up to here another one changes a token of variance 1 by less than a hundred thousandth of it. */
export const largestEpsilon = 1e-5

interface Sizes {
  /** Length of a token vector. */
  readonly width: number
  /** Blocks. */
  readonly depth: number
  readonly heads: number
  /** Neurons in the MLP of a block. */
  readonly neurons: number
  /** Added to the variance in every layer norm. */
  readonly epsilon: number
}

export interface BertShape extends Sizes {
  readonly family: 'bert'
  /** Rows of the token table; a vocabulary may have fewer pieces. */
  readonly vocabulary: number
}

export interface VitShape extends Sizes {
  readonly family: 'vit'
  /** Whose names its tensors have. */
  readonly naming: 'transformers' | 'timm'
  readonly patch: number
  readonly channels: number
}
