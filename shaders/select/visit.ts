/** Twin of `visit`: adds the weights that the mask keeps to those that it ever kept; both bit-packed, [words]. */
export function visit(mask: Uint32Array, visited: Uint32Array): void {
  mask.forEach((word, i) => {
    visited[i] = ((visited[i] ?? 0) | word) >>> 0
  })
}
