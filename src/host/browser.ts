import type { Host } from '../core/host'
import { messageOf, Problem } from '../core/problem'
import { browserThreads } from './browserThreads'
import { httpBytes, type Fetch } from './http'
import { originFiles } from './originFiles'
import { decodePng, refuseLarge, type Picture } from './png'

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
    files: files.map((file) => ({ name: file.webkitRelativePath || file.name, bytes: blobBytes(file) })),
    decodeImage: async (bytes) => decodePng(bytes) ?? (await decodeByBrowser(bytes)),
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

async function decodeByBrowser(bytes: Uint8Array): Promise<Picture> {
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)])).catch((error: unknown) => {
    throw new Problem(
      `A picture of ${bytes.length} bytes cannot be decoded by this browser (${messageOf(error)}).`,
      'Convert it to PNG or JPEG, or leave it out.',
      { cause: error },
    )
  })
  const { width, height } = bitmap
  try {
    refuseLarge(width, height)
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
    if (!context)
      throw new Problem(`This browser gives no canvas of ${width} x ${height} pixels.`, 'Convert the pictures to PNG.')
    context.fillStyle = 'white'
    context.fillRect(0, 0, width, height)
    context.drawImage(bitmap, 0, 0)
    return { width, height, rgb: withoutAlpha(context.getImageData(0, 0, width, height).data) }
  } finally {
    bitmap.close()
  }
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3)
  for (let i = 0, o = 0; i < rgba.length; i += 4) {
    for (let c = 0; c < 3; c++) rgb[o++] = rgba[i + c] as number
  }
  return rgb
}

function missing(url: string): never {
  throw new Problem(`${url} does not exist.`, 'Check the address.')
}
