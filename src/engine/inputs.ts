/** Sums over the inputs of matrices, by their names; [in] or [in, in], in doubles. */
export type InputSums = Map<string, Float64Array>

/** Adds a batch's part for these matrices. */
export function addSums(sums: InputSums, names: readonly string[], part: Float32Array): void {
  for (const name of names) {
    const sum = sums.get(name) ?? new Float64Array(part.length)
    part.forEach((value, i) => { sum[i] = (sum[i] ?? 0) + value })
    sums.set(name, sum)
  }
}
