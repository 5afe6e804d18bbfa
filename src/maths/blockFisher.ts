/** The inverse of a Fisher matrix in blocks, from gradients one after the other (Kurtic et al., arXiv:2203.07259). */

/** Blocks [block, block] along the diagonal of (damping I + 1/gradients sum g g^T)^-1, one after the other. */
export interface BlockFisher {
  readonly inverse: Float64Array
  readonly block: number
  /** How many gradients will come. */
  readonly gradients: number
}

/** Before the first gradient. @param size weights; those that the last block has too many have no gradient */
export function freshFisher(size: number, block: number, gradients: number, damping: number): BlockFisher {
  const inverse = new Float64Array(Math.ceil(size / block) * block * block)
  for (let i = 0; i < inverse.length / block; i++) inverse[i * block + (i % block)] = 1 / damping
  return { inverse, block, gradients }
}

/** Takes a gradient in, by the formula of Sherman and Morrison. */
export function addGradient({ inverse, block, gradients }: BlockFisher, g: ArrayLike<number>): void {
  const moved = new Float64Array(block)
  for (let from = 0, at = 0; from < g.length; from += block, at += block * block) {
    const size = Math.min(block, g.length - from)
    let sum = gradients
    for (let i = 0; i < size; i++) {
      let product = 0
      for (let j = 0; j < size; j++) product += (inverse[at + i * block + j] as number) * (g[from + j] as number)
      moved[i] = product
      sum += product * (g[from + i] as number)
    }
    for (let i = 0; i < size; i++) {
      const factor = (moved[i] as number) / sum
      if (factor === 0) continue
      const row = at + i * block
      for (let j = 0; j < size; j++) inverse[row + j] = (inverse[row + j] as number) - factor * (moved[j] as number)
    }
  }
}

/** Entry i of the inverse's diagonal. */
export function diagonalOf({ inverse, block }: BlockFisher, i: number): number {
  return inverse[i * block + (i % block)] as number
}

/** The inverse times a vector. */
export function timesInverse({ inverse, block }: BlockFisher, v: Float64Array): Float64Array {
  return v.map((_, i) => {
    const from = i - (i % block)
    let sum = 0
    for (let j = 0; j < Math.min(block, v.length - from); j++)
      sum += (inverse[i * block + j] as number) * (v[from + j] as number)
    return sum
  })
}
