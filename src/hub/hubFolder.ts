import type { LoadOptions } from '../core/dataset'
import { isRecord } from '../core/isRecord'
import { Problem } from '../core/problem'
import { cachedBytes } from '../data/cache'
import type { Meter } from '../data/meter'
import { rememberedFile } from '../data/source'
import type { Folder } from './folder'

/** What the hub says of a repository: its commit and the names of its files. */
interface Listing {
  readonly sha: string
  readonly names: ReadonlySet<string>
}

/**
 * The files of a model repository of Hugging Face, through the cache. All are of one commit, that at which the revision
 * is now; where the hub does not say, of the commit that an earlier visit saw.
 * @throws Problem where there is no such repository, or one may not read it
 */
export async function hubFolder(
  repository: string,
  revision: string,
  options: LoadOptions,
  meter: Meter,
): Promise<{ readonly folder: Folder; readonly commit: string }> {
  const { host, signal } = options
  meter.say(`Looking for ${repository}`)
  const { sha, names } = await listingOf(repository, revision, options)
  const folder: Folder = async (name) => {
    if (!names.has(name)) return null
    const url = `https://huggingface.co/${repository}/resolve/${sha}/${name}`
    meter.say(`Fetching ${name} of ${repository}`)
    const { file, key } = await rememberedFile(
      url,
      options,
      () => undefined,
      () => Promise.resolve(sha),
    )
    return cachedBytes(file, key, host.cache, (bytes) => meter.done({ bytes }), signal)
  }
  return { folder, commit: sha }
}

async function listingOf(repository: string, revision: string, { host, signal }: LoadOptions): Promise<Listing> {
  const url = `https://huggingface.co/api/models/${repository}/revision/${revision}`
  let why = 'Its list of files cannot be read.'
  try {
    const answer = await (await host.remote(url, { signal })).slice(0)
    const listing = read(answer)
    if (listing) {
      await host.cache.put(url, answer)
      return listing
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    why = error.what
  }
  const seen = await host.cache.get(url)
  const listing = seen && read(seen)
  if (listing) return listing
  throw new Problem(
    `The model ${repository} at ${revision} could not be found on Hugging Face: ${why}`,
    'Check its name and revision there, and the network. A repository that asks for a login cannot be read here: '
      + 'fetch its files and drop them.',
    { about: 'model' },
  )
}

function read(answer: ArrayBuffer): Listing | null {
  try {
    const { sha, siblings } = JSON.parse(new TextDecoder().decode(answer)) as Record<string, unknown>
    if (typeof sha !== 'string' || !/^[0-9a-f]{40}$/.test(sha) || !Array.isArray(siblings)) return null
    const names = siblings.flatMap((file: unknown) => (isRecord(file) ? [String(file['rfilename'])] : []))
    return { sha, names: new Set(names) }
  } catch {
    return null
  }
}
