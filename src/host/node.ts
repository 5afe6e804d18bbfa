import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, realpathSync, statSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { pathInData } from '../core/publication'
import type { Bytes, Host, NamedFile, Threads } from '../core/host'
import { messageOf, Problem } from '../core/problem'
import { httpBytes, type Fetch } from './http'
import { decodePng } from './png'

export interface NodeHostOptions {
  /** Folder that stands for the page's `data/`: holds `cifar10/train.parquet` and so on. */
  readonly dataDir: string
  /** Paths of the user's files; a folder stands for everything in it. */
  readonly files?: readonly string[]
  /** Folder of finished runs, each in a folder named by its id, as the command line writes them. */
  readonly runs?: string
  /** Where downloaded byte ranges are kept. */
  readonly cacheDir?: string
  readonly fetch?: Fetch
  /** One thread does all work where it is left out. */
  readonly threads?: Threads
}

/** The host in Node: files from disk, the net through fetch, pictures as PNG only. */
export function nodeHost({
  dataDir,
  files = [],
  runs,
  cacheDir = '.cache/data',
  fetch: get = fetch,
  threads,
}: NodeHostOptions): Host {
  return {
    kind: 'node',
    origin: (path, { signal } = {}) => {
      const file = join(dataDir, pathInData(path))
      return Promise.resolve(isFile(file) ? fileBytes(file, signal) : null)
    },
    remote: async (url, options) => (await httpBytes(url, get, options)) ?? missing(url),
    cache: fileCache(cacheDir),
    checkpoints: fileCache(cacheDir),
    weights: runFolders(runs),
    files: files.flatMap(namedFiles),
    decodeImage: async (bytes) => decodePng(bytes) ?? (await Promise.reject(notPng(bytes))),
    ...(threads ? { threads } : {}),
    now: () => performance.now(),
  }
}

/**
 * A file on disk; opened for each slice, so that nothing has to be closed later. @throws Problem when it cannot be read
 */
export function fileBytes(path: string, signal?: AbortSignal): Bytes {
  const { size, mtimeMs } = statSync(path)
  return {
    byteLength: size,
    version: String(mtimeMs),
    async slice(start, end = size) {
      signal?.throwIfAborted()
      const handle = await open(path).catch((error: unknown) => {
        throw unreadable(path, error)
      })
      try {
        const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start))
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, start)
        return bytes.buffer.slice(0, bytesRead)
      } finally {
        await handle.close()
      }
    },
  }
}

/** One file, or all files of a folder, named from that folder's own name on: `cats/cat/1.png`. */
function namedFiles(path: string): NamedFile[] {
  if (isFile(path)) return [{ name: basename(path), bytes: fileBytes(path) }]
  try {
    const paths = filesBelow(path).sort()
    return paths.map((file) => ({
      name: join(basename(path), relative(path, file)).replaceAll(sep, '/'),
      bytes: isFile(file) ? fileBytes(file) : leadsNowhere(file),
    }))
  } catch (error) {
    throw unreadable(path, error)
  }
}

/**
 * Paths of all files in a folder, and of files to which symbolic links in it lead: the Hugging Face cache is made of
 * links. A folder that lies in itself is not entered again.
 */
function filesBelow(folder: string, around: readonly string[] = []): string[] {
  const place = realpathSync(folder)
  if (around.includes(place)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    const found = entry.isSymbolicLink() ? (stat(path) ?? 'nowhere') : entry
    if (found === 'nowhere' || found.isFile()) return [path]
    return found.isDirectory() ? filesBelow(path, [...around, place]) : []
  })
}

function leadsNowhere(path: string): Bytes {
  const problem = new Problem(`${path} is a link to a file that is not there.`, 'Download it again, or leave it out.')
  return { byteLength: 0, slice: () => Promise.reject(problem) }
}

/**
 * Cache entries as files named by the hash of their key; written under another name and renamed, so that a killed run
 * leaves no half file.
 */
function fileCache(folder: string): Host['cache'] {
  const place = (key: string) => join(folder, createHash('sha256').update(key).digest('hex'))
  return {
    async get(key) {
      const found = await readFile(place(key)).catch(() => null)
      return found && new Uint8Array(found).buffer
    },
    async put(key, bytes) {
      const aside = `${place(key)}.${randomUUID()}`
      try {
        await mkdir(folder, { recursive: true })
        await writeFile(aside, new Uint8Array(bytes))
        await rename(aside, place(key))
        return true
      } catch {
        await rm(aside, { force: true }).catch(() => undefined)
        return false
      }
    },
    remove: (key) => rm(place(key), { force: true }).catch(() => undefined),
  }
}

/** The weights that the command line wrote; it puts them there itself. */
function runFolders(folder: string | undefined): Host['weights'] {
  return {
    get: async (runId) => {
      const found =
        folder === undefined ? null : await readFile(join(folder, runId, 'weights.safetensors')).catch(() => null)
      return found && new Uint8Array(found).buffer
    },
    put: () => Promise.resolve(false),
    remove: () => Promise.resolve(),
    list: () => Promise.resolve([]),
  }
}

function isFile(path: string): boolean {
  return stat(path)?.isFile() ?? false
}

/** What a path leads to; undefined where that is nothing, or where links form a circle. */
function stat(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

function unreadable(path: string, error: unknown): Problem {
  return new Problem(`${path} cannot be read (${messageOf(error)}).`, 'Check the path and its permissions.', {
    cause: error,
  })
}

function missing(url: string): never {
  throw new Problem(`${url} does not exist.`, 'Check the address.')
}

function notPng(bytes: Uint8Array): Problem {
  const start = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return new Problem(
    `A picture of ${bytes.length} bytes that starts with ${start} is no PNG, `
      + 'and outside the browser only PNG is decoded.',
    'Convert the pictures to PNG, or drop them on the page, which reads JPEG and WebP too.',
  )
}
