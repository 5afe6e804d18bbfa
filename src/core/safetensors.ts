/** Types of arrays, by their names in such a file. */
export const arrayTypes = {
  F64: Float64Array,
  F32: Float32Array,
  U32: Uint32Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
} as const

export type TypedArray = Float64Array | Float32Array | Uint32Array | Uint16Array | Int8Array | Uint8Array

/** A tensor to be written. */
export interface NamedArray {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: TypedArray
}

/**
 * A safetensors file (github.com/huggingface/safetensors): header length in 8 bytes, JSON header padded to 8 bytes,
 * data. Wide numbers come first, so that every tensor lies on a multiple of its numbers' bytes; else the order stays.
 * @param metadata free text values, kept under `__metadata__`
 */
export function safetensorsFile(
  arrays: readonly NamedArray[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const ordered = [...arrays].sort((a, b) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT)
  const header = new TextEncoder().encode(headerOf(ordered, metadata))
  const file = new Uint8Array(8 + header.length + ordered.reduce((sum, { values }) => sum + values.byteLength, 0))
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true)
  file.set(header, 8)
  let at = 8 + header.length
  for (const { values } of ordered) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
    at += values.byteLength
  }
  return file
}

function headerOf(ordered: readonly NamedArray[], metadata: Readonly<Record<string, string>>): string {
  let offset = 0
  const rows = ordered.map(({ name, shape, values }) => {
    const begin = offset
    offset += values.byteLength
    return [name, { dtype: typeOf(values), shape, data_offsets: [begin, offset] }] as const
  })
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(rows) })
  const length = new TextEncoder().encode(json).length
  return json + ' '.repeat((8 - (length % 8)) % 8)
}

/** The name of an array's type. @throws TypeError where it has none: a mistake in the program */
function typeOf(values: TypedArray): string {
  const found = Object.entries(arrayTypes).find(([, type]) => values instanceof type)
  if (!found) throw new TypeError(`Arrays of ${Object.prototype.toString.call(values)} have no name in safetensors.`)
  return found[0]
}
