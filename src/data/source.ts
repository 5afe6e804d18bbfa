import type { LoadOptions, Source } from '../core/dataset'
import type { Bytes, FetchOptions, Host } from '../core/host'
import { word } from '../core/knob'
import { Problem } from '../core/problem'
import { fetchCommand, type Place, type Publication } from '../core/publication'
import { cachedBytes, countedBytes, type Arrival } from './cache'
import type { Meter } from './meter'

const mainBranch = 'main'

/** A file that was found; `name` is what messages call it. */
export interface FoundFile {
  readonly name: string
  readonly bytes: Bytes
}

/** Where all files of a set were found. */
export interface Found {
  readonly train: FoundFile
  readonly held: FoundFile
  /** The kind of source; ask after reading, for only then it is known whether the cache had everything. */
  kind(): Source['kind']
  /** Commit of the repository, where it is known. */
  readonly revision?: string | undefined
}

/** Which state of a repository is read; only that of the branch `main` may lie on the page's own origin. */
export const revisionKnob = word('Revision', mainBranch, {
  pattern: /[\w][\w.-]{0,63}/,
  allowed: 'a branch, a tag or a commit',
  help: 'State of the repository on Hugging Face. Any but main is fetched from there, wherever else the data lies.',
})

/** The address of a file in a Hugging Face data set repository. */
export function huggingFace(repository: string, file: string): string {
  return `https://huggingface.co/datasets/${repository}/resolve/${mainBranch}/${file}`
}

/**
 * Finds both files of a set: on the page's own origin (in Node: in the data folder) if it has both, else on Hugging
 * Face.
 *
 * @param revision branch, tag or commit; any but `main` is on Hugging Face alone
 * @throws Problem when neither has them; it never falls back on other data
 */
export async function findFiles(
  publication: Publication,
  revision: string,
  options: LoadOptions,
  meter: Meter,
): Promise<Found> {
  meter.say(`Looking for ${publication.label}`)
  const own = revision === mainBranch ? await onOrigin(publication, options, meter) : null
  return own ?? (await onHuggingFace(publication, revision, options, meter))
}

/** Where examples came from, as the end of a sentence. */
export function sourcePhrase(kind: Source['kind'], repository: string): string {
  switch (kind) {
    case 'origin':
      return "from this page's own origin"
    case 'files':
      return 'from the data folder'
    case 'cache':
      return `from the cache, where a visit before kept them (${repository} of Hugging Face)`
    case 'huggingface':
      return `from Hugging Face (${repository})`
    case 'made':
      return 'made here'
    case 'dropped':
      return 'from your files'
  }
}

async function onOrigin(publication: Publication, { host, signal }: LoadOptions, meter: Meter): Promise<Found | null> {
  const find = async ({ path }: Place): Promise<FoundFile | null> => {
    const file = await originFile(path, { host, signal }, wholeFile(publication, meter))
    if (!file) return null
    const arrival: Arrival = (bytes) => meter.done({ bytes })
    // Files on a disk need no second copy. Those of a server do, or a cancelled download would start anew, and a visit
    // without a network would have none; but a copy without a version could be out of date.
    const keep = host.kind === 'browser' && file.version !== undefined
    const key = `${path}@${file.version ?? ''}@${file.byteLength}`
    const bytes = keep ? cachedBytes(file, key, host.cache, arrival, signal) : countedBytes(file, arrival, signal)
    return { name: path, bytes }
  }
  const [train, held] = await Promise.all([find(publication.train), find(publication.held)])
  return train && held && { train, held, kind: () => (host.kind === 'node' ? 'files' : 'origin') }
}

/**
 * A file of the page's own origin. Where a page cannot reach its server, a file that an earlier visit knew is read from
 * the cache, and any other is not there.
 */
async function originFile(
  path: string,
  { host, signal }: Pick<LoadOptions, 'host' | 'signal'>,
  arrived: Arrived,
): Promise<Bytes | null> {
  try {
    const file = await host.origin(path, { signal, arrived })
    if (file && host.kind === 'browser') await remember(host, path, file)
    return file
  } catch (error) {
    if (host.kind === 'node' || !(error instanceof Problem)) throw error
    const known = await remembered(host, path)
    const slice = () => Promise.reject(error)
    return known && { byteLength: known.byteLength, ...(known.version ? { version: known.version } : {}), slice }
  }
}

async function onHuggingFace(
  publication: Publication,
  branch: string,
  options: LoadOptions,
  meter: Meter,
): Promise<Found> {
  let fetched = false
  let asked: Promise<string | undefined> | null = null
  const commit = (url: string) => (asked ??= commitNow(url, options.host, options.signal))
  const find = async (place: Place): Promise<FoundFile & { readonly revision: string | undefined }> => {
    const url = place.url.replace(`/resolve/${mainBranch}/`, `/resolve/${branch}/`)
    const { file, key, revision } = await rememberedFile(url, options, wholeFile(publication, meter), commit)
    fetched ||= file.whole ?? false
    const arrival: Arrival = (bytes, from) => {
      fetched ||= from === 'source'
      meter.done({ bytes })
    }
    return { name: url, revision, bytes: cachedBytes(file, key, options.host.cache, arrival, options.signal) }
  }
  try {
    const [train, held] = await Promise.all([find(publication.train), find(publication.held)])
    // Two files that tell different commits were read while the repository changed.
    const revision = train.revision === held.revision ? train.revision : undefined
    return { train, held, revision, kind: () => (fetched ? 'huggingface' : 'cache') }
  } catch (error) {
    throw error instanceof Problem ? nowhere(publication, options.host, error) : error
  }
}

