/**
 * Bytes that a model's weights take, by how they are stored (docs/algorithms.md 2.28). Headers and names are not
 * counted.
 */
export const storages = ['dense', 'bitmap', 'csr', 'deflated'] as const
export type Storage = (typeof storages)[number]

/** What stands for a value: a 32-bit float, or an int8 code. */
export const valueKinds = ['f32', 'int8'] as const
export type ValueKind = (typeof valueKinds)[number]

/** Bytes: of the prunable matrices alone, and of all parameters, those that are never pruned stored dense. */
export interface Extent {
  readonly prunable: number
  readonly all: number
}

/** What the final model takes, its values as 32-bit floats or as int8 codes with a 32-bit scale a channel. */
export interface SizeReport {
  readonly f32: Readonly<Record<Storage, Extent>>
  readonly int8: Readonly<Record<Storage, Extent>>
  /** Bits of a column's number in `csr`, of each width that occurs; its row pointers have 32. */
  readonly indexBits: readonly number[]
  /** What it comes to, in a sentence. */
  readonly verdict: string
}

/** What sizes are counted from: one tensor of the final model. */
export interface SizedTensor {
  readonly prunable: boolean
  readonly shape: readonly number[]
  /** Weights that are not 0. */
  readonly nonzero: number
  /** Of its int8 codes, those that are not 0, and its scales; null where the tensor stays in 32 bits. */
  readonly int8: { readonly nonzero: number; readonly scales: number } | null
}

/** Bits that a column's number takes in `csr`. */
export function indexBitsOf(columns: number): number {
  return columns <= 2 ** 8 ? 8 : columns <= 2 ** 16 ? 16 : 32
}

/** @param deflated bytes of the dense values once deflated, which only a compressor can tell */
export function sizeReport(tensors: readonly SizedTensor[], deflated: Readonly<Record<ValueKind, Extent>>): SizeReport {
  const f32 = { ...counted(tensors.map(inFloats)), deflated: deflated.f32 }
  const int8 = { ...counted(tensors.map(inCodes)), deflated: deflated.int8 }
  const prunable = tensors.filter((t) => t.prunable)
  const indexBits = [...new Set(prunable.map(({ shape }) => indexBitsOf(shape.at(-1) ?? 1)))].sort((a, b) => a - b)
  return { f32, int8, indexBits, verdict: verdict(prunable, f32, int8) }
}

/** A tensor in one of the two kinds of values. */
interface Stored {
  readonly prunable: boolean
  readonly size: number
  readonly columns: number
  readonly nonzero: number
  /** Of a value. */
  readonly bits: number
  readonly scaleBytes: number
}

function inFloats({ prunable, shape, nonzero }: SizedTensor): Stored {
  return {
    prunable,
    size: shape.reduce((a, b) => a * b, 1),
    columns: shape.at(-1) ?? 1,
    nonzero,
    bits: 32,
    scaleBytes: 0,
  }
}

function inCodes(tensor: SizedTensor): Stored {
  const { int8 } = tensor
  return int8 ? { ...inFloats(tensor), nonzero: int8.nonzero, bits: 8, scaleBytes: 4 * int8.scales } : inFloats(tensor)
}

function counted(tensors: readonly Stored[]): Readonly<Record<Exclude<Storage, 'deflated'>, Extent>> {
  const extent = (bytes: (t: Stored) => number): Extent => {
    const sum = (list: readonly Stored[], of: (t: Stored) => number) =>
      list.reduce((total, t) => total + of(t) + t.scaleBytes, 0)
    const prunable = sum(
      tensors.filter((t) => t.prunable),
      bytes,
    )
    return {
      prunable,
      all:
        prunable
        + sum(
          tensors.filter((t) => !t.prunable),
          dense,
        ),
    }
  }
  return { dense: extent(dense), bitmap: extent(bitmap), csr: extent(csr) }
}

function dense({ size, bits }: Stored): number {
  return (size * bits) / 8
}

/** A bit for every place, and the values that are not 0. */
function bitmap({ size, nonzero, bits }: Stored): number {
  return Math.ceil(size / 8) + (nonzero * bits) / 8
}

/** Where each row begins, and for every value that is not 0 its column. */
function csr({ size, columns, nonzero, bits }: Stored): number {
  return 4 * (size / columns + 1) + (nonzero * (bits + indexBitsOf(columns))) / 8
}

type Sizes = SizeReport['f32']

function verdict(prunable: readonly SizedTensor[], f32: Sizes, int8: Sizes): string {
  const [before, small] = [f32.dense.all, int8.deflated.all]
  const least = `int8 and deflated ${bytesText(small)}, ${(before / small).toFixed(1)} times smaller`
  const pruned = prunable.some(({ nonzero, shape }) => nonzero < shape.reduce((a, b) => a * b, 1))
  if (!pruned)
    return `Nothing is pruned, so only fewer bits make the model smaller: ${bytesText(before)} as floats, ${least}.`
  return (
    'A pruned file is no smaller until you store it sparse or deflated: '
    + `dense it takes ${bytesText(before)} whatever is pruned, `
    + `deflated ${bytesText(f32.deflated.all)}, ${least}.`
  )
}

/** Bytes in kB or MB of a thousand, with one digit: "36.2 kB". */
export function bytesText(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
