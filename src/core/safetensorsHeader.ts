/** Reads the header of a safetensors file; safetensors.ts writes such files. */
import { isRecord } from './isRecord'
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
const notOne = 'Fetch it or write it again; in PyTorch safetensors.torch.save_file writes one.'

/** Bytes of the header, as the file's first 8 bytes say. @throws Problem when that is impossible */
export function headerLength(first: Uint8Array, fileLength: number, path: string): number {
  const length = first.length < 8 ? 0 : Number(new DataView(first.buffer, first.byteOffset).getBigUint64(0, true))
  if (length >= 2 && length <= Math.min(longestHeader, fileLength - 8)) return length
  throw new Problem(
    `${path} is no safetensors file: its first 8 bytes promise a header of ${length} bytes in ${fileLength}.`,
    notOne,
  )
}

/** The header of a file that is in memory, whole. @throws Problem that names what is wrong with it */
export function headerOf(file: Uint8Array, path: string): SafetensorsHeader {
  return readHeader(file.subarray(8, 8 + headerLength(file, file.length, path)), file.length, path)
}

/** Reads a header, and checks that every tensor lies within the file. @throws Problem that names the tensor */
export function readHeader(header: Uint8Array, fileLength: number, path: string): SafetensorsHeader {
  const { __metadata__: metadata, ...rows } = parsed(header, path)
  const start = 8 + header.length
  const tensors = Object.entries(rows).map(([name, row]) => [name, stored(name, row, start, fileLength, path)] as const)
  return { metadata: wordsOf(metadata, path), tensors: new Map(tensors.sort((a, b) => a[1].begin - b[1].begin)) }
}

function parsed(header: Uint8Array, path: string): Record<string, unknown> {
  let text = ''
  let json: unknown = null
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(header)
    json = JSON.parse(text)
  } catch {
    // Reported below, as for JSON that is no record.
  }
  if (!isRecord(json)) throw new Problem(`The header of ${path} is no JSON record.`, notOne)
  const twice = repeatedKey(text)
  if (twice !== null) throw new Problem(`${path} describes its tensor "${shown(twice)}" twice.`, notOne)
  return json
}

/** The first key that a JSON record has twice, of which JSON.parse takes the last; null where there is none. */
function repeatedKey(json: string): string | null {
  const seen = new Set<string>()
  let [depth, isKeyNext] = [0, false]
  for (let at = 0; at < json.length; at++) {
    const character = json[at] as string
    if (character === '{' || character === '[') isKeyNext = ++depth === 1
    else if (character === '}' || character === ']') depth--
    else if (character === ',') isKeyNext = depth === 1
    else if (character === '"') {
      const end = endOfString(json, at)
      const key = isKeyNext ? (JSON.parse(json.slice(at, end + 1)) as string) : null
      if (key !== null && seen.has(key)) return key
      if (key !== null) seen.add(key)
      isKeyNext = false
      at = end
    }
  }
  return null
}

/** Where a string of valid JSON closes: at the first quote after an even number of backslashes. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
    let before = end
    while (json[before - 1] === '\\') before--
    if ((end - before) % 2 === 0) return end
  }
}

/** A name as messages show it. */
function shown(name: string): string {
  return name.length > 80 ? `${name.slice(0, 80)}...` : name
}

function stored(name: string, row: unknown, start: number, fileLength: number, path: string): StoredTensor {
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = (row ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown }
  if (typeof dtype !== 'string' || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    throw new Problem(`${path} describes its tensor "${shown(name)}" without dtype, shape and data_offsets.`, notOne)
  }
  const [begin, end] = offsets.map((offset) => start + offset) as [number, number]
  if (begin > end || end > fileLength) {
    throw new Problem(
      `Tensor "${shown(name)}" of ${path} lies at bytes ${begin} to ${end} of a file of ${fileLength}.`,
      'The file was cut off; fetch it or write it again.',
    )
  }
  return { dtype, shape, begin, end }
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isInteger(n) && n >= 0)
}

/** The format's metadata are texts; numbers are let pass. */
function wordsOf(metadata: unknown, path: string): Record<string, string> {
  const entries = isRecord(metadata) ? Object.entries(metadata) : []
  const strange = entries.find(([, value]) => typeof value === 'object')
  if (strange) throw new Problem(`The entry "${shown(strange[0])}" of the metadata of ${path} is no text.`, notOne)
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]))
}
