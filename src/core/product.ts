/** The sizes of a product of matrices, [m, k] by [k, n], as devices are compared by it. */
export interface ProductSize {
  readonly m: number
  readonly k: number
  readonly n: number
}

/** GFLOP/s of such a product that takes so many nanoseconds; a multiply-add counts as two operations. */
export function gflopsOf({ m, k, n }: ProductSize, ns: number): number {
  return (2 * m * k * n) / ns
}
