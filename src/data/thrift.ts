import { Damage } from './damage'

/** Metadata nests to depth 6 or so. */
const deepest = 32

/** A place in bytes. */
export interface Reader {
  readonly view: DataView
  offset: number
}

/** Skips a struct of Thrift's compact protocol. @throws Damage, RangeError when a length in it is not there */
export function skipStruct(reader: Reader, depth: number): void {
  if (depth > deepest) throw new Damage('its metadata nest too deep')
  for (;;) {
    const byte = reader.view.getUint8(reader.offset++)
    if ((byte & 15) === 0) return
    if (byte >> 4 === 0) readVarint(reader)
    skipValue(reader, byte & 15, depth)
  }
}

function skipValue(reader: Reader, type: number, depth: number): void {
  if (type === 3) reader.offset += 1
  else if (type >= 4 && type <= 6) readVarint(reader)
  else if (type === 7) reader.offset += 8
  else if (type === 8) skipBytes(reader, readVarint(reader))
  else if (type === 9) skipList(reader, depth)
  else if (type === 12) skipStruct(reader, depth + 1)
  else if (type !== 1 && type !== 2) throw new Damage(`its metadata hold a value of type ${type}`)
}

function skipBytes(reader: Reader, length: number): void {
  reader.offset += left(reader, length)
}

function skipList(reader: Reader, depth: number): void {
  const byte = reader.view.getUint8(reader.offset++)
  const length = left(reader, byte >> 4 === 15 ? readVarint(reader) : byte >> 4)
  const type = byte & 15
  // Flags take no byte as fields, but one each in a list.
  for (let i = 0; i < length; i++) skipValue(reader, type <= 2 ? 3 : type, depth + 1)
}

function left(reader: Reader, length: number): number {
  if (length > reader.view.byteLength - reader.offset)
    throw new Damage(`its metadata tell of ${length} bytes that are not there`)
  return length
}

export function readVarint(reader: Reader): number {
  let value = 0
  for (let i = 0; i < 10; i++) {
    const byte = reader.view.getUint8(reader.offset++)
    value += (byte & 127) * 2 ** (7 * i)
    if (byte < 128) return value
  }
  throw new Damage('a number of it has more than ten bytes')
}
