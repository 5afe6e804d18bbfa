/** How the pixels of a PNG are stored. */
export interface PngHeader {
  readonly width: number
  readonly height: number
  /** Bits a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number
  /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha. */
  readonly colour: number
  /** Samples a pixel. */
  readonly channels: number
  readonly interlaced: boolean
}

/** Which pixels a pass takes: the first one, and the distance to the next, in a row and in a column. */
interface Pass {
  readonly x: number
  readonly y: number
  readonly dx: number
  readonly dy: number
}

const whole: readonly Pass[] = [{ x: 0, y: 0, dx: 1, dy: 1 }]

/** Adam7: https://www.w3.org/TR/png-3/#8InterlaceMethods */
const adam7: readonly Pass[] = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
]

/** Samples a pixel of a colour type, 0 where PNG does not know the type, or not at this depth. */
export function channelsOf(colour: number, depth: number): number {
  const depths: Readonly<Record<number, readonly number[]>> = {
    0: [1, 2, 4, 8, 16],
    2: [8, 16],
    3: [1, 2, 4, 8],
    4: [8, 16],
    6: [8, 16],
  }
  const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
  return depths[colour]?.includes(depth) ? (channels[colour] ?? 0) : 0
}

/** Bytes of all rows, unpacked; the first byte of each row names its filter. */
export function lengthOf(header: PngHeader): number {
  return passesOf(header).reduce((sum, pass) => sum + pass.rows * (1 + pass.rowBytes), 0)
}

/**
 * Undoes the filters and splits the rows into samples as they are stored, [height, width, channels]. Changes `data`.
 */
export function samplesOf(header: PngHeader, data: Uint8Array): Uint8Array | Uint16Array {
  const { width, height, depth, channels } = header
  const count = width * height * channels
  const samples = depth === 16 ? new Uint16Array(count) : new Uint8Array(count)
  const step = Math.max(1, (depth * channels) >> 3)
  let at = 0
  for (const { x, y, dx, dy, columns, rows, rowBytes } of passesOf(header)) {
    let above: Uint8Array = new Uint8Array(rowBytes)
    for (let r = 0; r < rows; r++) {
      const row = data.subarray(at + 1, at + 1 + rowBytes)
      unfilter(data[at] as number, row, above, step)
      const start = ((y + r * dy) * width + x) * channels
      if (depth === 8 && dx === 1) samples.set(row, start)
      else
        for (let column = 0; column < columns; column++) {
          const to = start + column * dx * channels
          for (let c = 0; c < channels; c++) samples[to + c] = sample(row, column * channels + c, depth)
        }
      above = row
      at += 1 + rowBytes
    }
  }
  return samples
}

function passesOf({ width, height, depth, channels, interlaced }: PngHeader) {
  return (interlaced ? adam7 : whole).flatMap((pass) => {
    const columns = Math.ceil((width - pass.x) / pass.dx)
    const rows = Math.ceil((height - pass.y) / pass.dy)
    return columns > 0 && rows > 0
      ? [{ ...pass, columns, rows, rowBytes: Math.ceil((columns * channels * depth) / 8) }]
      : []
  })
}

/** Sample `i` of a row of packed samples; the first lies in the upper bits. */
function sample(row: Uint8Array, i: number, depth: number): number {
  if (depth === 8) return row[i] as number
  if (depth === 16) return (row[2 * i] as number) * 256 + (row[2 * i + 1] as number)
  const bit = i * depth
  return ((row[bit >> 3] as number) >> (8 - depth - (bit & 7))) & (2 ** depth - 1)
}

/**
 * Adds to each byte what its filter predicted: https://www.w3.org/TR/png-3/#9Filters. `step` is the bytes of a pixel.
 */
function unfilter(filter: number, row: Uint8Array, above: Uint8Array, step: number): void {
  const foretold = filters[filter]
  if (foretold === undefined) throw new Error(`filter ${filter} does not exist`)
  if (foretold === null) return
  for (let i = 0; i < row.length; i++) {
    const left = i < step ? 0 : (row[i - step] as number)
    const corner = i < step ? 0 : (above[i - step] as number)
    row[i] = (row[i] as number) + foretold(left, above[i] as number, corner)
  }
}

const filters: readonly (((left: number, up: number, corner: number) => number) | null)[] = [
  null,
  (left) => left,
  (_, up) => up,
  (left, up) => (left + up) >> 1,
  paeth,
]

/** Whichever of the three is nearest to left + up - corner. */
function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner)
  const toUp = Math.abs(left - corner)
  const toCorner = Math.abs(left + up - 2 * corner)
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}
