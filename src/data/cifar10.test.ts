import { describe, expect, it } from 'vitest'
import type { Host } from '../core/host'
import { cifar10, cifar10Files } from './cifar10'
import { cifarParquet, counting, fakeHost, loading, memoryCache, type CountingBytes } from './testing'

const train = cifarParquet(250, { rowGroupSize: 50 })
const test = cifarParquet(120, { rowGroupSize: 60 })
const values = { train: 100, held: 100, revision: 'main' }

/** A host whose origin has both files. */
function origin(
  files: Readonly<Record<string, ArrayBuffer>> = {
    'data/cifar10/train.parquet': train,
    'data/cifar10/test.parquet': test,
  },
) {
  return fakeHost({ origin: (path) => Promise.resolve(files[path] ? counting(files[path]) : null) })
}

/** Hugging Face as a host sees it; `sources` count what is read. */
function huggingFace(cache = memoryCache(), answers = true): { host: Host; sources: CountingBytes[] } {
  const sources: CountingBytes[] = []
  const remote = (url: string) => {
    if (url.includes('/api/')) return fakeHost().remote(url)
    const source = counting(url === cifar10Files.train.url ? train : test)
    sources.push(source)
    return answers ? Promise.resolve({ ...source, version: 'v1' }) : fakeHost().remote(url)
  }
  return { host: fakeHost({ remote, cache }), sources }
}

describe('CIFAR-10', () => {
  it('gives the first rows as pixels and labels, and says where they come from', async () => {
    const options = loading(origin())
    const examples = await cifar10.load(values, options)
    expect(examples.input).toEqual({ task: 'image', shape: [32, 32, 3], classes: 10 })
    expect(examples.source).toEqual({
      kind: 'origin',
      text: "CIFAR-10, 100 training and 100 held-out images from this page's own origin.",
    })
    const { train: split } = examples
    if (split.task !== 'image') throw new Error('not images')
    expect([...split.pixels.subarray(7 * 3072, 7 * 3072 + 6)]).toEqual([7, 14, 21, 7, 14, 21])
    expect([...split.labels.subarray(8, 12)]).toEqual([8, 9, 0, 1])
    // Red of image i is i: mean of 0 ... 99 over 255 = 49.5 / 255.
    expect(examples.normalise?.mean[0]).toBeCloseTo(49.5 / 255, 10)
    expect(options.reports.at(-1)).toMatchObject({ rows: 200, rowsTotal: 200 })
    expect(options.reports.at(-1)?.bytes).toBe(options.reports.at(-1)?.bytesTotal)
  })

  it('takes what there is where the file holds less, and says so', async () => {
    const { source } = await cifar10.load({ ...values, train: 10_000 }, loading(origin()))
    expect(source.text).toContain('250 training and 100 held-out images')
    expect(source.text).toContain('the files hold no more (10,000 and 100 were asked for)')
  })

  it('comes from Hugging Face when the origin has only half of it, and from the cache the next time', async () => {
    const cache = memoryCache()
    const first = huggingFace(cache)
    const both = {
      ...first.host,
      origin: (path: string) => Promise.resolve(path.includes('train') ? counting(train) : null),
    }
    expect((await cifar10.load(values, loading(both))).source).toMatchObject({
      kind: 'huggingface',
      text: expect.stringContaining('uoft-cs/cifar10') as string,
    })
    expect(first.sources.some((source) => source.total() > 0)).toBe(true)
    const second = huggingFace(cache)
    expect((await cifar10.load(values, loading(second.host))).source.kind).toBe('cache')
    expect(second.sources.map((source) => source.total())).toEqual([0, 0])
  })

  it('loads without a network what an earlier visit kept, and is a Problem for what it did not', async () => {
    const cache = memoryCache()
    await cifar10.load(values, loading(huggingFace(cache).host))
    expect((await cifar10.load(values, loading(huggingFace(cache, false).host))).source.kind).toBe('cache')
    for (const key of [...cache.entries.keys()].filter((key) => key.endsWith('#0'))) cache.entries.delete(key)
    await expect(cifar10.load(values, loading(huggingFace(cache, false).host))).rejects.toThrow('no network here')
  })

  it('names the command that fetches it alone where a data folder lacks it', async () => {
    await expect(cifar10.load(values, loading(fakeHost({ kind: 'node' })))).rejects.toMatchObject({
      fix: expect.stringMatching(/^Fetch it with `npm run data -- cifar10`, or/) as string,
    })
  })

  it('is a Problem, and nothing else, when it is nowhere', async () => {
    await expect(cifar10.load(values, loading(fakeHost()))).rejects.toMatchObject({
      name: 'Problem',
      what: expect.stringMatching(
        /own origin \(data\/cifar10\/train\.parquet and .*\) and cannot be fetched from Hugging Face: .*no network/,
      ) as string,
      fix: expect.stringContaining('take data that is made here (Shapes, Phrases)') as string,
    })
  })

  it.each([
    [
      'a file cut off',
      { 'data/cifar10/train.parquet': train, 'data/cifar10/test.parquet': train.slice(0, 999) },
      'data/cifar10/test.parquet (999 bytes) starts as a Parquet file',
    ],
    [
      'pictures of another size',
      { 'data/cifar10/train.parquet': cifarParquet(100, {}, 28), 'data/cifar10/test.parquet': test },
      'Row 0 of data/cifar10/train.parquet is 28 x 28 pixels',
    ],
  ])('is a Problem for %s', async (_, files, what) => {
    await expect(cifar10.load(values, loading(origin(files)))).rejects.toThrow(what)
  })

  it('stops when cancelled while it reads', async () => {
    const control = new AbortController()
    const options = loading(origin(), {
      signal: control.signal,
      progress: ({ rows }) => {
        if (rows === 60) control.abort()
      },
    })
    await expect(cifar10.load({ ...values, train: 250 }, options)).rejects.toMatchObject({ name: 'AbortError' })
  })
})
