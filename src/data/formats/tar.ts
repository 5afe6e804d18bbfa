import type { Bytes, NamedFile } from '../../core/host'
import { breathe } from '../meter'
import { decodeNames } from './names'
import { damaged, part, type Budget } from './unpacked'

/** A tar archive is made of blocks: a header, then its file, filled up to whole blocks; an empty block ends it. */
const block = 512

/** Bytes of a path that systems allow; a PAX record may hold more beside it. */
const longestPath = 4096
const longestRecord = 1 << 20

/** A header as it stands in an archive, with its name still as bytes. */
interface Member {
  readonly name: Uint8Array
  readonly start: number
  readonly size: number
}

/** Whether these bytes begin with a tar header: its checksum is right. */
export function isTar(head: Uint8Array): boolean {
  return head.length >= block && head[0] !== 0 && checksum(head) === octal(field(head, 148, 8))
}

/**
 * The files of a tar archive, read in place: old, POSIX, PAX and GNU headers, names of any length. Everything after the
 * empty block at its end is ignored.
 *
 * @throws Problem when it is cut off or damaged, or holds more files than the budget allows
 */
export async function untar(archive: NamedFile, budget: Budget, signal: AbortSignal): Promise<NamedFile[]> {
  const members: Member[] = []
  for await (const member of membersOf(archive)) {
    budget.list(archive, 1)
    members.push(member)
    await breathe(signal)
  }
  const names = decodeNames(members.map(({ name }) => name))
  return members.map(({ start, size }, i) => ({ name: names[i] ?? '', bytes: part(archive.bytes, start, size) }))
}

async function* membersOf(archive: NamedFile): AsyncGenerator<Member> {
  const { bytes } = archive
  let longName: Uint8Array | null = null
  for (let at = 0; at < bytes.byteLength;) {
    const header = new Uint8Array(await bytes.slice(at, at + block))
    if (header[0] === 0) return
    const size = sizeOf(header)
    if (!isTar(header) || !Number.isSafeInteger(size)) throw damaged(archive, `no tar header at byte ${at}`)
    const start = at + block
    if (start + size > bytes.byteLength) {
      const name = decodeNames([nameOf(header)])[0] ?? ''
      throw damaged(archive, `${name} should have ${size} bytes, ${bytes.byteLength - start} are left`)
    }
    const type = String.fromCharCode(header[156] ?? 0)
    if ((type === 'L' || type === 'x') && size > longestRecord)
      throw damaged(archive, `a name at byte ${at} should have ${size} bytes`)
    if (type === 'L') longName = field(await read(bytes, start, size), 0, size)
    else if (type === 'x') longName = paxPath(await read(bytes, start, size)) ?? longName
    else {
      if (longName && longName.length > longestPath) throw damaged(archive, `a name has ${longName.length} bytes`)
      // 0, none and 7 are files; folders and links are ignored.
      if (['0', '\0', '7'].includes(type)) yield { name: longName ?? nameOf(header), start, size }
      longName = null
    }
    at = start + Math.ceil(size / block) * block
  }
}

async function read(bytes: Bytes, start: number, size: number): Promise<Uint8Array> {
  return new Uint8Array(await bytes.slice(start, start + size))
}

/** POSIX headers hold the folders of a long path there; GNU's hold times. */
function nameOf(header: Uint8Array): Uint8Array {
  const name = field(header, 0, 100)
  const prefix = field(header, 345, 155)
  const posix = ascii(header.subarray(257, 263)) === 'ustar\0'
  return posix && prefix.length > 0 ? Uint8Array.from([...prefix, 0x2f, ...name]) : name
}

/** The path in a PAX record: lines of "LENGTH key=value", LENGTH in bytes with itself and the line end. */
function paxPath(records: Uint8Array): Uint8Array | null {
  let path: Uint8Array | null = null
  for (let at = 0; at < records.length;) {
    const space = records.indexOf(0x20, at)
    // A number of more digits than the record could have is none; neither is 1e-7, by which this would never end.
    const length = space < 0 || space - at > 8 ? 0 : Number(ascii(records.subarray(at, space)))
    if (!Number.isInteger(length) || length < 1) return path
    if (ascii(records.subarray(space + 1, space + 6)) === 'path=') path = records.subarray(space + 6, at + length - 1)
    at += length
  }
  return path
}

/** Octal digits, or, above 8 GB, a number whose first bit is set. */
function sizeOf(header: Uint8Array): number {
  const digits = header.subarray(124, 136)
  if (((digits[0] ?? 0) & 0x80) === 0) return octal(field(header, 124, 12))
  return digits.reduce((number, byte, i) => number * 256 + (i === 0 ? byte & 0x7f : byte), 0)
}

function octal(digits: Uint8Array): number {
  return parseInt(ascii(digits).trim() || '0', 8)
}

/** A field's bytes up to its first zero. */
function field(bytes: Uint8Array, start: number, length: number): Uint8Array {
  const whole = bytes.subarray(start, start + length)
  const end = whole.indexOf(0)
  return end < 0 ? whole : whole.subarray(0, end)
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

/** Sum of a header's bytes, its own checksum field counted as spaces. */
function checksum(header: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < block; i++) sum += i >= 148 && i < 156 ? 32 : (header[i] as number)
  return sum
}
