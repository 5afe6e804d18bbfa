import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { check } from '../config/check'
import { defaultExperiment } from '../config/defaults'
import { checkFiles, ownFiles } from './ownFiles'

const folder = mkdtempSync(join(tmpdir(), 'own-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function place(path: string, content: string): string {
  const file = join(folder, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, content)
  return file
}

describe('ownFiles', () => {
  it('is the hash of names, sizes and contents', async () => {
    const sha256 = createHash('sha256')
      .update('a.csv\0' + '3\0' + 'x,y' + 'b.csv\0' + '2\0' + 'zz')
      .digest('hex')
    expect(await ownFiles([place('a.csv', 'x,y'), place('b.csv', 'zz')])).toEqual({ count: 2, bytes: 5, sha256 })
  })

  it('tells names, contents and order apart, and not where the files lie', async () => {
    const [a, b] = [place('a.csv', 'x,y'), place('b.csv', 'x,y')]
    const prints = await Promise.all([[a], [b], [place('other/a.csv', 'x,z')], [a, b], [b, a]].map(ownFiles))
    expect(new Set(prints.map((print) => print?.sha256)).size).toBe(5)
    expect(await ownFiles([place('moved/a.csv', 'x,y')])).toEqual(prints[0])
  })

  it('is nothing without files, and a Problem for one that is not there', async () => {
    expect(await ownFiles([])).toBeNull()
    await expect(ownFiles([join(folder, 'none.csv')])).rejects.toThrow('none.csv cannot be read')
  })
})

describe('checkFiles', () => {
  const of = (data: string) => check({ data }, defaultExperiment).experiment

  it('lets the own data set have any file, and sentences a vocab.txt', () => {
    checkFiles(['x/a.csv', 'pets'], of('dropped'))
    checkFiles(['x/vocab.txt'], of('sst2'))
    checkFiles([], of('shapes'))
  })

  it.each([
    ['shapes', ['x/a.csv'], '--files names a.csv, but the data set is Shapes (made here), which reads no files.'],
    ['shapes', ['vocab.txt'], '--files names vocab.txt, but the data set is Shapes (made here), which reads no files.'],
    ['sst2', ['vocab.txt', 'a.csv'], '--files names a.csv, but the data set is SST-2, which reads only a vocab.txt.'],
  ])('refuses what %s would not read', (data, files, what) => {
    expect(() => {
      checkFiles(files, of(data))
    }).toThrow(what)
  })
})
