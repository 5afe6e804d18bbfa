/** Paired answers of two models: whether more were broken than mended than chance explains (McNemar, 1947). */

/**
 * Exact p, two-sided: how probable a split at least as uneven is, if each answer that changed was as likely to be
 * broken as mended. 1 where none changed.
 */
export function mcnemar(broken: number, mended: number): number {
  const least = Math.max(broken, mended)
  return tailsOf(broken + mended).find(({ more }) => more === least)?.p ?? 1
}

/**
 * The largest difference of broken and mended answers that chance explains at a level: a larger one has a p of at most
 * `level`. It is `changed` itself where these are too few to tell anything.
 */
export function chanceRange(changed: number, level: number): number {
  const found = tailsOf(changed).find(({ p }) => p > level)
  return found ? 2 * found.more - changed : 0
}

/** The two-sided p of each split of so many changes, from the most uneven one to the evenest. */
function tailsOf(changed: number): { readonly more: number; readonly p: number }[] {
  const tails = []
  // In logarithms, for a share of 2^-changed is no number of a computer where thousands changed.
  let log = -changed * Math.LN2
  let tail = 0
  for (let more = changed; more >= changed / 2; more--) {
    tail += Math.exp(log)
    tails.push({ more, p: Math.min(1, 2 * tail) })
    log += Math.log(more / (changed - more + 1))
  }
  return tails
}
