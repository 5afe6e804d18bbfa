import { count } from '../../core/figures'
import type { Bytes, NamedFile } from '../../core/host'
import { messageOf, Problem } from '../../core/problem'

/** CIFAR-10 unpacked has 184 MB; more than this would not fit into a tab that also trains. */
export const largestUnpacked = 512 << 20

/** A part of a file, read on demand. */
export function part(bytes: Bytes, from: number, byteLength: number): Bytes {
  return {
    byteLength,
    slice: (start, end = byteLength) =>
      bytes.slice(from + Math.min(start, byteLength), from + Math.min(end, byteLength)),
  }
}

/** A file in memory. */
export function inMemory(name: string, bytes: Uint8Array): NamedFile {
  const slice = (start: number, end?: number) => Promise.resolve(new Uint8Array(bytes.subarray(start, end)).buffer)
  return { name, bytes: { byteLength: bytes.length, slice } }
}

/** The Problem of an archive that unpacks to too much. */
export function tooLarge({ name }: NamedFile): Problem {
  return new Problem(
    `${name} unpacks to more than ${count(largestUnpacked)} bytes.`,
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
