import { describe, expect, it } from 'vitest'
import { droppedFiles, pickedFiles, withFiles } from './droppedFiles'

type Tree = { readonly [name: string]: string | Tree | null }

/** An entry of a dropped folder as browsers give it: at most 100 at a time; null cannot be read. */
function entry(name: string, content: string | Tree | null, around = ''): FileSystemEntry {
  const fullPath = `${around}/${name}`
  if (content === null || typeof content === 'string') {
    const file = (resolve: (file: File) => void, reject: (error: DOMException) => void) => {
      if (content === null) reject(new DOMException('gone', 'NotFoundError'))
      else resolve(new File([content], name, { lastModified: 7 }))
    }
    return { name, fullPath, isFile: true, isDirectory: false, file } as unknown as FileSystemEntry
  }
  const left = Object.entries(content).map(([inside, what]) => entry(inside, what, fullPath))
  const createReader = () => ({
    readEntries: (resolve: (some: FileSystemEntry[]) => void) => resolve(left.splice(0, 100)),
  })
  return { name, fullPath, isFile: false, isDirectory: true, createReader } as unknown as FileSystemEntry
}

function item(found: FileSystemEntry | null, file: File | null = null): DataTransferItem {
  return { kind: 'file', type: '', webkitGetAsEntry: () => found, getAsFile: () => file } as unknown as DataTransferItem
}

describe('a dropped folder', () => {
  it('gives all of its files by their paths, in their order, more than 100 too', async () => {
    const many = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`${i}.png`, String(i)]))
    const files = await droppedFiles([
      item(entry('pets', { dog: { '1.png': 'dog one' }, cat: many })),
      item(entry('vocab.txt', 'x')),
    ])
    expect(files).toHaveLength(252)
    expect(files.at(-2)?.name).toBe('pets/dog/1.png')
    expect(files.at(-1)?.name).toBe('vocab.txt')
    expect(files.map(({ name }) => name)).toEqual(files.map(({ name }) => name).toSorted())
    expect(await files.at(-2)?.text()).toBe('dog one')
    expect(files[0]?.lastModified).toBe(7)
  })

  it('gives an empty file for what cannot be read, so that it is told', async () => {
    const [gone] = await droppedFiles([item(entry('pets', { '1.png': null }))])
    expect([gone?.name, gone?.size]).toEqual(['pets/1.png', 0])
  })

  it('takes files where a browser has no entries, and no text', async () => {
    const file = new File(['x'], 'a.csv')
    const text = { kind: 'string' } as DataTransferItem
    expect(await droppedFiles([item(null, file), item(null), text])).toEqual([file])
  })
})

it('picked files keep their paths', () => {
  const file = new File(['x'], '1.png')
  Object.defineProperty(file, 'webkitRelativePath', { value: 'pets/cat/1.png' })
  expect(pickedFiles([file, new File(['y'], 'a.csv')] as unknown as FileList).map(({ name }) => name)).toEqual([
    'a.csv',
    'pets/cat/1.png',
  ])
  expect(pickedFiles(null)).toEqual([])
})

it('files of one name in two folders stay apart; the same path is replaced', () => {
  const [first, other, again] = ['cat/1.png', 'dog/1.png', 'cat/1.png'].map((name, i) => new File([String(i)], name))
  expect(withFiles([first!, other!], [again!])).toEqual([other, again])
})
