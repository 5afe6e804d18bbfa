import { gzipSync, zipSync } from 'fflate'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import type { Examples } from '../core/dataset'
import { defaults } from '../core/knob'
import type { NamedFile } from '../core/host'
import { dropped } from './dropped'
import { cifarParquet, fakeHost, file, loading, png, sstParquet, tar } from './testing'

const values = { ...defaults(dropped.knobs), vocabulary: 300, length: 12 }

function load(files: readonly NamedFile[], changed: Partial<typeof values> = {}, seed = 1): Promise<Examples> {
  return dropped.load({ ...values, ...changed }, loading(fakeHost({ files }), { seed }))
}

/** `count` lines "text number n, label", alternating. */
function lines(count: number, separator: string, label = (i: number): string => (i % 2 ? 'good' : 'bad')): string {
  return Array.from({ length: count }, (_, i) => `text number ${i}${separator}${label(i)}\n`).join('')
}

/** CIFAR's binary records: image i has label i mod 10, red i, green 100, blue 200. */
function binary(count: number): Uint8Array {
  return Uint8Array.from({ length: count * 3073 }, (_, at) => {
    const [i, within] = [Math.floor(at / 3073), at % 3073]
    return within === 0 ? i % 10 : within <= 1024 ? i : within <= 2048 ? 100 : 200
  })
}

function texts({ train, held }: Examples): { train: readonly string[]; held: readonly string[] } {
  if (train.task !== 'text' || held.task !== 'text') throw new Error('not text')
  return { train: train.texts, held: held.texts }
}

