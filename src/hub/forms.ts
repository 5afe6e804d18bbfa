/** How a tensor of ours lies in the files of others. Shapes are [rows, columns] and so on, outermost first. */
export interface Form {
  /** The shape there of a tensor that has this shape here. */
  there(here: readonly number[]): readonly number[]
  /** Whether a stored shape will do; where left out, only the one that `there` tells. */
  fits?(stored: readonly number[], here: readonly number[]): boolean
  /** Their numbers in our order. */
  read(values: Float32Array, here: readonly number[], stored: readonly number[]): Float32Array<ArrayBuffer>
  /** Our numbers in their order. */
  write(values: Float32Array, here: readonly number[]): Float32Array<ArrayBuffer>
}

/** As it is. */
export const same: Form = {
  there: (here) => here,
  read: (values) => values.slice(),
  write: (values) => values.slice(),
}

/** Weights of a linear layer: [in, out] here, [out, in] there. */
export const turned: Form = {
  there: ([fanIn = 0, fanOut = 0]) => [fanOut, fanIn],
  read: (values, [fanIn = 0, fanOut = 0]) => transposed(values, fanOut, fanIn),
  write: (values, [fanIn = 0, fanOut = 0]) => transposed(values, fanIn, fanOut),
}

/** Part `index` of three that lie below each other there, as query, key and value of timm do. */
export function third(index: number, form: Form): Form {
  return {
    there: (here) => {
      const [rows = 0, ...rest] = form.there(here)
      return [3 * rows, ...rest]
    },
    read: (values, here, [rows = 0, ...rest]) => {
      const size = values.length / 3
      return form.read(values.subarray(index * size, (index + 1) * size), here, [rows / 3, ...rest])
    },
    write: () => {
      throw new TypeError('Three tensors lie in one; files are written under the names of transformers.')
    },
  }
}

/** A table [rows, width] with an axis of 1 before it there, as a batch has. */
export function batched(form: Form): Form {
  return {
    there: (here) => [1, ...form.there(here)],
    fits: ([one, ...stored], here) =>
      one === 1 && (form.fits?.(stored, here) ?? stored.join() === form.there(here).join()),
    read: (values, here, [, ...stored]) => form.read(values, here, stored),
    write: (values, here) => form.write(values, here),
  }
}

/** A table that may be longer there: its first rows are taken. */
export const firstRows: Form = {
  there: (here) => here,
  fits: ([rows = 0, width], here) => rows >= (here[0] ?? 0) && width === here[1],
  read: (values, [rows = 0, width = 0]) => values.slice(0, rows * width),
  write: (values) => values.slice(),
}

/** A table whose row `rows[i]` there is row i here; further rows there are left out. */
export function gathered(rows: Int32Array): Form {
  const longest = rows.reduce((most, row) => Math.max(most, row + 1), 0)
  return {
    there: ([, width = 0]) => [longest, width],
    fits: ([stored = 0, width], here) => stored >= longest && width === here[1] && rows.length === here[0],
    read: (values, [count = 0, width = 0]) => {
      const table = new Float32Array(count * width)
      rows.forEach((row, i) => table.set(values.subarray(row * width, (row + 1) * width), i * width))
      return table
    },
    write: () => {
      throw new TypeError('Files are written with the vocabulary of the model here, row by row.')
    },
  }
}

/**
 * The layer of patches: a convolution [width, channels, patch, patch] there; here it multiplies the numbers of a patch
 * in the order of `Nn.patches`, [patch patch channels, width].
 */
export function patches(patch: number, channels: number): Form {
  const area = patch * patch
  return {
    there: ([, width = 0]) => [width, channels, patch, patch],
    read: (values, here) => transposed(swapped(values, channels, area), here[1] ?? 0, area * channels),
    write: (values, here) => swapped(transposed(values, area * channels, here[1] ?? 0), area, channels),
  }
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const turned = new Float32Array(values.length)
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) turned[c * rows + r] = values[r * columns + c] as number
  return turned
}

/** Images [count, cells, channels] as [count, channels, cells]. */
export function channelsFirst(images: Float32Array, cells: number, channels: number): Float32Array<ArrayBuffer> {
  return swapped(images, cells, channels)
}

/** Runs of matrices [rows, columns], each transposed. */
function swapped(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const size = rows * columns
  const result = new Float32Array(values.length)
  for (let at = 0; at < values.length; at += size)
    result.set(transposed(values.subarray(at, at + size), rows, columns), at)
  return result
}
