import { afterEach, describe, expect, it } from 'vitest'
import { httpBytes, type Fetch } from './http'
import { pageFetch, redirectingHost, type Habit, type RedirectingHost } from './testing'

const content = Uint8Array.from({ length: 1000 }, (_, i) => i % 251)
const url = 'https://example.org/file'

interface Asked {
  readonly range: string
}

/** A server that knows ranges; `answer` may take over. */
function server(answer?: (range: string) => Response | null): { get: Fetch; asked: Asked[] } {
  const asked: Asked[] = []
  const get: Fetch = (_, { headers, signal }) => {
    signal?.throwIfAborted()
    const range = headers?.['Range'] ?? ''
    asked.push({ range })
    const [, start = '0', end = '0'] = /bytes=(\d+)-(\d+)/.exec(range) ?? []
    const part = content.slice(Number(start), Number(end) + 1)
    const ranged = new Response(part, {
      status: 206,
      headers: { 'Content-Range': `bytes ${start}-${end}/1000`, ETag: '"v1"' },
    })
    return Promise.resolve(answer?.(range) ?? ranged)
  }
  return { get, asked }
}

describe('a file behind HTTP', () => {
  it('is read by ranges; its length and version come from the first four bytes', async () => {
    const { get, asked } = server()
    const file = await httpBytes(url, get)
    expect(file?.byteLength).toBe(1000)
    expect(file?.version).toBe('"v1"')
    expect(new Uint8Array(await file!.slice(10, 13))).toEqual(content.slice(10, 13))
    expect(new Uint8Array(await file!.slice(998))).toEqual(content.slice(998))
    expect(asked.map(({ range }) => range)).toEqual(['bytes=0-3', 'bytes=10-12', 'bytes=998-999'])
  })

  it('is kept whole when the server ignores ranges', async () => {
    const { get, asked } = server(() => new Response(content))
    const file = await httpBytes(url, get)
    expect(file?.byteLength).toBe(1000)
    expect(new Uint8Array(await file!.slice(500, 502))).toEqual(content.slice(500, 502))
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['404', () => new Response('', { status: 404 })],
    [
      'a page in its place',
      () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html; charset=utf-8' } }),
    ],
  ])('is null for %s', async (_, answer) => {
    expect(await httpBytes(url, server(answer).get)).toBeNull()
  })

  it.each([
    [503, 'answered 503', 'wait a minute'],
    [403, 'answered 403', 'open to everyone'],
  ])('is a Problem for status %i', async (status, what, fix) => {
    const read = httpBytes(url, server(() => new Response('', { status })).get)
    await expect(read).rejects.toMatchObject({
      what: expect.stringContaining(what) as string,
      fix: expect.stringContaining(fix) as string,
    })
  })

  it('is a Problem without a network, with what fetch says', async () => {
    const get: Fetch = () =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND example.org') }))
    await expect(httpBytes(url, get)).rejects.toThrow('cannot be reached (getaddrinfo ENOTFOUND example.org)')
  })

  it('is a Problem when the server sends less than was asked for', async () => {
    const { get } = server((range) =>
      range === 'bytes=0-3' ? null : new Response(content.slice(0, 7), { status: 206 }),
    )
    const file = await httpBytes(url, get)
    await expect(file!.slice(0, 100)).rejects.toThrow('answered 7 bytes where bytes 0 to 99 (100) were asked for')
  })

  it('is a Problem when all that comes are parts of unknown length', async () => {
    await expect(httpBytes(url, server(() => new Response('', { status: 206 })).get)).rejects.toThrow(
      'neither its length nor the whole file',
    )
  })

  it('stays an AbortError when cancelled', async () => {
    const control = new AbortController()
    const file = await httpBytes(url, server().get, { signal: control.signal })
    control.abort()
    await expect(file!.slice(0, 4)).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('a file behind a redirect to another origin that hides how long it is', () => {
  const hosts: RedirectingHost[] = []
  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.close()))
  })

  const refusesHead: Habit = ({ method }, response) => method === 'HEAD' && !!response.writeHead(405).end()
  /** HEAD tells a length; the file is as it is. */
  const tells =
    (length: number): Habit =>
    ({ method }, response) =>
      method === 'HEAD' && !!response.writeHead(200, { 'Content-Length': length }).end()

  async function open(habit?: Habit, length?: () => Promise<number | null>) {
    const host = await redirectingHost({ '/file': content }, habit)
    hosts.push(host)
    const arrivals: string[] = []
    const arrived = (bytes: number, total: number) => arrivals.push(`${bytes} of ${total}`)
    return {
      host,
      arrivals,
      file: await httpBytes(`${host.address}/file`, pageFetch, { arrived, ...(length && { length }) }),
    }
  }

  /** Every byte, in two reads. */
  async function read(file: Awaited<ReturnType<typeof httpBytes>>) {
    return Buffer.concat([Buffer.from(await file!.slice(0, 700)), Buffer.from(await file!.slice(700))])
  }

  it('is read by ranges, its length being what HEAD says and the file keeps', async () => {
    const { host, file, arrivals } = await open()
    expect(file?.byteLength).toBe(1000)
    expect(file?.whole).toBeUndefined()
    expect(new Uint8Array(await file!.slice(998))).toEqual(content.slice(998))
    expect(host.asked).toEqual([
      'GET /file bytes=0-3',
      'HEAD /file',
      'GET /file bytes=999-1000',
      'GET /file bytes=998-999',
    ])
    expect(host.sent()).toBe(4 + 1 + 2)
    expect(arrivals).toEqual([])
  })

  it('takes the length that the hub names for what it links to', async () => {
    const { file } = await open(({ method }, response) => {
      response.setHeader('Access-Control-Expose-Headers', 'X-Linked-Size')
      return method === 'HEAD' && !!response.writeHead(200, { 'X-Linked-Size': 1000, 'Content-Length': 77 }).end()
    })
    expect([file?.byteLength, file?.whole]).toEqual([1000, undefined])
  })

  it('where HEAD is refused, asks who else knows', async () => {
    const { host, file } = await open(refusesHead, () => Promise.resolve(1000))
    expect([file?.byteLength, file?.whole]).toEqual([1000, undefined])
    expect(host.sent()).toBe(5)
  })

  it.each<[string, Habit, (() => Promise<number | null>)?]>([
    ['HEAD is refused and nobody knows', refusesHead],
    ['nobody who is asked knows', refusesHead, () => Promise.resolve(null)],
    ['what others know is of an older file', refusesHead, () => Promise.resolve(1001)],
    ['HEAD tells too few bytes, as of a compressed file', tells(400)],
    ['HEAD tells too many', tells(1400)],
    ['HEAD tells none', tells(0)],
    [
      'the server says that there are no such bytes',
      ({ headers: { range } }, response) => range !== undefined && !!response.writeHead(416).end(),
    ],
    [
      'the redirect loses the range',
      (request) => {
        delete request.headers.range
        return false
      },
    ],
  ])('is fetched whole, and says how far it is, where %s', async (_, habit, length) => {
    const { file, arrivals } = await open(habit, length)
    expect([file?.byteLength, file?.whole]).toEqual([1000, true])
    expect((await read(file)).equals(content)).toBe(true)
    expect(arrivals.at(-1)).toBe('1000 of 1000')
  })

  it('comes whole from a server that does not say how much there is to come', async () => {
    const { file, arrivals } = await open((_, response) => {
      response.write(content.subarray(0, 600))
      return !!response.end(content.subarray(600))
    })
    expect((await read(file)).equals(content)).toBe(true)
    expect(arrivals.at(-1)).toBe('1000 of 0')
  })

  it('is a Problem where it breaks off', async () => {
    const opening = open(({ method, headers: { range } }, response) => {
      if (method === 'HEAD') return !!response.writeHead(405).end()
      if (range !== undefined) return false
      response.writeHead(200, { 'Content-Length': 1000 }).write(content.subarray(0, 500), () => response.destroy())
      return true
    })
    await expect(opening).rejects.toMatchObject({
      name: 'Problem',
      what: expect.stringContaining('cannot be reached') as string,
    })
  })

  it('is a Problem where it has become shorter since', async () => {
    let shrunk = false
    const { file } = await open((_, response) => shrunk && !!response.writeHead(416).end())
    shrunk = true
    await expect(file!.slice(990)).rejects.toMatchObject({ fix: expect.stringContaining('has changed') as string })
  })

  it('stays an AbortError when cancelled while it comes whole', async () => {
    const host = await redirectingHost({}, (_, response) => response.write(content.subarray(0, 500)) || true)
    hosts.push(host)
    const control = new AbortController()
    const opening = httpBytes(`${host.address}/file`, pageFetch, {
      signal: control.signal,
      arrived: () => control.abort(),
    })
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' })
  })
})