describe('tables', () => {
  it('CSV with quotes, commas and line breaks in them, CRLF and a byte order mark', async () => {
    const csv =
      '\ufefflabel,id,Text\r\ngood,1,"He said ""yes"", '
      + 'twice"\r\nbad,2,plain\r\ngood,3,"two\nlines"\r\nbad,4,"x"\r\ngood,5,"last, no line end"'
    const examples = await load([file('reviews.csv', csv)])
    expect(examples.classes).toEqual(['bad', 'good'])
    const { train, held } = texts(examples)
    expect([...train, ...held].sort()).toEqual([
      'He said "yes", twice',
      'last, no line end',
      'plain',
      'two\nlines',
      'x',
    ])
    expect(held).toHaveLength(1)
  })

  it("CSV with semicolons; GLUE's TSV, where quotes mean nothing", async () => {
    expect((await load([file('a.csv', `text;label\n${lines(10, ';')}`)])).classes).toEqual(['bad', 'good'])
    const { train } = texts(await load([file('a.tsv', `sentence\tlabel\n"quoted\t0\nb\t1\nc\t0\nd\t1\ne"\t0\nf\t1\n`)]))
    expect(train.length).toBe(5)
    expect(train.some((text) => text.includes('"'))).toBe(true)
  })

  it('a fifth is held out by the seed: the same for the same seed, disjoint from training', async () => {
    const files = [file('a.tsv', `text\tlabel\n${lines(100, '\t')}`)]
    const [a, b, c] = [texts(await load(files)), texts(await load(files)), texts(await load(files, {}, 2))]
    expect(a.held).toHaveLength(20)
    expect(a).toEqual(b)
    expect(a.held).not.toEqual(c.held)
    expect(new Set([...a.train, ...a.held]).size).toBe(100)
  })

  it('files named dev or test are held out, unless they are all there is', async () => {
    const [main, dev] = [
      file('train.tsv', `text\tlabel\n${lines(30, '\t')}`),
      file('dev.tsv', `text\tlabel\n${lines(10, '\t', (i) => (i % 3 ? 'good' : 'bad'))}`),
    ]
    const both = await load([main, dev])
    expect([both.train.count, both.held.count]).toEqual([30, 10])
    expect(both.source.text).toContain('held out as the files are named')
    const alone = await load([dev])
    expect([alone.train.count, alone.held.count]).toEqual([8, 2])
  })

  it("a Parquet file whose labels are all -1, as GLUE's test splits are, is left out and named", async () => {
    const [train, test] = [
      file('train.parquet', sstParquet(50)),
      file(
        'test.parquet',
        sstParquet(20, {}, () => -1n),
      ),
    ]
    const { train: kept, held, source } = await load([train, test])
    expect([kept.count, held.count]).toEqual([40, 10])
    expect(source.text).toContain('Left out: test.parquet has no labels but -1, as published test splits do.')
    const three = await load([file('a.tsv', `text\tlabel\n${lines(30, '\t', (i) => String((i % 3) - 1))}`)])
    expect(three.classes).toEqual(['-1', '0', '1'])
  })

  it('of more examples than asked for, a random choice: a file sorted by class keeps its classes', async () => {
    const sorted = file('a.tsv', `text\tlabel\n${lines(4000, '\t', (i) => (i < 2000 ? 'first' : 'second'))}`)
    const { train, source } = await load([sorted], { train: 200, held: 50 })
    expect(train.count).toBe(200)
    const second = train.labels.reduce((sum, label) => sum + label, 0)
    // Half of 200; the deviation of a fair choice is sqrt(200) / 2 = 7.
    expect(Math.abs(second - 100)).toBeLessThan(35)
    expect(source.text).toContain('200 training and 50 held-out texts, chosen at random from 4,000')
  })

  it('a class of five among 4,000 is in both splits, for every seed, drawn or named', async () => {
    const label = (i: number) => (i % 800 === 3 ? 'rare' : i % 2 ? 'first' : 'second')
    const rows = (name: string) => file(name, `text\tlabel\n${lines(4000, '\t', label)}`)
    for (let seed = 0; seed < 12; seed++) {
      for (const files of [[rows('a.tsv')], [rows('train.tsv'), rows('test.tsv')]]) {
        const { classes, train, held } = await load(files, { train: 60, held: 30 }, seed)
        const rare = classes.indexOf('rare')
        expect([train.count, held.count]).toEqual([60, files.length === 2 ? 30 : expect.any(Number)])
        expect([train.labels.includes(rare), held.labels.includes(rare)]).toEqual([true, true])
      }
    }
  }, 20_000)

  it('a table of 40 MB is read in chunks, in bounded memory, and can be cancelled', async () => {
    const line = new TextEncoder().encode(`${'many words make a long line '.repeat(7)}\tlabel0\n`)
    const header = new TextEncoder().encode('text\tlabel\n')
    const big = new Uint8Array(header.length + line.length * Math.ceil(40e6 / line.length))
    big.set(header)
    for (let at = header.length, i = 0; at < big.length; at += line.length, i++) {
      big.set(line, at)
      big[at + line.length - 2] = 48 + (i % 2)
    }
    const source = file('big.tsv', big)
    const { train } = await load([source], { train: 500, held: 100 })
    expect(train.count).toBe(500)
    const reads = (source.bytes as unknown as { reads: { start: number; end: number }[] }).reads
    expect(Math.max(...reads.map(({ start, end }) => end - start))).toBeLessThanOrEqual(1 << 20)
    const control = new AbortController()
    setTimeout(() => control.abort(), 20)
    const cancelled = dropped.load(values, loading(fakeHost({ files: [source] }), { signal: control.signal }))
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' })
  }, 20_000)
})

