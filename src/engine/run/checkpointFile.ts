import { arrayTypes, safetensorsFile, type NamedArray, type TypedArray } from '../../core/safetensors'
import { headerOf, type SafetensorsHeader, type StoredTensor } from '../../core/safetensorsHeader'
import { Problem } from '../../core/problem'
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
  if (!(await isWhole(file))) throw notWhole(name)
  const { metadata, tensors } = headerOf(file, name)
  const record = recordOf(metadata, name)
  // Another version may have other types of arrays.
  if (record.schema !== checkpointSchema) {
    throw new Problem(
      `${name} was written by another version of the program: its schema is ${record.schema}, `
        + `and this version reads ${checkpointSchema}.`,
      'Go on with that version, or begin the run again.',
      { about: 'checkpoint' },
    )
  }
  const arrayOf = (tensor: string) => {
    const array = readArray(file, tensors.get(tensor))
    if (array) return array
    throw notWhole(name)
  }
  return fromJson(record, arrayOf) as Checkpoint
}

function notWhole(name: string): Problem {
  return new Problem(
    `${name} is no whole checkpoint: it was cut off or changed.`,
    'Go on from an older one, or begin the run again.',
    { about: 'checkpoint' },
  )
}

function recordOf({ checkpoint = '' }: SafetensorsHeader['metadata'], name: string): { readonly schema: number } {
  try {
    const record = JSON.parse(checkpoint) as Partial<Checkpoint> | null
    if (typeof record?.schema === 'number') return { ...record, schema: record.schema }
  } catch {
    // Reported below, as for JSON that is no record.
  }
  throw notWhole(name)
}

/** The numbers of a tensor; undefined where there is none, or none of a type that is known. */
function readArray(file: Uint8Array<ArrayBuffer>, stored: StoredTensor | undefined): TypedArray | undefined {
  if (!stored || !Object.hasOwn(arrayTypes, stored.dtype)) return undefined
  const Numbers = arrayTypes[stored.dtype as keyof typeof arrayTypes]
  const { begin, end } = stored
  return (end - begin) % Numbers.BYTES_PER_ELEMENT === 0 ? new Numbers(file.slice(begin, end).buffer) : undefined
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

function fromJson(value: unknown, arrayOf: (tensor: string) => TypedArray): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((entry: unknown) => fromJson(entry, arrayOf))
  const stand = value as Partial<Record<'$array' | '$number', string>>
  if (stand.$number !== undefined) return Number(stand.$number)
  if (stand.$array !== undefined) return arrayOf(stand.$array)
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, fromJson(entry, arrayOf)]))
}
