import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeHost } from './node'

const folder = mkdtempSync(join(tmpdir(), 'host-'))
afterAll(() => rmSync(folder, { recursive: true }))
mkdirSync(join(folder, 'pets/cat'), { recursive: true })
writeFileSync(join(folder, 'pets/cat/1.png'), Uint8Array.of(1, 2, 3, 4))
writeFileSync(join(folder, 'vocab.txt'), 'a\n')
const cacheDir = join(folder, 'cache')

describe('the host in Node', () => {
  it('reads the data folder as data/, and answers null for what is not there', async () => {
    const host = nodeHost({ dataDir: folder, cacheDir })
    const found = await host.origin('data/pets/cat/1.png')
    expect(found?.byteLength).toBe(4)
    expect(new Uint8Array(await found!.slice(1, 3))).toEqual(Uint8Array.of(2, 3))
    expect(new Uint8Array(await found!.slice(2, 99))).toEqual(Uint8Array.of(3, 4))
    expect(await host.origin('data/pets/dog.png')).toBeNull()
    expect(await host.origin('data/pets')).toBeNull()
  })

  it('names the files of a folder by their paths from it', () => {
    const host = nodeHost({ dataDir: folder, cacheDir, files: [join(folder, 'pets'), join(folder, 'vocab.txt')] })
    expect(host.files.map(({ name }) => name)).toEqual(['pets/cat/1.png', 'vocab.txt'])
  })

  it('follows symbolic links, as in the Hugging Face cache, and none in circles', async () => {
    const snapshot = join(folder, 'hub/snapshots/abc')
    mkdirSync(join(snapshot, 'data'), { recursive: true })
    mkdirSync(join(folder, 'hub/blobs'))
    writeFileSync(join(folder, 'hub/blobs/1'), 'rows')
    symlinkSync('../../../blobs/1', join(snapshot, 'data/train.parquet'))
    symlinkSync('../../../blobs/2', join(snapshot, 'data/validation.parquet'))
    symlinkSync('..', join(snapshot, 'data/round'))
    symlinkSync('itself', join(snapshot, 'data/itself'))
    symlinkSync(join(folder, 'pets'), join(snapshot, 'pets'))
    const { files } = nodeHost({ dataDir: folder, files: [snapshot] })
    const names = ['abc/data/itself', 'abc/data/train.parquet', 'abc/data/validation.parquet', 'abc/pets/cat/1.png']
    expect(files.map(({ name }) => name)).toEqual(names)
    expect(new TextDecoder().decode(await files[1]!.bytes.slice(0))).toBe('rows')
    await expect(files[2]!.bytes.slice(0)).rejects.toThrow('validation.parquet is a link to a file that is not there')
  })

  it('is a Problem for a file that does not exist', () => {
    expect(() => nodeHost({ dataDir: folder, files: [join(folder, 'none.csv')] })).toThrow('none.csv cannot be read')
  })

  it('keeps cache entries over its own life and leaves no half-written ones', async () => {
    await nodeHost({ dataDir: folder, cacheDir }).cache.put('key/with?signs', Uint8Array.of(5, 6).buffer)
    const { cache } = nodeHost({ dataDir: folder, cacheDir })
    expect(new Uint8Array((await cache.get('key/with?signs'))!)).toEqual(Uint8Array.of(5, 6))
    expect(await cache.get('other')).toBeNull()
    expect(readdirSync(cacheDir)).toHaveLength(1)
    await cache.remove('key/with?signs')
    expect(readdirSync(cacheDir)).toEqual([])
    // A file stands where the folder would be.
    writeFileSync(join(cacheDir, 'file'), '')
    const nowhere = nodeHost({ dataDir: folder, cacheDir: join(cacheDir, 'file') }).cache
    expect(await nowhere.put('key', new ArrayBuffer(1))).toBe(false)
  })

  it('says that it decodes PNG only', async () => {
    const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0)
    await expect(nodeHost({ dataDir: folder }).decodeImage(jpeg)).rejects.toThrow('starts with ff d8 ff e0 is no PNG')
  })

  it('says which address does not exist', async () => {
    const host = nodeHost({ dataDir: folder, fetch: () => Promise.resolve(new Response('', { status: 404 })) })
    await expect(host.remote('https://example.org/x')).rejects.toThrow('https://example.org/x does not exist')
  })
})
