import type { Entry, FileEntry } from '@zip.js/zip.js'
import { messageOf, Problem } from '../../core/problem'
import type { NamedFile } from '../../core/host'
import { decodeNames } from './names'
import { damaged, tooLarge, type Budget } from './unpacked'

/** Whether these bytes begin as a zip file does, even an empty one. */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6))
}

/**
 * The files inside a zip file, each unpacked when it is read; null for an Office document, which is a zip file, too.
 *
 * @throws Problem when its list of files is damaged, or they have more than 512 MiB or the budget. Files that unpack to
 * more than the list tells are Problems when they are read
 */
export async function unzip(file: NamedFile, budget: Budget): Promise<NamedFile[] | null> {
  const entries = await entriesOf(file)
  budget.list(file, entries.length)
  const names = namesOf(entries)
  if (names.includes('[Content_Types].xml')) return null
  const unpacked = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0)
  if (unpacked > budget.archive) throw tooLarge(file, budget.archive)
  budget.spend(file, unpacked)
  const read = keepingLast(file)
  return entries.flatMap((entry, i) => {
    if (entry.directory) return []
    const slice = async (start: number, end?: number) => (await read(entry)).slice(start, end)
    return [{ name: names[i] ?? '', bytes: { byteLength: entry.uncompressedSize, slice } }]
  })
}

async function entriesOf(file: NamedFile): Promise<Entry[]> {
  const { configure, Reader, ZipReader } = await import('@zip.js/zip.js/lib/zip-core-native.js')
  configure({ useWebWorkers: false })
  const { bytes } = file
  const source = Object.assign(new Reader(bytes), {
    size: bytes.byteLength,
    readUint8Array: async (at: number, length: number) => new Uint8Array(await bytes.slice(at, at + length)),
  })
  try {
    return await new ZipReader(source).getEntries({ strictness: 'tolerant' })
  } catch (error) {
    throw damaged(file, error)
  }
}

/** A flag marks names in UTF-8; the others share one encoding. Windows puts backslashes between folders. */
function namesOf(entries: readonly Entry[]): string[] {
  const isTold = ({ bitFlag, extraFieldUnicodePath }: Entry) =>
    bitFlag?.languageEncodingFlag === true || extraFieldUnicodePath?.valid === true
  const decoded = decodeNames(entries.filter((entry) => !isTold(entry)).map(({ rawFilename }) => rawFilename))
  let at = 0
  return entries.map((entry) => (isTold(entry) ? entry.filename : (decoded[at++] ?? '')).replaceAll('\\', '/'))
}

/** Unpacks entries, and keeps the one that was read last: a table is read from it in many slices. */
function keepingLast(file: NamedFile): (entry: FileEntry) => Promise<ArrayBuffer> {
  let last: { readonly entry: FileEntry; readonly bytes: Promise<ArrayBuffer> } | null = null
  return (entry) => {
    if (last?.entry !== entry) last = { entry, bytes: unpack(file, entry) }
    return last.bytes
  }
}

async function unpack(file: NamedFile, entry: FileEntry): Promise<ArrayBuffer> {
  const { Uint8ArrayWriter } = await import('@zip.js/zip.js/lib/zip-core-native.js')
  if (entry.encrypted) {
    throw new Problem(`${file.name} is locked with a password.`, 'Unpack it, and drop the folder.')
  }
  try {
    return (await entry.getData(new Uint8ArrayWriter(), { checkCrc32: true })).buffer
  } catch (error) {
    throw new Problem(
      `${entry.filename} in ${file.name} cannot be unpacked (${messageOf(error)}).`,
      'Download the archive again; it is cut off or damaged.',
      { cause: error },
    )
  }
}
