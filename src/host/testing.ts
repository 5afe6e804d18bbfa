import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Fetch } from './http'

/** A host of two servers, and so of two origins: the first redirects everything to the second, which has the files. */
export interface RedirectingHost {
  /** Address of the first server, without a slash at its end. */
  readonly address: string
  /** What the second server was asked for: "HEAD /name" or "GET /name bytes=0-3". */
  readonly asked: readonly string[]
  /** Bytes of files that it has sent. */
  readonly sent: () => number
  close(): Promise<void>
}

/** Answers a request to the second server in place of its usual answer; false leaves it to that. */
export type Habit = (request: IncomingMessage, response: ServerResponse) => boolean

/**
 * Starts such a host. The second server knows ranges and HEAD, and lets pages of any origin read its answers, but of
 * their headers only those that every page may see, as a content network does that nobody has told to expose
 * Content-Range.
 */
export async function redirectingHost(
  files: Readonly<Record<string, Uint8Array>>,
  habit: Habit = () => false,
): Promise<RedirectingHost> {
  const asked: string[] = []
  let sent = 0
  const second = await listening((request, response) => {
    asked.push([request.method, request.url, request.headers.range].filter((part) => part !== undefined).join(' '))
    response.setHeader('Access-Control-Allow-Origin', '*')
    if (!habit(request, response)) sent += serve(files[request.url ?? ''], request, response)
  })
  const first = await listening((request, response) => {
    response
      .writeHead(302, { 'Access-Control-Allow-Origin': '*', Location: `${second.address}${request.url ?? ''}` })
      .end()
  })
  return {
    address: first.address,
    asked,
    sent: () => sent,
    close: async () => {
      await Promise.all([first.close(), second.close()])
    },
  }
}

/**
 * `fetch` as a page on another origin has it: of the headers that come back it sees what the server exposes, and the
 * safe ones.
 */
export const pageFetch: Fetch = async (url, init) => {
  const { body, status, statusText, headers } = await fetch(url, init)
  const exposed = (headers.get('access-control-expose-headers') ?? '').toLowerCase().split(/ *, */)
  const seen = [...headers].filter(([name]) => safeHeaders.has(name) || exposed.includes(name))
  return new Response(body, { status, statusText, headers: seen })
}

/** The CORS-safelisted response headers of the Fetch standard. */
const safeHeaders = new Set([
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
])

function serve(
  file: Uint8Array | undefined,
  { method, headers: { range } }: IncomingMessage,
  response: ServerResponse,
): number {
  if (!file) {
    response.writeHead(404).end()
    return 0
  }
  const [, start = '0', last = String(file.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
  const part = file.subarray(Number(start), Number(last) + 1)
  if (range !== undefined && part.length === 0)
    response.writeHead(416, { 'Content-Range': `bytes */${file.length}` }).end()
  else {
    const place = { 'Content-Range': `bytes ${start}-${Number(start) + part.length - 1}/${file.length}` }
    response.writeHead(range === undefined ? 200 : 206, {
      'Content-Length': part.length,
      ...(range !== undefined && place),
    })
    response.end(method === 'HEAD' ? undefined : part)
  }
  return method === 'HEAD' ? 0 : part.length
}

async function listening(answer: RequestListener): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}
