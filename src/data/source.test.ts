import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeHost } from '../host/node'
import { httpBytes } from '../host/http'
import { pageFetch, redirectingHost, type Habit, type RedirectingHost } from '../host/testing'
import { cifar10 } from './cifar10'
import { cifarParquet, fakeHost, loading } from './testing'

const hub = 'https://huggingface.co'
const folder = '/datasets/uoft-cs/cifar10/resolve/main/plain_text'
const [train, held] = [new Uint8Array(cifarParquet(3000, { rowGroupSize: 100 })), new Uint8Array(cifarParquet(100))]
const files = { [`${folder}/train-00000-of-00001.parquet`]: train, [`${folder}/test-00000-of-00001.parquet`]: held }

/** The hub's list of the files, as its API gives it. */
const list = new TextEncoder().encode(
  JSON.stringify(
    Object.entries(files).map(([path, file]) => ({
      type: 'file',
      path: path.replace(/^.*resolve\/main\//, ''),
      size: file.length,
    })),
  ),
)

describe('Hugging Face behind a redirect that hides how long files are', () => {
  let cacheDir = ''
  let host: RedirectingHost
  beforeEach(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), 'cache-'))
  })
  afterEach(async () => {
    await host.close()
    await rm(cacheDir, { recursive: true })
  })

  /** @param before what a request waits for */
  async function load(
    more: Readonly<Record<string, Uint8Array>>,
    habit?: Habit,
    revision = 'main',
    before: (url: string) => Promise<void> = () => Promise.resolve(),
  ) {
    host = await redirectingHost({ ...files, ...more }, habit)
    const fetch: typeof pageFetch = async (url, init) => {
      await before(url)
      return pageFetch(url.replace(hub, host.address), init)
    }
    const options = loading(nodeHost({ dataDir: '', cacheDir, fetch }))
    const examples = await cifar10.load({ train: 100, held: 100, revision }, options)
    expect([...examples.train.labels.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
    return { ...options, source: examples.source }
  }

  const refusesHead: Habit = ({ method }, response) => method === 'HEAD' && !!response.writeHead(403).end()

  it('gives only what is needed of the files, by HEAD', async () => {
    const { source } = await load({})
    expect(source.kind).toBe('huggingface')
    expect(host.asked.filter((line) => !line.includes('bytes') && !line.startsWith('HEAD'))).toEqual([])
  })

  const commit = '0b2714987fa478483af9968de7c934580d0bb9a2'
  const told = (sha: string) => new TextEncoder().encode(JSON.stringify({ sha }))

  it('tells the commit that the branch is at; nothing that is no commit', async () => {
    const address = '/api/datasets/uoft-cs/cifar10/revision/main'
    expect((await load({ [address]: told(commit) })).source.revision).toBe(commit)
    await host.close()
    await rm(cacheDir, { recursive: true })
    expect((await load({ [address]: told('<script>') })).source.revision).toBeUndefined()
  })

  it('asks for the commit while it looks for the files', async () => {
    let asked = () => {}
    const commitAsked = new Promise<void>((resolve) => {
      asked = resolve
    })
    const { source } = await load({}, undefined, 'main', (url) => {
      if (url.includes('/revision/')) asked()
      return commitAsked
    })
    expect(source.kind).toBe('huggingface')
  })

  it('reads another revision where the link names it, though the page has files of its own', async () => {
    const named = Object.fromEntries(
      Object.entries(files).map(([path, bytes]) => [path.replace('/main/', `/${commit}/`), bytes]),
    )
    const { source } = await load(
      named,
      ({ url }, response) => !!url?.includes('/main/') && !!response.writeHead(404).end(),
      commit,
    )
    expect(source.kind).toBe('huggingface')
  })

  it('gives only what is needed of the files, by the list of them where HEAD is refused', async () => {
    await load({ '/api/datasets/uoft-cs/cifar10/tree/main/plain_text': list }, refusesHead)
    expect(
      host.asked.filter((line) => line.includes('parquet') && !line.includes('bytes') && !line.startsWith('HEAD')),
    ).toEqual([])
  })

  it('gives whole files where nobody tells their lengths, counted as they come, and once only', async () => {
    const first = await load({}, refusesHead)
    expect(first.source.kind).toBe('huggingface')
    expect(
      first.reports.some(
        ({ text, bytes, bytesTotal }) =>
          text === 'Fetching the whole file of CIFAR-10' && bytes > 0 && bytes <= bytesTotal,
      ),
    ).toBe(true)
    expect(first.reports.at(-1)).toMatchObject({
      bytes: train.length + held.length,
      bytesTotal: train.length + held.length,
    })
    await host.close()
    const next = await load({}, refusesHead)
    expect(next.source.kind).toBe('cache')
    // Two first looks of 4 bytes, and two at the last byte.
    expect(host.sent()).toBe(10)
  })
})

describe("the page's own files", () => {
  const own = { '/data/cifar10/train.parquet': train, '/data/cifar10/test.parquet': held }
  const versioned: Habit = (_, response) => !response.setHeader('ETag', '"1"')
  const wholeOnly: Habit = (request, response) => {
    delete request.headers.range
    return versioned(request, response)
  }

  it.each([
    ['which it gave in parts', versioned],
    ['which it gave whole', wholeOnly],
  ])('are read from the cache where their server is gone, %s', async (_, habit) => {
    const server = await redirectingHost(own, habit)
    const page = fakeHost({ origin: (path, options) => httpBytes(`${server.address}/${path}`, fetch, options) })
    const load = () => cifar10.load({ train: 100, held: 100, revision: 'main' }, loading(page))
    const before = await load()
    await server.close()
    const after = await load()
    expect(after.source).toEqual(before.source)
    expect(after.train).toEqual(before.train)
  })

  it('are looked for on Hugging Face where their server is gone and nothing was kept', async () => {
    const page = fakeHost({ origin: (path, options) => httpBytes(`http://localhost:1/${path}`, fetch, options) })
    await expect(cifar10.load({ train: 100, held: 100, revision: 'main' }, loading(page))).rejects.toThrow(
      /cannot be fetched from Hugging Face/,
    )
  })
})
