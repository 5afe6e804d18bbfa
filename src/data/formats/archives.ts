import { grouped } from '../../core/grouped'
import type { NamedFile } from '../../core/host'
import { messageOf, Problem } from '../../core/problem'
import { breathe } from '../meter'

/** CIFAR-10 unpacked has 184 MB; more than this would not fit beside training in a tab. */
const largestUnpacked = 512 << 20
const chunkBytes = 1 << 20

/** Whether a file is an archive that `unpack` opens. */
export function isArchive(name: string): boolean {
  return /\.(zip|tar|tar\.gz|tgz)$/i.test(name)
}

/** The files inside an archive, in memory, named by their paths in it. @throws Problem when it is damaged or above 512 MiB */
export async function unpack(file: NamedFile, signal: AbortSignal): Promise<NamedFile[]> {
  if (file.bytes.byteLength > largestUnpacked) throw tooLarge(file)
  if (/\.zip$/i.test(file.name)) return unzip(file)
  const packed = /gz$/i.test(file.name)
  return untar(file, packed ? await gunzip(file, signal) : new Uint8Array(await file.bytes.slice(0)))
}

async function unzip(file: NamedFile): Promise<NamedFile[]> {
  const { unzipSync } = await import('fflate')
  let total = 0
  try {
    const entries = unzipSync(new Uint8Array(await file.bytes.slice(0)), {
      filter: ({ name, originalSize }) => {
        total += originalSize
        if (total > largestUnpacked) throw tooLarge(file)
        return !name.endsWith('/')
      },
    })
    return Object.entries(entries).map(([name, bytes]) => inMemory(name, bytes))
  } catch (error) {
    throw damaged(file, error)
  }
}

async function gunzip(file: NamedFile, signal: AbortSignal): Promise<Uint8Array> {
  const { Gunzip } = await import('fflate')
  const out = { parts: [] as Uint8Array[], total: 0, ended: false }
  const stream = new Gunzip((part, last) => {
    out.total += part.length
    out.ended ||= last
    out.parts.push(part)
    if (out.total > largestUnpacked) throw tooLarge(file)
  })
  for (let start = 0; start < file.bytes.byteLength; start += chunkBytes) {
    await breathe(signal)
    const end = Math.min(file.bytes.byteLength, start + chunkBytes)
    const bytes = new Uint8Array(await file.bytes.slice(start, end))
    try {
      stream.push(bytes, end === file.bytes.byteLength)
    } catch (error) {
      throw damaged(file, error)
    }
  }
  if (!out.ended) throw damaged(file, new Error('it ends in the middle'))
  return joined(out.parts, out.total)
}

/** A tar archive: headers of 512 bytes, each followed by its file, filled up to 512 bytes; two empty blocks end it. */
function untar(file: NamedFile, tar: Uint8Array): NamedFile[] {
  const files: NamedFile[] = []
  const decoder = new TextDecoder()
  const text = (start: number, length: number) => decoder.decode(tar.subarray(start, start + length)).split('\0', 1)[0] ?? ''
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const size = parseInt(text(at + 124, 12).trim(), 8)
    const stored = checksum(tar.subarray(at, at + 512)) === parseInt(text(at + 148, 8).trim(), 8)
    if (!stored || !Number.isFinite(size)) throw damaged(file, new Error(`no tar header at byte ${at}`))
    const [name, type, prefix] = [text(at, 100), text(at + 156, 1), text(at + 345, 155)]
    const start = at + 512
    if (start + size > tar.length)
      throw damaged(file, new Error(`${name} should have ${size} bytes, ${tar.length - start} are left`))
    // Types 0 and "no type" are files; folders, links and long-name records are passed over.
    if (type === '0' || type === '') files.push(inMemory(prefix ? `${prefix}/${name}` : name, tar.subarray(start, start + size)))
    at = start + Math.ceil(size / 512) * 512
  }
  return files
}

/** Sum of a header's bytes, its own checksum field counted as spaces. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0)
}

function joined(parts: readonly Uint8Array[], total: number): Uint8Array {
  const all = new Uint8Array(total)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function inMemory(name: string, bytes: Uint8Array): NamedFile {
  const slice = (start: number, end?: number) => Promise.resolve(new Uint8Array(bytes.subarray(start, end)).buffer)
  return { name, bytes: { byteLength: bytes.length, slice } }
}

function tooLarge(file: NamedFile): Problem {
  return new Problem(
    `${file.name} unpacks to more than ${grouped(largestUnpacked)} bytes.`,
    'Unpack it and drop only the files that are needed.',
  )
}

function damaged(file: NamedFile, error: unknown): unknown {
  if (error instanceof Problem || (error instanceof Error && error.name === 'AbortError')) return error
  return new Problem(
    `${file.name} cannot be unpacked (${messageOf(error)}).`,
    'Download the archive again; it is cut off or damaged.',
    { cause: error },
  )
}
