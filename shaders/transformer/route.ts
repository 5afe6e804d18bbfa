/** The twin of route.wgsl. @param probabilities [tokens, experts] @returns as `Route` of src/core/model.ts */
export function route(
  probabilities: ArrayLike<number>,
  experts: number,
  capacity: number,
): { expert: Int32Array; place: Int32Array; token: Int32Array } {
  const tokens = probabilities.length / experts
  const expert = Int32Array.from({ length: tokens }, (_, i) => expertOf(probabilities, i * experts, experts))
  const place = new Int32Array(tokens).fill(-1)
  const token = new Int32Array(experts * capacity).fill(-1)
  const counts = new Int32Array(experts)
  expert.forEach((asked, i) => {
    if (asked < 0) return
    const before = counts[asked] ?? 0
    counts[asked] = before + 1
    if (before >= capacity) return
    place[i] = asked * capacity + before
    token[asked * capacity + before] = i
  })
  return { expert, place, token }
}

/** The first of the largest entries of a row, -1 where none is positive. */
function expertOf(probabilities: ArrayLike<number>, start: number, experts: number): number {
  let [found, largest] = [-1, 0]
  for (let e = 0; e < experts; e++) {
    const p = probabilities[start + e] ?? 0
    if (p > largest) [found, largest] = [e, p]
  }
  return found
}
