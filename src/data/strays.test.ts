import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { Examples } from '../core/dataset'
import type { NamedFile } from '../core/host'
import { defaults } from '../core/knob'
import { dropped } from './dropped'
import { fakeHost, file, loading, png } from './testing'

const red = png(8, 8, [255, 0, 0])
const blue = png(8, 8, [0, 0, 255])

function load(files: readonly NamedFile[]): Promise<Examples> {
  return dropped.load(defaults(dropped.knobs), loading(fakeHost({ files })))
}

/** Eight pictures of each of two classes in a folder. */
function pets(folder: string, classes: readonly [string, string] = ['cat', 'dog']): NamedFile[] {
  return Array.from({ length: 16 }, (_, i) => file(`${folder}${classes[i % 2]}/${i >> 1}.png`, i % 2 ? blue : red))
}

/** How many pictures of red and blue each class has. */
function colours({ classes, train, held }: Examples): Record<string, string> {
  const found: Record<string, string> = {}
  for (const split of [train, held]) {
    if (split.task !== 'image') throw new Error('no images')
    split.labels.forEach((label, i) => {
      found[classes[label]!] = (found[classes[label]!] ?? '') + (split.pixels[i * 3072] === 255 ? 'r' : 'b')
    })
  }
  return found
}

describe('what lies beside examples is left out, counted and named', () => {
  it('readme files, in whatever encoding, and files of other kinds', async () => {
    const readme = file(
      'pets/README.txt',
      Uint8Array.from('Photos \xe0 Paris', (character) => character.charCodeAt(0)),
    )
    const others = ['a', 'b', 'c', 'd'].map((name) => file(`pets/${name}.pdf`, '%PDF'))
    const examples = await load([...pets('pets/'), readme, ...others])
    expect(colours(examples)).toEqual({ cat: 'rrrrrrrr', dog: 'bbbbbbbb' })
    expect(examples.source.text).toContain('Left out: pets/README.txt is not UTF-8 text')
    expect(examples.source.text).toContain('; pets/a.pdf is of an unknown kind, like pets/b.pdf and 2 more.')
  })

  it('broken pictures, as long as most are whole', async () => {
    const broken = [file('pets/cat/666.png', ''), file('pets/dog/11702.png', red.slice(0, 40))]
    const { train, held, source } = await load([...pets('pets/'), ...broken])
    expect(train.count + held.count).toBe(16)
    expect(source.text).not.toContain('chosen at random')
    expect(source.text).toMatch(
      /Left out: pets\/(cat\/666|dog\/11702)\.png is a broken picture \(.*\), like pets\/(cat|dog)/,
    )
    await expect(
      load([...pets(''), ...Array.from({ length: 6 }, (_, i) => file(`cat/x${i}.png`, ''))]),
    ).rejects.toThrow('Of 22 pictures 6 cannot be decoded. The first is cat/x')
  })

  it('what operating systems leave, hidden files, but not a hidden folder that holds everything', async () => {
    const left = ['.DS_Store', 'cat/Thumbs.db', '__MACOSX/cat/._0.png', 'cat/._1.png', '.git/config'].map((name) =>
      file(name, '?'),
    )
    expect(colours(await load([...pets(''), ...left]))).toEqual({ cat: 'rrrrrrrr', dog: 'bbbbbbbb' })
    expect(colours(await load([...pets('.data/'), file('.data/.DS_Store', '?')]))).toEqual({
      cat: 'rrrrrrrr',
      dog: 'bbbbbbbb',
    })
    expect(colours(await load(pets('./../')))).toEqual({ cat: 'rrrrrrrr', dog: 'bbbbbbbb' })
  })

  it('pictures of a test without classes', async () => {
    const unlabelled = Array.from({ length: 6 }, (_, i) => file(`pets/test/${i}.png`, red))
    const { classes, source } = await load([...pets('pets/train/'), ...unlabelled])
    expect(classes).toEqual(['cat', 'dog'])
    expect(source.text).toContain('pets/test/0.png lies in no folder of a class, like pets/test/1.png and 4 more')
  })
})

