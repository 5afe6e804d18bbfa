import type { Bytes } from '../core/host'
import { messageOf, Problem } from '../core/problem'

/** The part of `fetch` that reading files needs, so that tests can play the server. */
export type Fetch = (
  url: string,
  init: { readonly headers?: Record<string, string>; readonly signal?: AbortSignal | null },
) => Promise<Response>

/**
 * A file behind HTTP, read by range requests; null where the server does not have it (404, 410, or an HTML page in its
 * place, which servers of single-page apps answer with status 200).
 *
 * The first request asks for four bytes and learns the length from Content-Range: HEAD would report the compressed length
 * where a server compresses. A server that ignores ranges sends the whole file instead, which is then kept in memory.
 *
 * @throws Problem without a network, on any other HTTP status, and where no length can be learnt
 */
export async function httpBytes(url: string, get: Fetch, signal?: AbortSignal): Promise<Bytes | null> {
  const response = await request(url, get, 'bytes=0-3', signal)
  if (response.status === 404 || response.status === 410 || isPage(response)) {
    await response.body?.cancel()
    return null
  }
  const version = response.headers.get('etag') ?? response.headers.get('last-modified')
  const known = version === null ? {} : { version }
  if (response.status !== 206) return { ...memoryBytes(await body(response, url)), ...known }
  const byteLength = totalLength(response, url)
  await response.body?.cancel()
  return { byteLength, ...known, slice: (start, end = byteLength) => range(url, get, start, Math.min(end, byteLength), signal) }
}

/** Bytes that lie in memory. */
export function memoryBytes(buffer: ArrayBuffer): Bytes {
  return { byteLength: buffer.byteLength, slice: (start, end) => Promise.resolve(buffer.slice(start, end)) }
}

async function range(url: string, get: Fetch, start: number, end: number, signal?: AbortSignal): Promise<ArrayBuffer> {
  if (start >= end) return new ArrayBuffer(0)
  const response = await request(url, get, `bytes=${start}-${end - 1}`, signal)
  if (response.status === 404 || response.status === 410) throw statusProblem(url, response)
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

async function request(url: string, get: Fetch, bytes: string, signal?: AbortSignal): Promise<Response> {
  const response = await reach(url, () => get(url, { headers: { Range: bytes }, signal: signal ?? null }))
  if (response.ok || response.status === 404 || response.status === 410) return response
  await response.body?.cancel()
  throw statusProblem(url, response)
}

function body(response: Response, url: string): Promise<ArrayBuffer> {
  return reach(url, () => response.arrayBuffer())
}

/** Runs a step that needs the network; a cancelled one stays an AbortError. */
async function reach<T>(url: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error
    throw new Problem(
      `${url} cannot be reached (${reasonOf(error)}).`,
      'Check the network and start again; what has arrived is kept.',
      { cause: error },
    )
  }
}

/** What fetch says; Node keeps the telling part ("getaddrinfo ENOTFOUND") in the cause. */
function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error && error.cause.message ? error.cause.message : messageOf(error)
}

function statusProblem(url: string, { status, statusText }: Response): Problem {
  const busy = status === 429 || status >= 500
  return new Problem(
    `${url} answered ${status}${statusText && ` ${statusText}`}.`,
    busy
      ? 'The server is busy or broken: wait a minute and start again; what has arrived is kept.'
      : 'Check that the address is right and open to everyone.',
  )
}

function isPage(response: Response): boolean {
  return (response.headers.get('content-type') ?? '').startsWith('text/html')
}

function totalLength(response: Response, url: string): number {
  const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1]
  if (total) return Number(total)
  throw new Problem(
    `${url} does not say how long the file is (Content-Range: ${response.headers.get('content-range') ?? 'hidden'}).`,
    'Let the server expose the header Content-Range, or download the file and drop it on the page.',
  )
}
