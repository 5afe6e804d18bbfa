/** Shapes of tfjs's operations brought to the few lengths that kernels know; null where they know too few. */

type Shape = readonly number[]

/** A run of dimensions, outermost first. */
interface Run<Kind> {
  readonly length: number
  readonly kind: Kind
}

/** Neighbours of one kind are one dimension; dimensions of length 1 are none. */
function runs<Kind>(shape: Shape, kindOf: (i: number) => Kind, joins: (a: Kind, b: Kind) => boolean): Run<Kind>[] {
  const found: Run<Kind>[] = []
  shape.forEach((length, i) => {
    if (length === 1) return
    const kind = kindOf(i)
    const last = found.at(-1)
    if (last && joins(last.kind, kind)) found[found.length - 1] = { length: last.length * length, kind }
    else found.push({ length, kind })
  })
  return found
}

/** Lengths and, of each operand, strides in numbers; 0 along what it repeats. */
export interface Broadcast {
  readonly lengths: readonly [number, number, number]
  readonly a: readonly [number, number, number]
  readonly b: readonly [number, number, number]
}

/** How two operands of the shapes make a result of `to`. */
export function broadcast(a: Shape, b: Shape, to: Shape): Broadcast | null {
  const has = (shape: Shape, i: number) => (shape[i - to.length + shape.length] ?? 1) > 1
  const found = runs(
    to,
    (i) => ({ a: has(a, i), b: has(b, i) }),
    (x, y) => x.a === y.a && x.b === y.b,
  )
  if (found.length > 3) return null
  while (found.length < 3) found.unshift({ length: 1, kind: { a: true, b: true } })
  const strides = (side: 'a' | 'b') => {
    let stride = 1
    return found
      .toReversed()
      .map(({ length, kind }) => {
        const own = kind[side] ? stride : 0
        if (kind[side]) stride *= length
        return own
      })
      .toReversed() as [number, number, number]
  }
  return { lengths: found.map(({ length }) => length) as [number, number, number], a: strides('a'), b: strides('b') }
}

/** Lengths before, of, and after the one run of dimensions that `axes` name. */
export function reduction(shape: Shape, axes: readonly number[]): readonly [number, number, number] | null {
  const found = runs(
    shape,
    (i) => axes.includes(i),
    (x, y) => x === y,
  )
  const at = found.findIndex(({ kind }) => kind)
  if (at < 0) return [found[0]?.length ?? 1, 1, 1]
  if (at > 1 || found.length > at + 2) return null
  return [at === 1 ? (found[0]?.length ?? 1) : 1, found[at]?.length ?? 1, found[at + 1]?.length ?? 1]
}

/** Lengths around, of, and within the two neighbouring runs of dimensions that a transposition swaps. */
export function swapping(shape: Shape, perm: readonly number[]): readonly [number, number, number, number] | null {
  const order = perm.filter((i) => shape[i] !== 1)
  const sorted = order.toSorted((a, b) => a - b)
  const ranks = order.map((i) => sorted.indexOf(i))
  // Dimensions that stay neighbours move together.
  const groups: number[][] = []
  for (const rank of ranks) {
    const last = groups.at(-1)
    if (last?.at(-1) === rank - 1) last.push(rank)
    else groups.push([rank])
  }
  const before = groups.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
  const lengths = before.map((group) => group.reduce((size, rank) => size * (shape[sorted[rank] ?? 0] ?? 1), 1))
  const moved = groups.map((group) => before.indexOf(group)).join()
  const [a = 1, b = 1, c = 1, d = 1] = lengths
  switch (moved) {
    case '':
    case '0':
      return [1, 1, 1, a]
    case '1,0':
      return [1, a, b, 1]
    case '0,2,1':
      return [a, b, c, 1]
    case '1,0,2':
      return [1, a, b, c]
    case '0,2,1,3':
      return [a, b, c, d]
    default:
      return null
  }
}

/** Rows that a slice of one dimension takes from the numbers of a tensor, or puts into them. */
export interface Rows {
  readonly count: number
  /** Numbers from one row of the larger tensor to the next, of one row of the smaller, and before the first. */
  readonly stride: number
  readonly width: number
  readonly begin: number
}

/** The rows that `small` takes of `large` from `begin` on, where they differ in one dimension at most. */
export function rowsOf(large: Shape, small: Shape, begin: Shape): Rows | null {
  const axes = large.flatMap((length, i) => (length === small[i] ? [] : [i]))
  if (axes.length > 1) return null
  const axis = axes[0] ?? 0
  const inner = large.slice(axis + 1).reduce((a, b) => a * b, 1)
  return {
    count: large.slice(0, axis).reduce((a, b) => a * b, 1),
    stride: (large[axis] ?? 1) * inner,
    width: (small[axis] ?? 1) * inner,
    begin: (begin[axis] ?? 0) * inner,
  }
}
