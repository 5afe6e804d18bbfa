import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { fetchCommand } from '../core/publication'
import {
  cifar100Parquet,
  cifarParquet,
  counting,
  fakeHost,
  memoryCache,
  pairParquet,
  sstParquet,
  type CountingBytes,
} from '../data/testing'
import { installData, publications, type InstallOptions } from './install'
import { UsageProblem } from './usage'

const root = mkdtempSync(join(tmpdir(), 'install-'))
afterAll(() => rmSync(root, { recursive: true }))

const cifar = Buffer.from(cifarParquet(20))
const cifar100 = Buffer.from(cifar100Parquet(20))
const glue = Buffer.from(pairParquet(30))
const sst = Buffer.from(sstParquet(30))
const to = join(root, 'public/data')
const from = join(root, 'from')

function put(files: Readonly<Record<string, Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(from, path)), { recursive: true })
    writeFileSync(join(from, path), content)
  }
}

beforeEach(() => {
  rmSync(from, { recursive: true, force: true })
  rmSync(to, { recursive: true, force: true })
  mkdirSync(from)
})

function install(changed: Partial<InstallOptions> = {}) {
  return installData({
    from,
    to,
    host: fakeHost(),
    progress: () => undefined,
    signal: new AbortController().signal,
    ...changed,
  })
}

describe('npm run data', () => {
  it('copies the four files from a folder as the page keeps them, byte for byte', async () => {
    put({
      'cifar10/train.parquet': cifar,
      'cifar10/test.parquet': cifar,
      'sst2/train.parquet': sst,
      'sst2/validation.parquet': sst,
    })
    const installed = await install()
    expect(installed.map(({ rows }) => rows)).toEqual([20, 20, 30, 30])
    expect(readFileSync(join(to, 'cifar10/train.parquet')).equals(cifar)).toBe(true)
    expect(readdirSync(join(to, 'sst2')).sort()).toEqual(['train.parquet', 'validation.parquet'])
  })

  it('knows the folders of a clone of the Hugging Face repository, and leaves alone what is not there', async () => {
    put({
      'stanfordnlp/sst2/data/train-00000-of-00001.parquet': sst,
      'stanfordnlp/sst2/data/validation-00000-of-00001.parquet': sst,
    })
    expect((await install()).map(({ path }) => path)).toEqual([
      join(to, 'sst2/train.parquet'),
      join(to, 'sst2/validation.parquet'),
    ])
    expect(existsSync(join(to, 'cifar10'))).toBe(false)
  })

  it.each([
    ['an empty folder', {}, 'holds none of cifar10/train.parquet'],
    ['half a set', { 'sst2/train.parquet': sst }, 'the other file of SST-2 is not'],
    [
      'a file of another set',
      { 'sst2/train.parquet': sst, 'sst2/validation.parquet': cifar },
      'has the columns "img", "label"; SST-2 needs',
    ],
    [
      'a file cut off',
      { 'sst2/train.parquet': sst.subarray(0, 300), 'sst2/validation.parquet': sst },
      'starts as a Parquet file but does not end as one',
    ],
  ])('%s is a Problem and leaves nothing half done', async (_, files, what) => {
    put(files)
    await expect(install()).rejects.toMatchObject({ name: 'Problem', what: expect.stringContaining(what) as string })
    const left = existsSync(to) ? readdirSync(to, { recursive: true }).map(String) : []
    expect(left.filter((path) => path.endsWith('.part'))).toEqual([])
    expect(left).not.toContain(what.includes('starts as') ? 'sst2/train.parquet' : 'sst2/validation.parquet')
  })

  it('names the command that fetches the one set of which a half is missing, not all sets', async () => {
    put({ 'rte/train.parquet': glue })
    await expect(install()).rejects.toMatchObject({ fix: expect.stringContaining('`npm run data -- rte`.') as string })
    for (const [id, publication] of Object.entries(publications))
      expect(fetchCommand(publication)).toBe(`npm run data -- ${id}`)
  })

  it('keeps a file that is there already when its successor is damaged', async () => {
    put({ 'sst2/train.parquet': sst, 'sst2/validation.parquet': sst })
    await install()
    put({ 'sst2/train.parquet': sst.subarray(0, 200) })
    await expect(install()).rejects.toThrow('starts as a Parquet file')
    expect(readFileSync(join(to, 'sst2/train.parquet')).equals(sst)).toBe(true)
  })

  it('downloads from Hugging Face without a folder, and what has arrived is not fetched again', async () => {
    const sources: CountingBytes[] = []
    const cache = memoryCache()
    const bytesOf = (url: string) =>
      url.includes('cifar100') ? cifar100 : url.includes('cifar10') ? cifar : url.includes('glue') ? glue : sst
    const remote = (url: string) => {
      const source = counting(new Uint8Array(bytesOf(url)).buffer)
      sources.push(source)
      return Promise.resolve(source)
    }
    const installed = await install({ from: undefined, host: { remote, cache } })
    expect(installed.map(({ place }) => place)).toEqual(
      Object.values(publications).flatMap(({ train, held }) => [train, held]),
    )
    const before = sources.reduce((sum, source) => sum + source.total(), 0)
    expect(before).toBe(2 * cifar.length + 2 * cifar100.length + 2 * sst.length + 4 * glue.length)
    await install({ from: undefined, host: { remote, cache } })
    expect(sources.reduce((sum, source) => sum + source.total(), 0)).toBe(before)
  })

  it('takes only the sets that are named', async () => {
    put({ 'cifar100/train.parquet': cifar100, 'cifar100/test.parquet': cifar100, 'sst2/train.parquet': sst })
    expect((await install({ sets: ['cifar100'] })).map(({ rows }) => rows)).toEqual([20, 20])
    await expect(install({ sets: ['cifar10'] })).rejects.toThrow('holds none of cifar10/train.parquet')
    await expect(install({ sets: ['imagenet'] })).rejects.toThrow('There is no public data set "imagenet"')
    await expect(install({ sets: ['mprc'] })).rejects.toMatchObject({
      constructor: UsageProblem,
      fix: expect.stringMatching(/^Did you mean mrpc\? Choose some of cifar10, /) as string,
    })
  })

  it('says so when there is no network', async () => {
    await expect(install({ from: undefined })).rejects.toThrow('no network here')
  })
})
