import type { SavedTensor } from '../engine/session'

/** Bytes of one entry of a safetensors file. */
interface Entry {
  readonly name: string
  readonly dtype: 'F32' | 'U8'
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/**
 * A safetensors file (github.com/huggingface/safetensors): header length in 8 bytes, JSON header padded to 8 bytes, data.
 * Weights are F32 under their name, masks U8 (1 = kept) under `<name>.mask`.
 * @param metadata free text values, kept under `__metadata__`
 */
export function toSafetensors(tensors: readonly SavedTensor[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const entries = tensors.flatMap(entriesOf)
  const header = new TextEncoder().encode(headerOf(entries, metadata))
  const file = new Uint8Array(8 + header.length + entries.reduce((sum, e) => sum + e.bytes.length, 0))
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true)
  file.set(header, 8)
  let at = 8 + header.length
  for (const { bytes } of entries) {
    file.set(bytes, at)
    at += bytes.length
  }
  return file
}

function entriesOf({ name, shape, values, mask }: SavedTensor): Entry[] {
  const weights: Entry = { name, dtype: 'F32', shape, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) }
  return mask ? [weights, { name: `${name}.mask`, dtype: 'U8', shape, bytes: mask }] : [weights]
}

/** F32 data comes first, so that every F32 tensor lies on a multiple of 4; the header's padding makes the data start on 8. */
function headerOf(entries: Entry[], metadata: Readonly<Record<string, string>>): string {
  entries.sort((a, b) => Number(a.dtype === 'U8') - Number(b.dtype === 'U8'))
  let offset = 0
  const rows = entries.map(({ name, dtype, shape, bytes }) => {
    const begin = offset
    offset += bytes.length
    return [name, { dtype, shape, data_offsets: [begin, offset] }] as const
  })
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(rows) })
  const length = new TextEncoder().encode(json).length
  return json + ' '.repeat((8 - (length % 8)) % 8)
}
