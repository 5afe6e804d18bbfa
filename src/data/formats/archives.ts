import type { NamedFile } from '../../core/host'
import { gunzip, isGzip } from './gzip'
import { isTar, untar } from './tar'
import { damaged } from './unpacked'
import { isZip, unzip } from './zip'

/** How deep archives may lie in archives. */
const deepest = 3

/** Endings of archives, also of kinds that are not read. */
const archiveEnding = /(\.(tar|cpio))?\.(zip|tar|t?gz|7z|rar|t?bz2?|t?xz|zst)$/i

/**
 * The files inside an archive (zip, tar, gzip, and archives in them), named by their paths in it; the file itself where
 * it is none. Its bytes decide what it is, not its name.
 *
 * @param beside whether there are other files: then its name becomes a folder around its files, so that files with the
 * same name in two archives stay apart
 * @throws Problem when an archive is damaged or unpacks to more than 512 MiB, or when a file only has the name of one
 */
export async function unpack(
  file: NamedFile,
  beside: boolean,
  signal: AbortSignal,
  depth = 0,
): Promise<readonly NamedFile[]> {
  // There are many of these and they are no archives; to look at the bytes of a file in an archive would unpack it.
  if (/\.(txt|png|jpe?g|webp)$/i.test(file.name) || depth === deepest) return [file]
  if (depth > 0 && !archiveEnding.test(file.name)) return [file]
  const head = new Uint8Array(await file.bytes.slice(0, 512))
  if (isGzip(head)) return unpack(await gunzip(file, signal), beside, signal, depth)
  const found = isZip(head) ? await unzip(file) : isTar(head) ? await untar(file) : null
  if (found === null) {
    if (archiveEnding.test(file.name) && !isZip(head)) throw damaged(file, strangeStart(head))
    return [file]
  }
  const all: NamedFile[] = []
  for (const inner of beside ? inFolder(file.name, found) : found)
    all.push(...(await unpack(inner, true, signal, depth + 1)))
  return all
}

/**
 * Puts the files of an archive into a folder of its name, unless all lie in one folder: `train.zip` gives `train/...`.
 */
function inFolder(archive: string, files: readonly NamedFile[]): NamedFile[] {
  const [, place = '', name = ''] = /^(.*\/)?([^/]*)$/.exec(archive.replace(archiveEnding, '')) ?? []
  const folder = files.every((file) => file.name.startsWith(`${name}/`)) ? place : `${place}${name}/`
  return files.map((file) => ({ ...file, name: `${folder}${file.name}` }))
}

function strangeStart(head: Uint8Array): string {
  const start = [...head.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return `it starts with ${start}, as no zip, tar or gzip file does`
}
