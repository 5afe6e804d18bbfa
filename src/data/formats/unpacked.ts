import { count } from '../../core/figures'
import type { Bytes, NamedFile } from '../../core/host'
import { messageOf, Problem } from '../../core/problem'

/** CIFAR-10 unpacked has 184 MB; more than this would not fit into a tab that also trains. */
const largestUnpacked = 512 << 20

/** A dropped file may hold so many; ImageNet has 1,281,167 pictures. */
const mostFiles = 1_500_000

/** What the archives in one dropped file may still unpack to. It is asked while they unpack, not after. */
export interface Budget {
  /** Bytes that one archive may unpack to; all archives in a file may unpack to twice as much. */
  readonly archive: number
  /** @throws Problem that names the archive, where there is no room for so many bytes more */
  spend(archive: NamedFile, bytes: number): void
  /** @throws Problem that names the archive, where it holds too many files */
  list(archive: NamedFile, files: number): void
}

/** A budget of which nothing is spent. */
export function fullBudget(archive = largestUnpacked): Budget {
  let [bytesLeft, filesLeft] = [2 * archive, mostFiles]
  return {
    archive,
    spend(file, bytes) {
      bytesLeft -= bytes
      if (bytesLeft < 0) throw tooLarge(file, 2 * archive)
    },
    list({ name }, files) {
      filesLeft -= files
      if (filesLeft < 0)
        throw new Problem(`${name} holds more than ${count(mostFiles)} files.`, 'Drop only a part of them.')
    },
  }
}

/** A part of a file, read on demand. */
export function part(bytes: Bytes, from: number, byteLength: number): Bytes {
  return {
    byteLength,
    slice: (start, end = byteLength) =>
      bytes.slice(from + Math.min(start, byteLength), from + Math.min(end, byteLength)),
  }
}

/** Pieces of a file in memory have this many bytes each: to join them would take the memory twice. */
const pieceBytes = 1 << 20

/** A file that grows at its end, in memory. */
export interface GrowingFile {
  append(part: Uint8Array): void
  length(): number
  /** The file as it is now. */
  bytes(): Bytes
}

/** An empty file that grows. */
export function growingFile(): GrowingFile {
  const pieces: Uint8Array[] = []
  let length = 0
  const each = (start: number, end: number, visit: (piece: Uint8Array, done: number) => void) => {
    for (let at = start; at < end;) {
      const piece = pieces[Math.floor(at / pieceBytes)] as Uint8Array
      const here = piece.subarray(at % pieceBytes, Math.min(pieceBytes, (at % pieceBytes) + end - at))
      visit(here, at - start)
      at += here.length
    }
  }
  return {
    append(added) {
      const end = length + added.length
      while (pieces.length * pieceBytes < end) pieces.push(new Uint8Array(pieceBytes))
      each(length, end, (piece, done) => piece.set(added.subarray(done, done + piece.length)))
      length = end
    },
    length: () => length,
    bytes: () => ({
      byteLength: length,
      slice(start, end = length) {
        const from = Math.min(start, length)
        const found = new Uint8Array(Math.max(0, Math.min(end, length) - from))
        each(from, from + found.length, (piece, done) => found.set(piece, done))
        return Promise.resolve(found.buffer)
      },
    }),
  }
}

/** The Problem of an archive that unpacks to too much. */
export function tooLarge({ name }: NamedFile, most: number): Problem {
  return new Problem(
    `${name} unpacks to more than ${count(most)} bytes.`,
    'Unpack it and drop only the files that are needed.',
  )
}

/** The Problem of an archive that cannot be unpacked, with the reason. */
export function damaged({ name }: NamedFile, reason: unknown): Problem {
  return new Problem(
    `${name} cannot be unpacked (${typeof reason === 'string' ? reason : messageOf(reason)}).`,
    'Download the archive again; it is cut off or damaged.',
    { cause: reason },
  )
}
