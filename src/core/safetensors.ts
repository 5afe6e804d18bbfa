/** A tensor to be written: floats as F32, bytes as U8, signed bytes as I8. */
export interface NamedArray {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array | Uint8Array | Int8Array
}

/**
 * A safetensors file (github.com/huggingface/safetensors): header length in 8 bytes, JSON header padded to 8 bytes,
 * data. F32 data comes first, so that every F32 tensor lies on a multiple of 4.
 * @param metadata free text values, kept under `__metadata__`
 */
export function safetensorsFile(arrays: readonly NamedArray[], metadata: Readonly<Record<string, string>>): Uint8Array {
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

function typeOf(values: NamedArray['values']): 'F32' | 'I8' | 'U8' {
  return values instanceof Float32Array ? 'F32' : values instanceof Int8Array ? 'I8' : 'U8'
}