type Arrived = NonNullable<FetchOptions['arrived']>

/** Counts a file that arrives whole. Later reads of it are not counted. */
function wholeFile({ label }: Publication, meter: Meter): Arrived {
  let counted = 0
  return (bytes, total) => {
    if (counted === 0) {
      meter.say(`Fetching the whole file of ${label}`)
      meter.expect({ bytes: total })
    }
    meter.done({ bytes: bytes - counted })
    counted = bytes
  }
}

/**
 * A remote file. Without a network, a file that an earlier visit knew is read from the cache; its missing blocks cannot
 * be read.
 */
export async function rememberedFile(
  url: string,
  { host, signal }: LoadOptions,
  arrived: Arrived,
  commitOf: (url: string) => Promise<string | undefined>,
): Promise<{ readonly file: Bytes; readonly key: string; readonly revision: string | undefined }> {
  const keyOf = ({ byteLength, version = '' }: Known) => `${url}@${version}@${byteLength}`
  const length = async () => (await remembered(host, url))?.byteLength ?? listedLength(url, host, signal)
  try {
    // Servers seldom tell pages the commit; to ask for it takes a moment, so both are asked at once.
    const [file, asked] = await Promise.all([host.remote(url, { signal, length, arrived }), commitOf(url)])
    const { byteLength, version, commit = asked } = file
    await remember(host, url, { byteLength, version, commit })
    return { file, key: keyOf(file), revision: commit }
  } catch (error) {
    const known = error instanceof Problem && (await remembered(host, url))
    if (!known) throw error
    const slice = () => Promise.reject(error)
    return { file: { byteLength: known.byteLength, slice }, key: keyOf(known), revision: known.commit }
  }
}

/** What is remembered of a file by its address. */
interface Known {
  readonly byteLength: number
  readonly version?: string | undefined
  readonly commit?: string | undefined
}

async function remember({ cache }: Host, address: string, { byteLength, version, commit }: Known): Promise<void> {
  const known = JSON.stringify({ byteLength, version, commit })
  await cache.put(`${address} length`, new TextEncoder().encode(known).buffer)
}

async function remembered({ cache }: Host, address: string): Promise<Known | null> {
  const known = await cache.get(`${address} length`)
  return known && (JSON.parse(new TextDecoder().decode(known)) as Known)
}

/** A file's address on Hugging Face: repository (models have no prefix), branch, path. */
const onHub = /^https:\/\/huggingface\.co\/(.+?)\/resolve\/([^/]+)\/(.+)$/

/** The address of the hub's API for a repository. */
function apiOf(repository: string): string {
  return `https://huggingface.co/api/${repository.startsWith('datasets/') ? '' : 'models/'}${repository}`
}

/** The commit that a branch is at, as the hub's API says; undefined where it does not. */
async function commitNow(url: string, host: Host, signal: AbortSignal): Promise<string | undefined> {
  const [, repository = '', branch = ''] = onHub.exec(url) ?? []
  try {
    const answer = await host.remote(`${apiOf(repository)}/revision/${branch}`, { signal })
    const { sha } = JSON.parse(new TextDecoder().decode(await answer.slice(0))) as { readonly sha?: unknown }
    return typeof sha === 'string' && /^[0-9a-f]{40}$/.test(sha) ? sha : undefined
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}

/** Bytes of a file in a Hugging Face repository, as its list of files says; null where there is no list. */
async function listedLength(url: string, host: Host, signal: AbortSignal): Promise<number | null> {
  const [, repository = '', branch = '', path = ''] = onHub.exec(url) ?? []
  const folder = path.replace(/\/?[^/]*$/, '')
  try {
    const list = await host.remote(`${apiOf(repository)}/tree/${branch}/${folder}`, { signal })
    const files = JSON.parse(new TextDecoder().decode(await list.slice(0))) as readonly { path: string; size: number }[]
    return files.find((file) => file.path === path)?.size ?? null
  } catch {
    signal.throwIfAborted()
    return null
  }
}

function nowhere(publication: Publication, host: Host, cause: Problem): Problem {
  const { label, train, held } = publication
  const place = host.kind === 'node' ? 'in the data folder' : "on this page's own origin"
  return new Problem(
    `${label} is not ${place} (${train.path} and ${held.path}) and cannot be fetched from Hugging Face: ${cause.what}`,
    host.kind === 'node'
      ? `Fetch it with \`${fetchCommand(publication)}\`, or name the folder that has it with --data, `
          + 'or take data that is made here, as preset shapes-quick does.'
      : 'Check the network and try again, or take data that is made here (Shapes, Phrases), or drop files of your own.',
    { cause },
  )
}
