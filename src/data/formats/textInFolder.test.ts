import { gzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { Examples } from '../../core/dataset'
import type { NamedFile } from '../../core/host'
import { defaults } from '../../core/knob'
import { dropped } from '../dropped'
import { fakeHost, file, loading, png, tar } from '../testing'

const values = { ...defaults(dropped.knobs), vocabulary: 300, length: 12 }

function load(files: readonly NamedFile[], changed: Partial<typeof values> = {}): Promise<Examples> {
  return dropped.load({ ...values, ...changed }, loading(fakeHost({ files })))
}

/** Reviews as aclImdb has them: `count` of each class, texts that say where they lie. */
function reviews(folder: string, count: number, classes: readonly string[] = ['neg', 'pos']): NamedFile[] {
  return classes.flatMap((name) =>
    Array.from({ length: count }, (_, i) => file(`${folder}/${name}/${i}_7.txt`, `${folder} ${name}, ${i}`)),
  )
}

const acl = [
  ...reviews('aclImdb/train', 8),
  ...reviews('aclImdb/test', 4),
  ...reviews('aclImdb/train', 10, ['unsup']),
  file('aclImdb/README', 'Large Movie Review Dataset'),
  file('aclImdb/imdb.vocab', 'the\nand\n'),
  file('aclImdb/imdbEr.txt', '0.049\n0.2\n'),
  file('aclImdb/train/labeledBow.feat', '9 0:9 1:1'),
  file('aclImdb/train/urls_neg.txt', 'http://a\n'),
  file('aclImdb/train/urls_pos.txt', 'http://b\n'),
]

/** Texts by class, those that are held out apart. */
function byClass({ classes, train, held }: Examples) {
  const [trained, apart] = [train, held].map((split) => {
    if (split.task !== 'text') throw new Error('no texts')
    return Object.fromEntries(classes.map((name, c) => [name, split.texts.filter((_, i) => split.labels[i] === c)]))
  })
  return { trained, apart }
}

const contents = async () =>
  Object.fromEntries(
    await Promise.all(acl.map(async ({ name, bytes }) => [name, new Uint8Array(await bytes.slice(0))] as const)),
  )

describe('a text in a folder', () => {
  it.each([
    ['a folder', () => Promise.resolve(acl)],
    ['a zip', async () => [file('aclImdb.zip', zipSync(await contents()))]],
    ['a tar.gz', async () => [file('aclImdb_v1.tar.gz', gzipSync(tar(await contents())))]],
  ])('is an example of the class and the split that its folders name, in %s', async (_, files) => {
    const examples = await load(await files())
    const { trained, apart } = byClass(examples)
    expect(examples.classes).toEqual(['neg', 'pos'])
    expect(trained).toEqual({
      neg: Array.from({ length: 8 }, (__, i) => `aclImdb/train neg, ${i}`),
      pos: Array.from({ length: 8 }, (__, i) => `aclImdb/train pos, ${i}`),
    })
    expect([apart?.['neg']?.length, apart?.['pos']?.[3]]).toEqual([4, 'aclImdb/test pos, 3'])
    expect(examples.source.text).toContain('held out as the files are named')
    expect(examples.source.text).toMatch(
      /aclImdb\/train\/unsup\/\d_7\.txt lies in a folder of examples without labels, like .* and 8 more/,
    )
    expect(examples.source.text).toMatch(/(imdbEr|urls_\w+)\.txt lies in no folder of a class, like .* and 1 more/)
    expect(examples.source.text).toMatch(/is of an unknown kind, like .* and 1 more/)
  })

  it('may have a byte order mark or be UTF-16; a vocab.txt stays one', async () => {
    const utf16 = Uint8Array.from([0xff, 0xfe, ...Array.from('fine, é', (letter) => [letter.charCodeAt(0), 0]).flat()])
    const files = [
      ...reviews('x', 9),
      file('x/pos/a.txt', utf16),
      file('x/neg/b.txt', '\ufeffdull'),
      file('x/vocab.txt', 'pos\nneg\n'),
    ]
    const examples = await load(files)
    const { trained, apart } = byClass(examples)
    expect([...trained!['pos']!, ...apart!['pos']!]).toContain('fine, é')
    expect([...trained!['neg']!, ...apart!['neg']!]).toContain('dull')
    expect(examples.vocabulary?.slice(4)).toEqual(['pos', 'neg'])
  })

  it('is left out where it is broken, as pictures are, unless many are', async () => {
    const broken = (count: number) =>
      Array.from({ length: count }, (_, i) => file(`x/pos/bad${i}.txt`, Uint8Array.of(0x66, 0xe9, 0x6e)))
    const { train, held, source } = await load([...reviews('x', 9), ...broken(2), file('x/neg/none.txt', '')])
    expect(train.count + held.count).toBe(18)
    expect(source.text).toMatch(
      /Left out: x\/\w+\/\w+\.txt is a broken text \((not UTF-8|empty)\), like .* and 1 more\./,
    )
    await expect(load([...reviews('x', 9), ...broken(7)])).rejects.toThrow(
      /^Of 25 texts 7 cannot be decoded\. The first is x\/pos\/bad\d\.txt: not UTF-8\. Save it as UTF-8\./,
    )
  })

  it('of one folder alone is a Problem', async () => {
    await expect(load(reviews('x', 20, ['pos']))).rejects.toThrow(/^Of 16 training examples, 16 have the label "pos"/)
  })

  it('is a note beside other data, and a table where it starts as one', async () => {
    const pictures = Array.from({ length: 16 }, (_, i) =>
      file(`x/${i % 2 ? 'cat' : 'dog'}/${i}.png`, png(8, 8, [i, 0, 0])),
    )
    const beside = await load([...pictures, file('x/cat/notes.txt', 'a'), file('x/dog/notes.txt', 'b')])
    expect(beside.train.task).toBe('image')
    const rows = Array.from({ length: 10 }, (_, i) => `text ${i}\t${i % 2}\n`).join('')
    const tables = await load(['a', 'b'].map((name) => file(`x/${name}/rows.txt`, `text\tlabel\n${rows}`)))
    expect([tables.classes, tables.train.count + tables.held.count]).toEqual([['0', '1'], 20])
    const unnamed = ['train', 'test'].map((name) => file(`emotion/${name}.txt`, 'i feel fine;joy\n'))
    await expect(load(unnamed)).rejects.toThrow('starts with the columns')
  })
})