describe('columns without usual names', () => {
  const rows = Array.from({ length: 20 }, (_, i) => ({ stars: i % 2 ? 'five' : 'one', words: `words ${i}` }))
  const csv = file(
    'a.csv',
    `code;grade in words;what they wrote\n${rows.map(({ stars, words }, i) => `${i};${stars};${words}\n`).join('')}`,
  )
  const json = file(
    'a.jsonl',
    rows.map(({ stars, words }, i) => JSON.stringify({ code: i, grade: stars, wrote: words })).join('\n'),
  )
  const parquet = file(
    'a.parquet',
    parquetWriteBuffer({
      columnData: [
        { name: 'code', data: rows.map((_, i) => i), type: 'INT32' },
        { name: 'grade', data: rows.map(({ stars }) => stars) },
        { name: 'wrote', data: rows.map(({ words }) => words) },
      ],
    }),
  )

  it.each([
    ['CSV', csv, 'a.csv: 1 code, 2 grade in words, 3 what they wrote.'],
    ['JSON lines', json, 'a.jsonl: 1 code, 2 grade, 3 wrote.'],
    ['Parquet', parquet, 'a.parquet: 1 code, 2 grade, 3 wrote.'],
  ])('are numbered in a Problem, and chosen by number: %s', async (_, content, fix) => {
    await expect(load([content])).rejects.toMatchObject({
      what: expect.stringMatching(
        /^None of the files holds labelled examples: a\.\w+ (starts with|has) the (columns|keys) "code"/,
      ) as string,
      fix:
        'Set "Text column" and "Label column" (data.textColumn, data.labelColumn) to the numbers of columns of ' + fix,
    })
    const examples = await load([content], { textColumn: 3, labelColumn: 2 })
    expect(examples.classes).toEqual(['five', 'one'])
    const { train, held } = texts(examples)
    expect([...train, ...held].sort()).toEqual(rows.map(({ words }) => words).sort())
  })

  it('one may be chosen and the other found by its name, and a choice comes before names', async () => {
    const both = file('a.csv', `text,label,note\n${lines(10, ',', (i) => `${i % 2},${i % 3 ? 'x' : 'y'}`)}`)
    expect((await load([both])).classes).toEqual(['0', '1'])
    expect((await load([both], { labelColumn: 3 })).classes).toEqual(['x', 'y'])
    const pictures = file('x.parquet', cifarParquet(40))
    expect((await load([pictures], { textColumn: 1 })).train.task).toBe('image')
  })

  it.each([
    [{ textColumn: 4, labelColumn: 2 }, 'a.csv has 3 columns, so that there is no column 4'],
    [{ textColumn: 2, labelColumn: 2 }, 'a.csv cannot have its texts and its labels in one column, number 2'],
  ])('say what is wrong with %j', async (chosen, what) => {
    await expect(load([csv], chosen)).rejects.toMatchObject({
      what: expect.stringContaining(what) as string,
      fix: expect.stringContaining('3 what they wrote') as string,
    })
  })
})

describe('pictures', () => {
  it('in folders named after their classes, scaled to 32 x 32', async () => {
    const files = Array.from({ length: 10 }, (_, i) =>
      file(`pets/${i % 2 ? 'dog' : 'cat'}/${i}.png`, png(64, 48, i % 2 ? [255, 0, 0] : [0, 0, 255])),
    )
    const { classes, train, held, input } = await load(files)
    expect(classes).toEqual(['cat', 'dog'])
    expect(input).toEqual({ task: 'image', shape: [32, 32, 3], classes: 2 })
    expect([train.count, held.count]).toEqual([8, 2])
    if (train.task !== 'image') throw new Error('not images')
    train.labels.forEach((label, i) => {
      expect([...train.pixels.subarray(i * 3072, i * 3072 + 3)]).toEqual(label === 1 ? [255, 0, 0] : [0, 0, 255])
    })
  })

  it('name what is held out by the folder above the class', async () => {
    const files = ['train/test/1', 'train/cat/2', 'val/test/3', 'val/cat/4'].map((name) =>
      file(`${name}.png`, png(32, 32, [1, 2, 3])),
    )
    const { train, held, classes } = await load(files)
    expect([train.count, held.count, classes]).toEqual([2, 2, ['cat', 'test']])
  })

  it('CIFAR binaries, alone or in a .tar.gz, with planes turned into pixels', async () => {
    for (const archive of [
      [file('data_batch_1.bin', binary(40)), file('test_batch.bin', binary(20))],
      [
        file(
          'cifar.tar.gz',
          gzipSync(
            tar({
              'c/data_batch_1.bin': binary(40),
              'c/test_batch.bin': binary(20),
              'c/readme.html': Uint8Array.of(1),
            }),
          ),
        ),
      ],
    ]) {
      const { train, held, classes } = await load(archive)
      if (train.task !== 'image') throw new Error('not images')
      expect([train.count, held.count, classes.length]).toEqual([40, 20, 10])
      expect([...train.pixels.subarray(13 * 3072, 13 * 3072 + 6)]).toEqual([13, 100, 200, 13, 100, 200])
      expect(classes[train.labels[13] ?? 0]).toBe('cat')
    }
  })

  it('Parquet in either schema, with the class names it carries', async () => {
    const info = {
      key: 'huggingface',
      value: JSON.stringify({ info: { features: { label: { names: ['negative', 'positive'] } } } }),
    }
    expect((await load([file('x.parquet', sstParquet(50, { kvMetadata: [info] }))])).classes).toEqual([
      'negative',
      'positive',
    ])
    const columns = (text: string, label: string, labels: unknown[]) =>
      parquetWriteBuffer({
        columnData: [
          { name: text, data: ['a', 'b', 'c', 'd'] },
          { name: label, data: labels },
        ],
      })
    const bytes = (label: string) => new TextEncoder().encode(label)
    expect((await load([file('x.parquet', columns('Text', 'Label', ['n', 'p', 'n', 'p']))])).classes).toEqual([
      'n',
      'p',
    ])
    const named = columns('review', 'sentiment', [bytes('n'), bytes('p'), bytes('n'), bytes('p')])
    expect((await load([file('x.parquet', named)])).classes).toEqual(['n', 'p'])
    const lists = columns('text', 'label', [[1], [0], [1], []])
    await expect(load([file('x.parquet', lists)])).rejects.toThrow('Row 0 of x.parquet has a list as its label.')
    expect((await load([file('x.parquet', cifarParquet(100))])).classes).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
    ])
  })
})

