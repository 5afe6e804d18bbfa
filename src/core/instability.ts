/** Generalization stability (docs/algorithms.md 2.25): what a mask change costs before training can make up for it. */
import { summarise } from './statistics'

/**
 * A model's quality on held-out examples: share of right answers, mean cross-entropy in nats; F1 of one class, from 0
 * to 1, where the data set says of which (`Examples.positive`).
 */
export interface Quality {
  readonly accuracy: number
  readonly f1?: number
  readonly loss: number
}

/** A mask change that was watched: the model right before and right after it, on the same held-out examples. */
export interface WatchedCut {
  /** Training steps done; 0 for everything that happens before training. */
  readonly step: number
  /** Share of prunable weights that are zero after it. */
  readonly sparsity: number
  readonly before: Quality
  readonly after: Quality
}

/** Accuracy lost at a mask change, as a share of the examples; negative where it rose. */
export function dropOf({ before, after }: Pick<WatchedCut, 'before' | 'after'>): number {
  return before.accuracy - after.accuracy
}

/**
 * Mean accuracy lost at the mask changes (Bartoldson et al., arXiv:1906.03728), null for none. Those before training do
 * not count: a model that has learnt nothing has nothing to lose.
 */
export function instabilityOf(cuts: readonly WatchedCut[]): number | null {
  return summarise(inTraining(cuts).map(dropOf))?.mean ?? null
}

/**
 * Mean of the accuracy lost over the accuracy before, over the changes before which there was accuracy to lose; null
 * for none.
 */
export function normalisedInstabilityOf(cuts: readonly WatchedCut[]): number | null {
  const able = inTraining(cuts).filter(({ before }) => before.accuracy > 0)
  return summarise(able.map((cut) => dropOf(cut) / cut.before.accuracy))?.mean ?? null
}

/** Cuts of a model that has begun to learn. */
export function inTraining(cuts: readonly WatchedCut[]): readonly WatchedCut[] {
  return cuts.filter(({ step }) => step > 0)
}

/**
 * At most `most` of the entries, evenly spread, the first and the last among them; only the last where one is asked
 * for.
 */
export function spread<T>(entries: readonly T[], most: number): T[] {
  const last = entries.length - 1
  if (entries.length <= most) return [...entries]
  if (most <= 1) return entries.slice(entries.length - most)
  return Array.from({ length: most }, (_, i) => entries[Math.round((i * last) / (most - 1))] as T)
}
