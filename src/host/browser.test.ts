import { afterEach, describe, expect, it, vi } from 'vitest'
import { browserHost } from './browser'

afterEach(() => vi.unstubAllGlobals())

/** Cache Storage with one cache, as a map. */
function cacheStorage() {
  const kept = new Map<string, Response>()
  const cache = {
    match: (key: string) => Promise.resolve(kept.get(key)?.clone()),
    put: (key: string, response: Response) => Promise.resolve(void kept.set(key, response)),
    delete: (key: string) => Promise.resolve(kept.delete(key)),
  }
  return { kept, open: () => Promise.resolve(cache) }
}

describe('the host in a browser', () => {
  it("looks for data beside the page, one folder above the worker's script", async () => {
    const asked: string[] = []
    vi.stubGlobal('self', { location: new URL('https://example.org/pruning/assets/worker-1.js') })
    vi.stubGlobal('fetch', (url: string) => {
      asked.push(url)
      return Promise.resolve(new Response('', { status: 404 }))
    })
    expect(await browserHost({}).origin('data/cifar10/train.parquet')).toBeNull()
    expect(asked).toEqual(['https://example.org/pruning/data/cifar10/train.parquet'])
  })

  it('reads dropped files by slices, under the path that they carry', async () => {
    const { files } = browserHost({
      files: [new File([Uint8Array.of(1, 2, 3)], 'cat/1.png')],
      base: 'https://example.org/',
    })
    expect(files[0]?.name).toBe('cat/1.png')
    expect(new Uint8Array(await files[0]!.bytes.slice(1))).toEqual(Uint8Array.of(2, 3))
  })

  it('keeps ranges in Cache Storage, and does without where there is none', async () => {
    const { cache } = browserHost({ base: 'https://example.org/' })
    expect(await cache.put('a#1', Uint8Array.of(7).buffer)).toBe(false)
    expect(await cache.get('a#1')).toBeNull()
    await cache.remove('a#1')
    const storage = cacheStorage()
    vi.stubGlobal('caches', storage)
    expect(await cache.put('a#1', Uint8Array.of(7).buffer)).toBe(true)
    expect(new Uint8Array((await cache.get('a#1'))!)).toEqual(Uint8Array.of(7))
    expect([...storage.kept.keys()]).toEqual(['https://example.org/cached-range?a%231'])
    await cache.remove('a#1')
    expect(storage.kept.size).toBe(0)
  })

  it('declines to keep what does not fit on the disk', async () => {
    vi.stubGlobal('caches', {
      open: () => Promise.resolve({ put: () => Promise.reject(new DOMException('full', 'QuotaExceededError')) }),
    })
    await expect(browserHost({ base: 'https://example.org/' }).cache.put('a', new ArrayBuffer(1))).resolves.toBe(false)
  })

  it('says which picture this browser cannot decode', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new DOMException('The source image could not be decoded.')))
    await expect(browserHost({ base: 'https://example.org/' }).decodeImage(Uint8Array.of(1, 2))).rejects.toThrow(
      'A picture of 2 bytes cannot be decoded',
    )
  })
})