describe('folders', () => {
  it('hold out testing/, whatever the folder around is called', async () => {
    for (const folder of ['mnist_png/', 'test/', 'dev data/']) {
      const { train, held, source } = await load([...pets(`${folder}training/`), ...pets(`${folder}testing/`)])
      expect([train.count, held.count]).toEqual([16, 16])
      expect(source.text).toContain('held out as the files are named')
    }
  })

  it('a class is one whether accents are composed or not', async () => {
    const [composed, apart] = ['café', 'café'].map((name, i) => name.normalize(i ? 'NFD' : 'NFC')) as [string, string]
    const examples = await load([...pets('train/', [composed, 'thé']), ...pets('test/', [apart, 'thé'])])
    expect(examples.classes).toEqual([composed, 'thé'])
    expect(examples.held.count).toBe(16)
  })

  it('labels of tables, too', async () => {
    const table = ['NFC', 'NFD', 'NFC', 'NFC', 'NFD'].map((form) => `a,${'é'.normalize(form)}\nb,x\n`).join('')
    expect((await load([file('a.csv', `text,label\n${table}`)])).classes).toEqual(['x', 'é'])
  })

  it('files of one name in two archives stay apart', async () => {
    const archive = (colour: Uint8Array) =>
      zipSync(Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${i}.png`, colour])))
    expect(colours(await load([file('cat.zip', archive(red)), file('dog.zip', archive(blue))]))).toEqual({
      cat: 'rrrrrrrr',
      dog: 'bbbbbbbb',
    })
  })

  it('JPEG by all its endings is a picture', async () => {
    const jpegs = ['jfif', 'jpe', 'JPG', 'jpeg', 'pjpeg', 'pjp'].map((ending, i) =>
      file(`${i % 2 ? 'a' : 'b'}/1.${ending}`, red),
    )
    expect(Object.values(colours(await load(jpegs))).join('')).toBe('rrrrrr')
  })
})

describe('CIFAR in other shapes', () => {
  /** Records of CIFAR-100: coarse label i mod 20, fine label i mod 100, all pixels red. */
  const records = (count: number) =>
    Uint8Array.from({ length: count * 3074 }, (_, at) => {
      const [i, within] = [Math.floor(at / 3074), at % 3074]
      return within === 0 ? i % 20 : within === 1 ? i % 100 : within < 1026 ? 255 : 0
    })
  const fine = Array.from({ length: 100 }, (_, i) => `thing ${String(99 - i).padStart(2, '0')}`)

  it("CIFAR-100's binary gives fine labels, by their names or by those beside it", async () => {
    const binary = [file('c/train.bin', records(200)), file('c/test.bin', records(100))]
    const alone = await load(binary)
    expect([alone.train.count, alone.held.count, alone.classes.length]).toEqual([200, 100, 100])
    expect(alone.classes[alone.train.labels[123] ?? 0]).toBe('cloud')
    const names = [file('c/fine_label_names.txt', `${fine.join('\n')}\n`), file('c/coarse_label_names.txt', 'a\nb\n')]
    const told = await load([...binary, ...names])
    expect(told.classes[told.train.labels[123] ?? 0]).toBe('thing 76')
    expect(told.train.task === 'image' && [...told.train.pixels.subarray(0, 4)]).toEqual([255, 0, 0, 255])
    expect(told.source.text).not.toContain('Left out')
  })

  it.each([
    ['cifar-10-batches-py/data_batch_1', "This is CIFAR-10's Python version", 'cifar-10-binary.tar.gz'],
    ['cifar-10-batches-py/batches.meta', "This is CIFAR-10's Python version", 'cifar-10-binary.tar.gz'],
    ['cifar-100-python/train', "This is CIFAR-100's Python version", 'cifar-100-binary.tar.gz'],
  ])('%s is told as what it is', async (name, what, fix) => {
    await expect(load([file(name, Uint8Array.of(0x80, 2))])).rejects.toMatchObject({
      what: expect.stringContaining(what) as string,
      fix: expect.stringContaining(fix) as string,
    })
  })
})
