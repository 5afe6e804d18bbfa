import type { NamedFile } from '../../core/host'
import { breathe } from '../meter'
import { gunzip, isGzip } from './gzip'
import { isTar, untar } from './tar'
import { damaged, fullBudget, type Budget } from './unpacked'
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
 * @throws Problem when an archive is damaged, unpacks to more than 512 MiB (1 GiB for all archives in it) or holds too
 * many files, or when a file only has the name of one
 */
export async function unpack(
  file: NamedFile,
  beside: boolean,
  signal: AbortSignal,
  budget = fullBudget(),
): Promise<readonly NamedFile[]> {
  const all: NamedFile[] = []
  for await (const found of filesIn({ file, beside, depth: 0 }, budget, signal)) all.push(found)
  return all
}

/** A file that may be an archive. */
interface Nested {
  readonly file: NamedFile
  readonly beside: boolean
  /** How many archives lie around it. */
  readonly depth: number
}

async function* filesIn(nested: Nested, budget: Budget, signal: AbortSignal): AsyncGenerator<NamedFile, void> {
  const { beside, depth } = nested
  await breathe(signal)
  const file = mayBeArchive(nested) ? await withoutGzip(nested.file, budget, signal) : nested.file
  const found = mayBeArchive({ ...nested, file }) ? await listed(file, budget, signal) : null
  if (!found) yield file
  for (const inner of found && beside ? inFolder(file.name, found) : (found ?? []))
    yield* filesIn({ file: inner, beside: true, depth: depth + 1 }, budget, signal)
}

/** There are many files that are none, and to look at the bytes of a file in an archive would unpack it. */
function mayBeArchive({ file: { name }, depth }: Nested): boolean {
  return depth < deepest && !/\.(txt|png|jpe?g|webp)$/i.test(name) && (depth === 0 || archiveEnding.test(name))
}

/** What lies in a gzip file. Some are packed twice by mistake; one that holds itself would never end. */
async function withoutGzip(file: NamedFile, budget: Budget, signal: AbortSignal): Promise<NamedFile> {
  let inside = file
  for (let layer = 0; layer < deepest && isGzip(await headOf(inside)); layer++)
    inside = await gunzip(inside, budget, signal)
  return inside
}

/** The files that a zip or tar archive lists; null where it is none, or an Office document. */
async function listed(file: NamedFile, budget: Budget, signal: AbortSignal): Promise<NamedFile[] | null> {
  const head = await headOf(file)
  if (isTar(head)) return untar(file, budget, signal)
  if (isZip(head)) return unzip(file, budget)
  if (archiveEnding.test(file.name)) throw damaged(file, strangeStart(head))
  return null
}

async function headOf({ bytes }: NamedFile): Promise<Uint8Array> {
  return new Uint8Array(await bytes.slice(0, 512))
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
