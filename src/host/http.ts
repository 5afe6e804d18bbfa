import type { Bytes, FetchOptions } from '../core/host'
import { messageOf, Problem } from '../core/problem'

/** The part of `fetch` that reading files needs, so that tests can stand in for the server. */
export type Fetch = (
  url: string,
  init: { readonly method?: 'HEAD'; readonly headers?: Record<string, string>; readonly signal?: AbortSignal | null },
) => Promise<Response>

/**
 * A file over HTTP, read by range requests; null where the server does not have it (404, 410, or an HTML page in its
 * place, which servers of single-page apps answer with status 200).
 *
 * The first request asks for four bytes and learns the length from Content-Range. After a redirect another host may
 * hide that header from a page: then the length is learnt in other ways (`hiddenLength`). Where it cannot be, or where
 * a server ignores ranges, the whole file is fetched and kept in memory.
 *
 * @throws Problem without a network and on any other HTTP status
 */
export async function httpBytes(url: string, get: Fetch, options: FetchOptions = {}): Promise<Bytes | null> {
  const { signal } = options
  const response = await request(url, get, 'bytes=0-3', signal)
  if (isMissing(response) || isPage(response)) {
    await response.body?.cancel()
    return null
  }
  const version = response.headers.get('etag') ?? response.headers.get('last-modified')
  const commit = response.headers.get('x-repo-commit')
  const known = { ...(version === null ? {} : { version }), ...(commit === null ? {} : { commit }) }
  if (response.status === 200) return { ...memoryBytes(await wholeBody(response, url, options)), ...known, whole: true }
  await response.body?.cancel()
  const byteLength = response.status === 206 ? (toldLength(response) ?? (await hiddenLength(url, get, options))) : null
  if (byteLength === null) return { ...memoryBytes(await wholeFile(url, get, options)), ...known, whole: true }
  return {
    byteLength,
    ...known,
    slice: (start, end = byteLength) => range(url, get, start, Math.min(end, byteLength), signal),
  }
}

/** Bytes that lie in memory. */
export function memoryBytes(buffer: ArrayBuffer): Bytes {
  return { byteLength: buffer.byteLength, slice: (start, end) => Promise.resolve(buffer.slice(start, end)) }
}

/**
 * The length of a file whose host hides it: from HEAD, else from another source. It counts only if the file ends
 * exactly there, because HEAD gives the compressed length where a server compresses, and another source may know an
 * older file.
 */
async function hiddenLength(url: string, get: Fetch, { signal, length }: FetchOptions): Promise<number | null> {
  for (const ask of [() => headLength(url, get, signal), length]) {
    const bytes = await ask?.()
    if (bytes && (await endsAt(bytes, url, get, signal))) return bytes
  }
  return null
}

/** What HEAD says; null where it is refused, or hidden from this page. */
async function headLength(url: string, get: Fetch, signal?: AbortSignal): Promise<number | null> {
  try {
    const { ok, headers } = await get(url, { method: 'HEAD', signal: signal ?? null })
    const bytes = Number(headers.get('x-linked-size') ?? headers.get('content-length'))
    return ok && Number.isSafeInteger(bytes) ? bytes : null
  } catch (error) {
    if (isAbort(error)) throw error
    return null
  }
}

/** Whether the file has a byte just before `length` and none after it. */
async function endsAt(length: number, url: string, get: Fetch, signal?: AbortSignal): Promise<boolean> {
  const response = await request(url, get, `bytes=${length - 1}-${length}`, signal)
  if (response.status === 206) return (await body(response, url)).byteLength === 1
  await response.body?.cancel()
  return false
}

async function range(url: string, get: Fetch, start: number, end: number, signal?: AbortSignal): Promise<ArrayBuffer> {
  if (start >= end) return new ArrayBuffer(0)
  const response = await request(url, get, `bytes=${start}-${end - 1}`, signal)
  if (!response.ok) throw await statusProblem(url, response)
  const bytes = await body(response, url)
  const part = response.status === 206 ? bytes : bytes.slice(start, end)
  if (part.byteLength !== end - start) {
    throw new Problem(
      `${url} answered ${part.byteLength} bytes where bytes ${start} to ${end - 1} (${end - start}) were asked for.`,
      'Start again; what has arrived is kept. If it happens again, the file on the server has changed or is cut off.',
    )
  }
  return part
}

async function wholeFile(url: string, get: Fetch, options: FetchOptions): Promise<ArrayBuffer> {
  const response = await request(url, get, null, options.signal)
  if (response.status === 200) return wholeBody(response, url, options)
  if (response.status !== 206) throw await statusProblem(url, response)
  await response.body?.cancel()
  throw new Problem(
    `${url} gives parts of the file, but neither its length nor the whole file.`,
    'Let the server expose the header Content-Range, or download the file and drop it on the page.',
  )
}

/** The body; tells the caller how much has arrived. */
function wholeBody(response: Response, url: string, { arrived }: FetchOptions): Promise<ArrayBuffer> {
  const total = Number(response.headers.get('content-length') ?? 0)
  return reach(url, async () => {
    const chunks: Uint8Array<ArrayBuffer>[] = []
    const reader = response.body?.getReader()
    for (let bytes = 0, read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      chunks.push(read.value)
      bytes += read.value.byteLength
      arrived?.(bytes, total)
    }
    return new Blob(chunks).arrayBuffer()
  })
}

/** The response: the file, a part of it, or that there is no such file or part. @throws Problem on any other */
async function request(url: string, get: Fetch, bytes: string | null, signal?: AbortSignal): Promise<Response> {
  const headers = bytes === null ? {} : { headers: { Range: bytes } }
  const response = await reach(url, () => get(url, { ...headers, signal: signal ?? null }))
  if (response.ok || response.status === 416 || isMissing(response)) return response
  throw await statusProblem(url, response)
}

function body(response: Response, url: string): Promise<ArrayBuffer> {
  return reach(url, () => response.arrayBuffer())
}

/** Runs a step that needs the network; a cancelled one stays an AbortError. */
async function reach<T>(url: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (isAbort(error)) throw error
    throw new Problem(
      `${url} cannot be reached (${reasonOf(error)}).`,
      'Check the network and start again; what has arrived is kept.',
      { cause: error },
    )
  }
}

/** What fetch says; Node puts the useful part ("getaddrinfo ENOTFOUND") into the cause. */
function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error && error.cause.message
    ? error.cause.message
    : messageOf(error)
}

async function statusProblem(url: string, { status, statusText, body }: Response): Promise<Problem> {
  await body?.cancel()
  return new Problem(`${url} answered ${status}${statusText && ` ${statusText}`}.`, statusFix(status))
}

function statusFix(status: number): string {
  if (status === 429 || status >= 500)
    return 'The server is busy or broken: wait a minute and start again; what has arrived is kept.'
  if (status === 416) return 'The file on the server has changed or is cut off: start again.'
  return 'Check that the address is right and open to everyone.'
}

function isMissing({ status }: Response): boolean {
  return status === 404 || status === 410
}

function isPage(response: Response): boolean {
  return (response.headers.get('content-type') ?? '').startsWith('text/html')
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

function toldLength(response: Response): number | null {
  const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1]
  return total === undefined ? null : Number(total)
}
