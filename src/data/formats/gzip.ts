import { FlateErrorCode, Gunzip } from 'fflate'
import type { NamedFile } from '../../core/host'
import { breathe } from '../meter'
import { damaged, inMemory, largestUnpacked, tooLarge } from './unpacked'

const chunkBytes = 1 << 20

/** Whether these bytes begin as gzip does. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 8
}

/**
 * The file inside a gzip file, in memory, its name without `.gz`. Bytes after its end (mostly the zeros of a tape) are
 * ignored, as gzip itself does.
 *
 * @throws Problem when it is damaged or above 512 MiB
 */
export async function gunzip(file: NamedFile, signal: AbortSignal): Promise<NamedFile> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let total = 0
  for await (const part of unpackedParts(file, signal)) {
    total += part.length
    if (total > largestUnpacked) throw tooLarge(file)
    parts.push(part)
  }
  const whole = new Uint8Array(await new Blob(parts).arrayBuffer())
  return inMemory(file.name.replace(/\.gz$/i, '').replace(/\.tgz$/i, '.tar'), whole)
}

async function* unpackedParts(file: NamedFile, signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let ready: Uint8Array<ArrayBuffer>[] = []
  let ended = false
  const stream = new Gunzip((part, last) => {
    ready.push(part)
    ended ||= last
  })
  for (let start = 0; start < file.bytes.byteLength && !ended; start += chunkBytes) {
    await breathe(signal)
    const end = Math.min(file.bytes.byteLength, start + chunkBytes)
    try {
      stream.push(new Uint8Array(await file.bytes.slice(start, end)), end === file.bytes.byteLength)
    } catch (error) {
      // The file itself began as gzip does, so a wrong beginning belongs to the bytes after its end.
      ended = (error as { code?: number }).code === FlateErrorCode.InvalidHeader
      if (!ended) throw damaged(file, error)
    }
    yield* ready
    ready = []
  }
  if (!ended) throw damaged(file, 'it ends in the middle')
}
