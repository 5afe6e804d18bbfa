import { statSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { datasets } from '../config/registries'
import type { Bytes, Host } from '../core/host'
import { Problem } from '../core/problem'
import { fetchCommand, pathInData, type Place, type Publication } from '../core/publication'
import { cachedBytes } from '../data/cache'
import { classNumber } from '../data/classNumber'
import { openChecked } from '../data/published'
import { fileBytes } from '../host/node'
import { didYouMean, UsageProblem } from './usage'

/** Public data sets that the page finds on its own origin, by id. */
export const publications: Readonly<Record<string, Publication>> = Object.fromEntries(
  Object.entries(datasets).flatMap(([id, { publication }]) => (publication ? [[id, publication]] : [])),
)

export interface InstallOptions {
  /** Which sets, by id; none for all. */
  readonly sets?: readonly string[]
  /** Folder that holds the Parquet files; undefined downloads them from Hugging Face. */
  readonly from: string | undefined
  /** Folder that becomes the page's `data/`. */
  readonly to: string
  readonly host: Pick<Host, 'remote' | 'cache'>
  /** Called with what is going on; bytes are those of the file named in the text. */
  readonly progress: (text: string, bytes: number, total: number) => void
  readonly signal: AbortSignal
}

/** A file that now lies where the page looks for it. */
export interface Installed {
  readonly place: Place
  readonly path: string
  readonly rows: number
  readonly bytes: number
}

/**
 * Puts the Parquet files of the public data sets where the page and the command line look for them. Each file is
 * written under another name, read to its last row, and only then moved to its place. Sets that a folder does not hold
 * stay as they are.
 *
 * @throws Problem when nothing is found, half of a set is missing, a file is damaged or a download fails
 */
export async function installData(options: InstallOptions): Promise<Installed[]> {
  const { from } = options
  const asked = askedFor(options.sets ?? [])
  const plans = asked.map((publication) => ({
    publication,
    sources: from === undefined ? null : inFolder(publication, from),
  }))
  const wanted = plans.filter(({ sources }) => from === undefined || sources !== null)
  if (wanted.length === 0) throw emptyFolder(from ?? '', asked)
  const installed: Installed[] = []
  for (const { publication, sources } of wanted) {
    for (const which of ['train', 'held'] as const) {
      const place = publication[which]
      const source = sources
        ? { name: sources[which], bytes: fileBytes(sources[which], options.signal) }
        : await download(place, options)
      installed.push(await install(publication, place, source, options))
    }
  }
  return installed
}

/** @throws UsageProblem for an unknown id */
function askedFor(sets: readonly string[]): readonly Publication[] {
  if (sets.length === 0) return Object.values(publications)
  const ids = Object.keys(publications)
  return sets.map((id) => {
    const publication = Object.hasOwn(publications, id) ? publications[id] : undefined
    if (publication) return publication
    throw new UsageProblem(
      `There is no public data set "${id}".`,
      `${didYouMean(ids, id)}Choose some of ${ids.join(', ')}.`,
    )
  })
}

/** Where a file may lie in a folder: as the page keeps it, or as a clone of the Hugging Face repository has it. */
function candidates({ repository }: Publication, place: Place): string[] {
  const own = pathInData(place.path)
  const published = place.url.replace(/^.*\/resolve\/main\//, '')
  const set = dirname(own)
  return [
    own,
    join(set, published),
    join(repository, published),
    join(repository.split('/')[1] ?? '', published),
    published,
  ]
}

function inFolder(publication: Publication, folder: string): { train: string; held: string } | null {
  const find = (place: Place) =>
    candidates(publication, place)
      .map((path) => join(folder, path))
      .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
  const [train, held] = [find(publication.train), find(publication.held)]
  if (train !== undefined && held !== undefined) return { train, held }
  if (train === undefined && held === undefined) return null
  const [there, missing] = train === undefined ? [held, publication.train] : [train, publication.held]
  const wanted = join(folder, pathInData(missing.path))
  throw new Problem(
    `${there ?? ''} is there, but the other file of ${publication.label} is not.`,
    `Put it at ${wanted}, or download both with \`${fetchCommand(publication)}\`.`,
  )
}

async function download(
  { url }: Place,
  { host, signal, progress }: InstallOptions,
): Promise<{ name: string; bytes: Bytes }> {
  const file = await host.remote(url, { signal, arrived: (bytes, total) => progress(`Fetching ${url}`, bytes, total) })
  return {
    name: url,
    bytes: cachedBytes(file, `${url}@${file.version ?? ''}@${file.byteLength}`, host.cache, () => undefined, signal),
  }
}

async function install(
  publication: Publication,
  place: Place,
  source: { name: string; bytes: Bytes },
  options: InstallOptions,
): Promise<Installed> {
  const target = join(options.to, pathInData(place.path))
  const aside = `${target}.part`
  await mkdir(dirname(target), { recursive: true })
  try {
    await copy(source, aside, options)
    const rows = await readAll(publication, source.name, fileBytes(aside, options.signal), options)
    await rename(aside, target)
    return { place, path: target, rows, bytes: source.bytes.byteLength }
  } finally {
    await rm(aside, { force: true })
  }
}

async function copy(
  { name, bytes }: { name: string; bytes: Bytes },
  target: string,
  { progress }: InstallOptions,
): Promise<void> {
  const chunk = 4 << 20
  const file = await open(target, 'w')
  try {
    for (let start = 0; start < bytes.byteLength; start += chunk) {
      progress(`Copying ${name}`, start, bytes.byteLength)
      await file.write(new Uint8Array(await bytes.slice(start, Math.min(start + chunk, bytes.byteLength))))
    }
  } finally {
    await file.close()
  }
}

/** Reads every row, so that damage shows now and not in the middle of a lesson. @returns how many rows there are */
async function readAll(
  publication: Publication,
  name: string,
  bytes: Bytes,
  { progress, signal }: InstallOptions,
): Promise<number> {
  const file = await openChecked(publication, name, bytes)
  const columns = publication.columns.map((column) => column.split('.')[0] ?? column)
  let rows = 0
  for await (const batch of file.read(columns, file.rows, signal)) {
    for (const row of batch) classNumber(row[publication.labels], publication.classes.length, name, rows++)
    progress(`Checking ${name}`, Math.round((bytes.byteLength * rows) / file.rows), bytes.byteLength)
  }
  return rows
}

function emptyFolder(folder: string, asked: readonly Publication[]): Problem {
  const looked = asked.flatMap((publication) =>
    [publication.train, publication.held].map(({ path }) => path.replace(/^data\//, '')),
  )
  return new Problem(
    `${folder} holds none of ${looked.join(', ')}, nor a clone of a Hugging Face repository.`,
    'Give a folder that does, or leave --from out to download from Hugging Face.',
  )
}
