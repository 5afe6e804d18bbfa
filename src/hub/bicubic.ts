/** Bicubic scaling of square tables, as PyTorch's `interpolate(mode='bicubic', align_corners=False)` does it. */

/**
 * Whose way: `transformers` takes the four nearest cells (a = -0.75); `timm` scales with `antialias=True`, which takes
 * more of them where a table becomes smaller (a = -0.5).
 */
export type Scaling = 'transformers' | 'timm'

/** A table [from * from, width], cells row by row, as [to * to, width]. */
export function scaledTable(
  table: Float32Array,
  { from, to, width }: { readonly from: number; readonly to: number; readonly width: number },
  scaling: Scaling,
): Float32Array<ArrayBuffer> {
  const shares = scaling === 'timm' ? smoothShares(from, to) : sharpShares(from, to)
  const rows = mixed(table, { from, inner: from * width, outer: 1 }, shares)
  return mixed(rows, { from, inner: width, outer: to }, shares)
}

/** Each new cell as shares of old ones along one axis, [to][from]. */
type Shares = readonly Float64Array[]

/** [outer, from, inner] to [outer, to, inner]. */
function mixed(
  values: Float32Array,
  { from, inner, outer }: { readonly from: number; readonly inner: number; readonly outer: number },
  shares: Shares,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(outer * shares.length * inner)
  const sum = new Float64Array(inner)
  for (let o = 0; o < outer; o++) {
    shares.forEach((share, t) => {
      sum.fill(0)
      share.forEach((part, f) => {
        const at = (o * from + f) * inner
        if (part !== 0) for (let i = 0; i < inner; i++) sum[i] = (sum[i] as number) + part * (values[at + i] as number)
      })
      result.set(sum, (o * shares.length + t) * inner)
    })
  }
  return result
}

/** Cells past the border count as those at it. */
function sharpShares(from: number, to: number): Shares {
  return Array.from({ length: to }, (_, t) => {
    const place = ((t + 0.5) * from) / to - 0.5
    const shares = new Float64Array(from)
    for (let near = Math.floor(place) - 1; near <= Math.floor(place) + 2; near++) {
      const cell = Math.min(from - 1, Math.max(0, near))
      shares[cell] = (shares[cell] as number) + cubic(place - near, -0.75)
    }
    return shares
  })
}

/** Cells past the border do not count; the others' shares sum to 1. */
function smoothShares(from: number, to: number): Shares {
  const scale = from / to
  const reach = Math.max(1, scale)
  return Array.from({ length: to }, (_, t) => {
    const place = (t + 0.5) * scale
    const begin = Math.max(0, Math.trunc(place - 2 * reach + 0.5))
    const end = Math.min(from, Math.trunc(place + 2 * reach + 0.5))
    const shares = new Float64Array(from)
    for (let cell = begin; cell < end; cell++) shares[cell] = cubic((cell - place + 0.5) / reach, -0.5)
    const sum = shares.reduce((a, b) => a + b, 0)
    return shares.map((share) => share / sum)
  })
}

/** Cubic convolution (Keys 1981) at a distance. */
function cubic(distance: number, a: number): number {
  const x = Math.abs(distance)
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
}
