import type { Host } from '../core/host'
import { messageOf, Problem } from '../core/problem'
import { browserThreads } from './browserThreads'
import { httpBytes, type Fetch } from './http'
import { originFiles } from './originFiles'
import { weightFiles } from './weightFiles'

export interface BrowserHostOptions {
  /** Files that the user dropped; a file from a folder carries its path as its name (`cat/1.png`). */
  readonly files?: readonly File[]
  /** Address of the page's folder; `data/...` is relative to it. */
  readonly base?: string
}

const cacheName = 'data'

/**
 * The host in a browser's worker: this page's origin and the net through fetch, Cache Storage, pictures through the
 * browser.
 */
export function browserHost({ files = [], base = pageFolder() }: BrowserHostOptions): Host {
  const get: Fetch = (url, init) => fetch(url, init)
  const threads = browserThreads()
  return {
    kind: 'browser',
    origin: (path, options) => httpBytes(new URL(path, base).href, get, options),
    remote: async (url, options) => (await httpBytes(url, get, options)) ?? missing(url),
    cache: rangeCache(base),
    checkpoints: originFiles('checkpoints') ?? rangeCache(base),
    weights: weightFiles(),
    files: files.map((file) => ({ name: file.webkitRelativePath || file.name, bytes: blobBytes(file) })),
    // What decodes pictures is loaded by those who have some.
    decodeImage: async (bytes) => (await import('./browserPicture')).browserPicture(bytes),
    ...(threads ? { threads } : {}),
    now: () => performance.now(),
  }
}

/** The worker's script lies one folder below the page, in `src/` while developing and in `assets/` when built. */
function pageFolder(): string {
  const { href, origin, protocol } = self.location
  return protocol.startsWith('http') ? new URL('..', href).href : `${origin}/`
}

function blobBytes(file: File) {
  return {
    byteLength: file.size,
    version: String(file.lastModified),
    slice: (start: number, end?: number) =>
      file
        .slice(start, end)
        .arrayBuffer()
        .catch((error: unknown) => {
          throw new Problem(
            `${file.name} cannot be read any more (${messageOf(error)}).`,
            'It was moved or changed after it was dropped: drop it again.',
            { cause: error },
          )
        }),
  }
}

/**
 * Bytes in Cache Storage. Insecure pages and some private windows have none, and a full disk refuses.
 */
function rangeCache(base: string): Host['cache'] {
  const address = (key: string) => new URL(`cached-range?${encodeURIComponent(key)}`, base).href
  const opened = () =>
    typeof caches === 'undefined' ? Promise.resolve(null) : caches.open(cacheName).catch(() => null)
  return {
    async get(key) {
      const found = await (await opened())?.match(address(key)).catch(() => undefined)
      return (await found?.arrayBuffer()) ?? null
    },
    async put(key, bytes) {
      const put = (await opened())?.put(address(key), new Response(bytes))
      return (
        put?.then(
          () => true,
          () => false,
        ) ?? false
      )
    },
    async remove(key) {
      await (await opened())?.delete(address(key)).catch(() => undefined)
    },
  }
}

function missing(url: string): never {
  throw new Problem(`${url} does not exist.`, 'Check the address.')
}
