import { describe, expect, it } from 'vitest'
import { httpBytes, type Fetch } from './http'

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
    const ranged = new Response(part, { status: 206, headers: { 'Content-Range': `bytes ${start}-${end}/1000`, ETag: '"v1"' } })
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
    ['a page in its place', () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html; charset=utf-8' } })],
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
    const { get } = server((range) => (range === 'bytes=0-3' ? null : new Response(content.slice(0, 7), { status: 206 })))
    const file = await httpBytes(url, get)
    await expect(file!.slice(0, 100)).rejects.toThrow('answered 7 bytes where bytes 0 to 99 (100) were asked for')
  })

  it('is a Problem when its length is hidden', async () => {
    await expect(httpBytes(url, server(() => new Response('', { status: 206 })).get)).rejects.toThrow('Content-Range: hidden')
  })

  it('stays an AbortError when cancelled', async () => {
    const control = new AbortController()
    const file = await httpBytes(url, server().get, control.signal)
    control.abort()
    await expect(file!.slice(0, 4)).rejects.toMatchObject({ name: 'AbortError' })
  })
})
