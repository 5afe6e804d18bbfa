import { count } from '../../core/figures'
import type { NamedFile } from '../../core/host'
import { Problem } from '../../core/problem'
import { breathe } from '../meter'

const chunkBytes = 256 << 10

/** A piece of a file's text; `last` is true for the piece that ends it. */
export interface TextChunk {
  readonly text: string
  readonly last: boolean
}

/**
 * The text of a file, 256 KiB at a time, so that it may be larger than memory: UTF-8, or UTF-16 as Excel's "Unicode
 * text" has it. An empty file is one empty piece.
 *
 * @throws Problem when it is neither
 */
export async function* textChunks(file: NamedFile, signal: AbortSignal): AsyncGenerator<TextChunk, undefined> {
  const total = file.bytes.byteLength
  const encoding = encodingOf(new Uint8Array(await file.bytes.slice(0, Math.min(4, total))))
  const decoder = new TextDecoder(encoding, { fatal: true })
  let start = 0
  do {
    await breathe(signal)
    const end = Math.min(total, start + chunkBytes)
    const last = end === total
    yield { text: decode(decoder, await file.bytes.slice(start, end), !last, file.name, start), last }
    start = end
  } while (start < total)
  return undefined
}

/** The text of bytes in memory, whose end may be cut off; null where it is neither UTF-8 nor UTF-16. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return null
  }
}

/** By the byte order mark; without one, by the zeros: every second byte of Latin letters in UTF-16 is 0. */
function encodingOf([a, b]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0)) return 'utf-16le'
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0)) return 'utf-16be'
  return 'utf-8'
}

function decode(decoder: TextDecoder, bytes: ArrayBuffer, stream: boolean, name: string, start: number): string {
  try {
    return decoder.decode(bytes, { stream })
  } catch (error) {
    throw new Problem(
      `${name} is not UTF-8 text (somewhere in bytes ${count(start)} to ${count(start + bytes.byteLength)}).`,
      'Save it as UTF-8.',
      { cause: error },
    )
  }
}
