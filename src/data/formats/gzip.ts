import { FlateErrorCode, Gunzip } from 'fflate'
import type { NamedFile } from '../../core/host'
import { packedStep } from '../../core/unpackInto'
import { breathe } from '../meter'
import { damaged, growingFile, tooLarge, type Budget } from './unpacked'

const chunkBytes = 1 << 20

/** Whether these bytes begin as gzip does. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 8
}

/**
 * The file inside a gzip file, in memory, its name without `.gz`. Bytes after its end (mostly the zeros of a tape) are
 * ignored, as gzip itself does.
 *
 * @throws Problem when it is damaged, or as soon as it has unpacked to more than 512 MiB or the budget
 */
export async function gunzip(file: NamedFile, budget: Budget, signal: AbortSignal): Promise<NamedFile> {
  const inside = growingFile()
  for await (const part of unpackedParts(file, signal)) {
    budget.spend(file, part.length)
    if (inside.length() + part.length > budget.archive) throw tooLarge(file, budget.archive)
    inside.append(part)
  }
  return { name: file.name.replace(/\.gz$/i, '').replace(/\.tgz$/i, '.tar'), bytes: inside.bytes() }
}

async function* unpackedParts(file: NamedFile, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = []
  let ended = false
  const stream = new Gunzip((part, last) => {
    ready.push(part)
    ended ||= last
  })
  for await (const { packed, last } of steps(file)) {
    await breathe(signal)
    try {
      stream.push(packed, last)
    } catch (error) {
      // The file itself began as gzip does, so a wrong beginning belongs to the bytes after its end.
      ended = (error as { code?: number }).code === FlateErrorCode.InvalidHeader
      if (!ended) throw damaged(file, error)
    }
    yield* ready
    ready = []
    if (ended) return
  }
  throw damaged(file, 'it ends in the middle')
}

/** Steps small enough for a budget to be asked before each one; the file is read in larger chunks. */
async function* steps({ bytes }: NamedFile): AsyncGenerator<{ readonly packed: Uint8Array; readonly last: boolean }> {
  for (let start = 0; start < bytes.byteLength; start += chunkBytes) {
    const chunk = new Uint8Array(await bytes.slice(start, Math.min(bytes.byteLength, start + chunkBytes)))
    for (let at = 0; at < chunk.length; at += packedStep) {
      const packed = chunk.subarray(at, at + packedStep)
      yield { packed, last: start + at + packed.length === bytes.byteLength }
    }
  }
}
