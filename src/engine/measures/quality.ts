/** Share of the most frequent label, 0 for none: the accuracy of always giving that answer. */
export function majorityShare(labels: Uint8Array): number {
  const counts = new Map<number, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return Math.max(0, ...counts.values()) / Math.max(1, labels.length)
}

/**
 * Accuracy and mean cross-entropy of logits [examples, classes] against labels; further rows of the logits are padding.
 */
export function score(
  logits: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
): { accuracy: number; loss: number } {
  let right = 0
  let loss = 0
  for (let row = 0; row < labels.length; row++) {
    const of = logits.subarray(row * classes, (row + 1) * classes)
    const label = labels[row] ?? 0
    let best = 0
    for (let c = 1; c < classes; c++) if ((of[c] ?? 0) > (of[best] ?? 0)) best = c
    const top = of[best] ?? 0
    const sum = of.reduce((total, logit) => total + Math.exp(logit - top), 0)
    loss += Math.log(sum) + top - (of[label] ?? 0)
    if (best === label) right++
  }
  const count = Math.max(1, labels.length)
  return { accuracy: right / count, loss: loss / count }
}
