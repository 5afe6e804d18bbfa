import type { Quality } from '../../core/instability'

/** Share of the most frequent label, 0 for none: the accuracy of always giving that answer. */
export function majorityShare(labels: Uint8Array): number {
  const counts = new Map<number, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return Math.max(0, ...counts.values()) / Math.max(1, labels.length)
}

/**
 * Accuracy and mean cross-entropy of logits [examples, classes] against labels; further rows of the logits are padding.
 *
 * @param positive the class of which F1 is measured
 */
export function score(logits: Float32Array, labels: ArrayLike<number>, classes: number, positive?: number): Quality {
  let right = 0
  let loss = 0
  let [found, answered, there] = [0, 0, 0]
  for (let row = 0; row < labels.length; row++) {
    const of = logits.subarray(row * classes, (row + 1) * classes)
    const label = labels[row] ?? 0
    const best = highest(of)
    const top = of[best] ?? 0
    const sum = of.reduce((total, logit) => total + Math.exp(logit - top), 0)
    loss += Math.log(sum) + top - (of[label] ?? 0)
    if (best === label) right++
    if (best === positive) answered++
    if (label === positive) there++
    if (best === positive && label === positive) found++
  }
  const count = Math.max(1, labels.length)
  const f1 = positive === undefined ? {} : { f1: f1Of(found, answered, there) }
  return { accuracy: right / count, loss: loss / count, ...f1 }
}

/** The class that logits or probabilities give: the first of the highest. */
export function highest(of: ArrayLike<number>): number {
  let best = 0
  for (let c = 1; c < of.length; c++) if ((of[c] ?? 0) > (of[best] ?? 0)) best = c
  return best
}

/**
 * F1, the harmonic mean of precision and recall, as GLUE computes it: 0 where nothing was found (Wang et al.,
 * arXiv:1804.07461).
 *
 * @param found examples of the class that were answered so
 * @param answered how often the class was the answer
 * @param there how many examples are of it
 */
function f1Of(found: number, answered: number, there: number): number {
  return found === 0 ? 0 : (2 * found) / (answered + there)
}
