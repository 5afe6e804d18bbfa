import type { NamedFile } from '../../core/host'
import { gunzip, isGzip } from './gzip'
import { isTar, untar } from './tar'
import { damaged } from './unpacked'
import { isZip, unzip } from './zip'

/** How deep archives may lie in archives. */
const deepest = 3

/** Endings of archives, and of kinds of archives that are not read. */
const archiveEnding = /(\.(tar|cpio))?\.(zip|tar|t?gz|7z|rar|t?bz2?|t?xz|zst)$/i

/**
 * The files inside an archive (zip, tar, gzip, and archives in them), named by their paths in it; the file itself where
 * it is none. Its bytes decide what it is, not its name.
 *
 * @param beside whether other files lie beside it: what is in it then gets its name as a folder, which keeps files
 * apart that have the same name in two archives
 * @throws Problem when an archive is damaged or unpacks to more than 512 MiB, or one is named so and is none
 */
export async function unpack(
  file: NamedFile,
  beside: boolean,
  signal: AbortSignal,
  depth = 0,
): Promise<readonly NamedFile[]> {
  // These are many, and no archives; within an archive a look at the bytes unpacks the whole file.
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
 * Puts what an archive holds into a folder of its name, unless all of it lies in one: `train.zip` gives `train/...`.
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