describe('archives', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)

  it('a GLUE zip: train and dev are used, the test file without labels is left out and named', async () => {
    const zip = zipSync({
      'SST-2/train.tsv': bytes(`sentence\tlabel\n${lines(40, '\t', (i) => String(i % 2))}`),
      'SST-2/dev.tsv': bytes(`sentence\tlabel\n${lines(10, '\t', (i) => String(i % 2))}`),
      'SST-2/test.tsv': bytes('index\tsentence\n0\tno label here\n'),
      '__MACOSX/SST-2/._dev.tsv': Uint8Array.of(0, 5, 22, 7),
    })
    const { train, held, source } = await load([file('SST-2.zip', zip)])
    expect([train.count, held.count]).toEqual([40, 10])
    expect(source.text).toContain('Left out: SST-2/test.tsv starts with the columns "index", "sentence"')
    expect(source.text).not.toContain('MACOSX')
  })

  it('a vocab.txt in it is used', async () => {
    const zip = zipSync({
      'a/a.tsv': bytes(`text\tlabel\n${lines(40, '\t')}`),
      'a/vocab.txt': bytes('text\nnumber\n1\n##2\n'),
    })
    const { vocabulary, source } = await load([file('a.zip', zip)])
    expect(vocabulary?.slice(4)).toEqual(['text', 'number', '1', '##2'])
    expect(source.text).toContain('Vocabulary of 8 pieces from vocab.txt')
  })

  it.each([
    [
      'a gzip cut off',
      'c.tar.gz',
      gzipSync(tar({ 'data_batch_1.bin': binary(3) })).slice(0, 90),
      'c.tar.gz cannot be unpacked',
    ],
    [
      'a tar cut off',
      'c.tar',
      tar({ 'data_batch_1.bin': binary(3) }).slice(0, 4000),
      'data_batch_1.bin should have 9219 bytes, 3488 are left',
    ],
    ['a zip that is none', 'c.zip', bytes('not a zip'), 'c.zip cannot be unpacked'],
    [
      'a tar that is none',
      'c.tar',
      new Uint8Array(2048).fill(65),
      'c.tar cannot be unpacked (it starts with 41 41 41 41',
    ],
  ])('%s is a Problem', async (_, name, content, what) => {
    await expect(load([file(name, content)])).rejects.toMatchObject({
      name: 'Problem',
      what: expect.stringContaining(what) as string,
    })
  })
})

