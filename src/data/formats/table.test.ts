import { describe, expect, it } from 'vitest'
import { alone, file } from '../testing'
import { isUsed } from './raw'
import { table } from './table'

/** The examples of a table as [text, label]. */
async function read(content: string | Uint8Array, name = 'a.csv'): Promise<[string, string][]> {
  const reading = await table(file(name, content), alone)
  if (!isUsed(reading)) throw new Error(reading.unused)
  const found: [string, string][] = []
  for await (const batch of reading) {
    for (const example of batch) if ('text' in example) found.push([example.text, example.label])
  }
  return found
}

function utf16(text: string, bigEndian: boolean, mark: boolean): Uint8Array {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le')
  return bigEndian ? bytes.swap16() : bytes
}

describe('a table is read', () => {
  const plain = [
    ['one', '1'],
    ['two', '0'],
  ]

  it.each([
    ['with LF', 'text,label\none,1\ntwo,0\n'],
    ['with CRLF, blank lines and no end', '\r\ntext,label\r\n\r\none,1\r\n  \r\ntwo,0'],
    ['with CR alone, as old Macs wrote it', 'text,label\rone,1\r\rtwo,0\r'],
    ['with both ends, CRLF first', 'text,label\r\none,1\ntwo,0\n'],
    ['with semicolons', 'text;label\none;1\ntwo;0\n'],
    ['with bars', 'label|text\n1|one\n0|two\n'],
    ['with tabs in a .csv', 'text\tlabel\none\t1\ntwo\t0\n'],
    ['with more commas than semicolons in the header', 'text;label;a,b,c,d\none;1;x\ntwo;0;y\n'],
    ['with the separator told to Excel', 'sep=;\ntext;label\none;1\ntwo;0\n'],
    ['with another one told', '"sep=/"\r\ntext/label\r\none/1\r\ntwo/0\r\n'],
    ['with spaces around quoted fields', 'label, text\n1, "one"\n0,"two" \n'],
    ['with a byte order mark', '\ufefftext,label\none,1\ntwo,0\n'],
    ['in UTF-16', utf16('text,label\none,1\ntwo,0\n', false, true)],
    ['in UTF-16, high byte first', utf16('text,label\none,1\ntwo,0\n', true, true)],
    ['in UTF-16 without a mark', utf16('text,label\none,1\ntwo,0\n', false, false)],
    ['with usual names in capitals', 'ID,Review Text,LABELS\n7,one,1\n8,two,0\n'],
    ['with fields missing after those that count', 'text,label,note\none,1\ntwo,0,x\n'],
  ])('%s', async (_, content) => {
    expect((await read(content)).sort()).toEqual(plain)
  })

  it('with quotes as RFC 4180 has them', async () => {
    expect(await read('text,label\n"He said ""yes"", twice",1\n"two\nlines",0\n"""",1\n')).toEqual([
      ['He said "yes", twice', '1'],
      ['two\nlines', '0'],
      ['"', '1'],
    ])
  })

  it('with quotes that only part of a field has: the field stands for itself', async () => {
    expect(await read('text,label\n"good" film,1\n5" disk,0\nthe "best", 1\n"bad"  "worse",0\n')).toEqual([
      ['"good" film', '1'],
      ['5" disk', '0'],
      ['the "best"', '1'],
      ['"bad"  "worse"', '0'],
    ])
  })

  it('with labels of one spelling in Unicode', async () => {
    expect(await read('text,label\na,caf\u00e9\nb,cafe\u0301\n')).toEqual([
      ['a', 'caf\u00e9'],
      ['b', 'caf\u00e9'],
    ])
  })

  it('the same wherever a long quoted record lies: chunks end in it, at its quotes and at its line end', async () => {
    const long = 'many, words '.repeat(20_000)
    const short = 'short '.repeat(1000)
    const record = `"${long}",1\r\n`
    // The record ends at byte 2^20 + offset.
    for (const offset of [-1, 0, 1, 2, 3, 4, 5, 6, 1000, record.length - 1]) {
      const room = 2 ** 20 + offset - 'text,label\r\n'.length - record.length
      const line = `${short},0\r\n`
      const lines = Math.floor(room / line.length)
      const content = `text,label\r\n${'\n'.repeat(room % line.length)}${line.repeat(lines)}${record}b,0\r\n`
      expect(await read(content)).toEqual([
        ...Array.from({ length: lines }, () => [short, '0']),
        [long, '1'],
        ['b', '0'],
      ])
    }
  })
})

describe('a line that cannot be meant so is a Problem with its number', () => {
  const before = 'text,label\n\n"two\nlines",1\n'

  it.each([
    [
      'more fields than the header',
      `${before}I like it, really,1\n`,
      'Line 5 of a.csv has 3 fields, but the header names 2 columns.',
    ],
    ['no label', `${before}one\n`, 'Line 5 of a.csv has 1 field; the text should be field 1 and the label field 2.'],
    ['an empty label', `${before}\none, \n`, 'Line 6 of a.csv: the label is empty.'],
    ['an empty label after CR', 'text,label\ra,1\r\rb,\r', 'Line 4 of a.csv: the label is empty.'],
    ['an empty label after sep=', 'sep=;\ntext;label\na;\n', 'Line 3 of a.csv: the label is empty.'],
    [
      'a quote that never closes',
      `${before}x,0\n"one,1\ntwo,0\n`,
      'The quote that opens in line 6 of a.csv is never closed.',
    ],
    [
      'the same in the last field',
      'label,text\n1,a\n0,"b\n1,c\n',
      'The quote that opens in line 3 of a.csv is never closed.',
    ],
    [
      'one that the next quote seems to close',
      'label,text\n1,a\n0,"b\n1,c\n1,"d, e"\n',
      'The quote that opens in line 3 of a.csv closes in line 5, and more text follows',
    ],
    [
      'text after a quoted comma',
      'text,label\n"so, so" lala,1\n',
      'The quote that opens in line 2 of a.csv closes there, and more text follows',
    ],
    [
      'quotes escaped by backslashes',
      `${before}"he said \\"dull\\", twice",0\n`,
      'Line 5 of a.csv writes a quote inside a quoted field as \\"',
    ],
    [
      'the same at the end of a field',
      'text,label\n"\n\\"",0\n"a",1\n',
      'Line 3 of a.csv writes a quote inside a quoted field as \\"',
    ],
    [
      'a quote that a long file never closes',
      `text,label\na,1\n"${'word '.repeat(500_000)},1\n`,
      'The quote that opens in line 3 of a.csv is never closed.',
    ],
    [
      'a line that is too long',
      `text,label\n${'a'.repeat(1_000_001)},1\nb,0\n`,
      'Line 2 of a.csv has more than 1,000,000 characters.',
    ],
    [
      'the same before a border',
      `text,label\n${'a,1\n'.repeat(1000)}${'b'.repeat(1_000_001)},1\n`,
      'Line 1,002 of a.csv has more than 1,000,000 characters.',
    ],
  ])('%s', async (_, content, what) => {
    await expect(read(content)).rejects.toMatchObject({
      name: 'Problem',
      what: expect.stringContaining(what) as string,
    })
  })

  it('in a TSV, where quotes mean nothing', async () => {
    await expect(read('sentence\tlabel\n"a\t1\nb\t\n', 'a.tsv')).rejects.toThrow('Line 3 of a.tsv: the label is empty.')
  })
})
