/** Reads the header of a safetensors file; safetensors.ts writes such files. */
import { Problem } from './problem'

/** Where a tensor lies in a safetensors file; `begin` and `end` count bytes from the start of the file. */
export interface StoredTensor {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

/** What the header of a safetensors file says, tensors in the order of their data. */
export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>
  readonly tensors: ReadonlyMap<string, StoredTensor>
}

/** The format's own limit on its header. */
const longestHeader = 100e6
const notOne = 'Write it with safetensors.torch.save_file, or as docs/replay/record_trace.py does.'

/** Bytes of the header, as the file's first 8 bytes say. @throws Problem when that is impossible */
export function headerLength(first: Uint8Array, fileLength: number, path: string): number {
  const length = first.length < 8 ? 0 : Number(new DataView(first.buffer, first.byteOffset).getBigUint64(0, true))
  if (length >= 2 && length <= Math.min(longestHeader, fileLength - 8)) return length
  throw new Problem(
    `${path} is no safetensors file: its first 8 bytes promise a header of ${length} bytes in ${fileLength}.`,
    notOne,
  )
}

/** Reads a header, checking every tensor against its shape and the file. @throws Problem that names the tensor */
export function readHeader(header: Uint8Array, fileLength: number, path: string): SafetensorsHeader {
  const { __metadata__: metadata, ...rows } = parsed(header, path)
  const start = 8 + header.length
  const tensors = Object.entries(rows).map(([name, row]) => [name, stored(name, row, start, fileLength, path)] as const)
  return { metadata: wordsOf(metadata), tensors: new Map(tensors.sort((a, b) => a[1].begin - b[1].begin)) }
}

function parsed(header: Uint8Array, path: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header))
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>
  } catch {
    // Reported below, as for JSON that is no record.
  }
  throw new Problem(`The header of ${path} is no JSON record.`, notOne)
}

function stored(name: string, row: unknown, start: number, fileLength: number, path: string): StoredTensor {
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = (row ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown }
  if (typeof dtype !== 'string' || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    throw new Problem(`${path} describes its tensor "${name}" without dtype, shape and data_offsets.`, notOne)
  }
  const [begin, end] = offsets.map((offset) => start + offset) as [number, number]
  if (begin > end || end > fileLength) {
    throw new Problem(
      `Tensor "${name}" of ${path} lies at bytes ${begin} to ${end} of a file of ${fileLength}.`,
      'The file was cut off; write it again.',
    )
  }
  return { dtype, shape, begin, end }
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isInteger(n) && n >= 0)
}

function wordsOf(metadata: unknown): Record<string, string> {
  const entries = Object.entries((metadata ?? {}) as Record<string, unknown>)
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]))
}