describe('what cannot be trained on is a Problem', () => {
  const header = 'text\tlabel\n'

  it.each([
    ['no file', [], 'No file was given.'],
    ['an empty file', [file('a.csv', '')], 'a.csv is empty'],
    ['a header alone', [file('a.csv', 'text,label\n')], 'a.csv has a header and no rows'],
    ['a single example', [file('a.csv', 'text,label\na b,1\n')], 'The files hold a single example.'],
    [
      'classes of one example each',
      [file('a.csv', 'text,label\na,1\nb,2\nc,3\n')],
      'No class has more than one example',
    ],
    ['another kind of file', [file('a.pdf', '%PDF')], 'a.pdf is of an unknown kind'],
    ['other columns', [file('a.csv', 'x,y\n1,2\n')], 'a.csv starts with the columns "x", "y"'],
    [
      'one class',
      [file('a.tsv', header + lines(50, '\t', () => 'same'))],
      'have the label "same": always answering that would be right for 100 %',
    ],
    [
      'one class in nearly all',
      [file('a.tsv', header + lines(500, '\t', (i) => (i % 50 ? 'many' : 'few')))],
      'right for 98 %',
    ],
    [
      'labels that are texts',
      [file('a.tsv', header + lines(500, '\t', (i) => `unique ${i}`))],
      'take 500 different values',
    ],
    [
      'a class held out that is not trained',
      [file('a.tsv', header + lines(9, '\t')), file('test.tsv', header + lines(3, '\t', () => 'new'))],
      'The label "new" occurs among the 3 held-out',
    ],
    [
      'a line without its label',
      [file('a.csv', 'text,label\none,1\ntwo\n')],
      'Line 3 of a.csv has 1 field; the text should be field 1 and the label field 2',
    ],
    [
      'a quote that never ends',
      [file('a.csv', `text,label\n"${'word '.repeat(50_000)},1\n${lines(9, ',')}${'x'.repeat(900_000)}`)],
      'The quote that opens in line 2 of a.csv is never closed.',
    ],
    [
      '40 MB in one line',
      [file('a.txt', new Uint8Array(40e6).fill(97))],
      'Line 1 of a.txt has more than 1,000,000 characters.',
    ],
    [
      'bytes that are no text',
      [file('a.csv', Uint8Array.of(116, 101, 120, 116, 0xff, 0xfe, 10))],
      'a.csv is not UTF-8 text',
    ],
    [
      'pictures and texts',
      [file('a.tsv', header + lines(9, '\t')), file('cat/1.png', png(32, 32, [0, 0, 0]))],
      'The files hold 1 pictures and 9 texts',
    ],
    [
      'a CIFAR file cut off',
      [file('data_batch_1.bin', binary(3).slice(0, 5000))],
      "data_batch_1.bin has 5,000 bytes, no multiple of CIFAR-10's 3,073",
    ],
    [
      'a CIFAR label above 9',
      [file('data_batch_1.bin', binary(2).fill(77, 3073, 3074))],
      'Record 1 of data_batch_1.bin has the label 77',
    ],
    ['a picture in no folder', [file('1.png', png(32, 32, [0, 0, 0]))], '1.png lies in no folder'],
    [
      'a damaged picture',
      ['cat/1', 'cat/2', 'dog/1', 'dog/2'].map((name) => file(`${name}.png`, Uint8Array.of(1, 2))),
      'png: This is no PNG',
    ],
    [
      'Parquet without labels',
      [
        file(
          'a.parquet',
          sstParquet(20, {}, () => -1n),
        ),
      ],
      'a.parquet has no labels but -1, as published test splits do',
    ],
  ])('%s', async (_, files, what) => {
    await expect(load(files)).rejects.toMatchObject({
      name: 'Problem',
      what: expect.stringContaining(what) as string,
      fix: expect.stringMatching(/\.$/) as string,
    })
  })
})
