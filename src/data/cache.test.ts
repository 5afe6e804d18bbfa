import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { cachedBytes } from './cache'
import { counting, memoryCache } from './testing'

const block = 1 << 20
const content = new Uint8Array(3 * block + 100).map((_, i) => (i * 31 + (i >> 12)) & 255)
const never = new AbortController().signal

describe('reading through the cache', () => {
  it('gives the bytes of the file, whatever was read before', async () => {
    const file = cachedBytes(counting(content.buffer), 'k', memoryCache(), () => undefined, never)
    const position = fc.integer({ min: 0, max: content.length })
    await fc.assert(
      fc.asyncProperty(position, position, async (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)]
        const read = Buffer.from(await file.slice(start, end))
        expect(read.equals(content.subarray(start, end))).toBe(true)
      }),
      { numRuns: 25 },
    )
    expect(new Uint8Array(await file.slice(3 * block + 98))).toEqual(content.slice(3 * block + 98))
  })

  it('reads whole blocks, each once, and none that is not needed', async () => {
    const source = counting(content.buffer)
    const file = cachedBytes(source, 'k', memoryCache(), () => undefined, never)
    await file.slice(block + 5, block + 6)
    await file.slice(block + 7, 2 * block + 1)
    expect(source.reads).toEqual([
      { start: block, end: 2 * block },
      { start: 2 * block, end: 3 * block },
    ])
  })

  it('goes on after a cancel where it stopped', async () => {
    const cache = memoryCache()
    const control = new AbortController()
    const long = new Uint8Array(9 * block).map((_, i) => i >> 18)
    const first = cachedBytes(counting(long.buffer), 'k', cache, () => control.abort(), control.signal)
    await expect(first.slice(0)).rejects.toMatchObject({ name: 'AbortError' })
    await vi.waitFor(() => expect(cache.entries.size).toBe(4))
    const from: string[] = []
    const again = counting(long.buffer)
    const whole = await cachedBytes(again, 'k', cache, (_, origin) => from.push(origin), never).slice(0)
    expect(Buffer.from(whole).equals(long)).toBe(true)
    expect(from.filter((origin) => origin === 'cache')).toHaveLength(4)
    expect(again.reads.map(({ start }) => start / block)).toEqual([4, 5, 6, 7, 8])
  })

  it('asks again for a block that failed, and reads anew what lies damaged in the cache', async () => {
    const cache = memoryCache()
    let fails = true
    const source = counting(content.buffer)
    const flaky = {
      byteLength: content.length,
      slice: (a: number, b?: number) => (fails ? Promise.reject(new Error('lost')) : source.slice(a, b)),
    }
    const file = cachedBytes(flaky, 'k', cache, () => undefined, never)
    await expect(file.slice(0, 1)).rejects.toThrow('lost')
    fails = false
    cache.entries.set('k#0', new ArrayBuffer(3))
    expect(new Uint8Array(await file.slice(0, 4))).toEqual(content.slice(0, 4))
  })

  it('has at most four requests under way', async () => {
    let now = 0
    let most = 0
    const slow = {
      byteLength: 12 * block,
      slice: async (start: number, end = 12 * block) => {
        most = Math.max(most, ++now)
        await new Promise((resume) => setTimeout(resume, 1))
        now--
        return new ArrayBuffer(end - start)
      },
    }
    await cachedBytes(slow, 'k', memoryCache(), () => undefined, never).slice(0)
    expect(most).toBe(4)
  })
})
