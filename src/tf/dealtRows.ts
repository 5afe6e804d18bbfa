import type { Dealt, Nn } from '../core/model'

/** Operations that know, while an expert works on rows that were dealt out to it, whose rows these are. */
export interface Following {
  readonly nn: Nn
  /** Undefined where rows are the batch's tokens in their order. */
  dealt(): Dealt | undefined
}

/** For who watches a forward pass (`Nn.among`). */
export function following(nn: Nn): Following {
  let current: Dealt | undefined
  return {
    dealt: () => current,
    nn: {
      ...nn,
      among(dealt, f) {
        current = dealt
        try {
          return nn.among(dealt, f)
        } finally {
          current = undefined
        }
      },
    },
  }
}
