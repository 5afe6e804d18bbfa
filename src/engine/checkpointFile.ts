import { arrayTypes, safetensorsFile, type NamedArray, type TypedArray } from '../core/safetensors'
import { headerLength, readHeader, type SafetensorsHeader } from '../core/safetensorsHeader'
import { Problem } from '../core/problem'
import { checkpointSchema, type Checkpoint } from './checkpoint'

/** The last tensor of the file: SHA-256 of all bytes before it. */
const checksum = 'sha256'
const checksumBytes = 32

/**
 * A checkpoint as one safetensors file: its arrays are tensors, named by their place in the record; the rest is JSON,
 * under `checkpoint` in the metadata.
 */
export async function checkpointFile(checkpoint: Checkpoint): Promise<Uint8Array<ArrayBuffer>> {
  const arrays: NamedArray[] = []
  const json = JSON.stringify(asJson(checkpoint, '', arrays))
  // Of all arrays of bytes the last, so it lies at the end of the file.
  arrays.push({ name: checksum, shape: [checksumBytes], values: new Uint8Array(checksumBytes) })
  const file = safetensorsFile(arrays, { checkpoint: json })
  file.set(await checksumOf(file), file.length - checksumBytes)
  return file
}

/**
 * The checkpoint in a file. @param name of the file, for messages
 * @throws Problem when it was cut off or changed, or another version wrote it
 */
export async function readCheckpoint(file: Uint8Array<ArrayBuffer>, name: string): Promise<Checkpoint> {
  if (!(await isWhole(file))) {
    throw new Problem(
      `${name} is no whole checkpoint: it was cut off or changed.`,
      'Go on from an older one, or begin the run again.',
    )
  }
  const { metadata, tensors } = readHeader(
    file.subarray(8, 8 + headerLength(file, file.length, name)),
    file.length,
    name,
  )
  // Another version may have other types of arrays.
  const record = JSON.parse(metadata.checkpoint ?? '{}') as { readonly schema?: unknown }
  if (record.schema !== checkpointSchema) {
    throw new Problem(
      `${name} was written by another version of the program: its schema is ${String(record.schema)}, `
        + `and this version reads ${checkpointSchema}.`,
      'Go on with that version, or begin the run again.',
    )
  }
  return fromJson(record, file, tensors) as Checkpoint
}

async function isWhole(file: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const found = file.subarray(-checksumBytes)
  const right = await checksumOf(file)
  return file.length > checksumBytes && right.every((byte, i) => byte === found[i])
}

async function checksumOf(file: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', file.subarray(0, -checksumBytes)))
}

/** What stands in JSON for an array, and for numbers that JSON does not have. */
type Stand = { readonly $array: string } | { readonly $number: string }

/** The record as JSON; arrays go to `arrays`. @param path name of this place */
function asJson(value: unknown, path: string, arrays: NamedArray[]): unknown {
  if (ArrayBuffer.isView(value)) {
    const values = value as TypedArray
    arrays.push({ name: path, shape: [values.length], values })
    return { $array: path } satisfies Stand
  }
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    return { $number: Object.is(value, -0) ? '-0' : String(value) } satisfies Stand
  if (typeof value !== 'object' || value === null) return value
  const inner = (name: string | number) => (path ? `${path}.${name}` : String(name))
  if (Array.isArray(value)) return value.map((entry: unknown, i) => asJson(entry, inner(i), arrays))
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, asJson(entry, inner(name), arrays)]))
}

function fromJson(value: unknown, file: Uint8Array<ArrayBuffer>, tensors: SafetensorsHeader['tensors']): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((entry: unknown) => fromJson(entry, file, tensors))
  const stand = value as Partial<Record<'$array' | '$number', string>>
  if (stand.$number !== undefined) return Number(stand.$number)
  if (stand.$array !== undefined) {
    const { dtype, begin, end } = tensors.get(stand.$array) ?? { dtype: 'U8', begin: 0, end: 0 }
    return new arrayTypes[dtype as keyof typeof arrayTypes](file.slice(begin, end).buffer)
  }
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, fromJson(entry, file, tensors)]))
}
