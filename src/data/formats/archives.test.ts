import { gzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { NamedFile } from '../../core/host'
import { joined } from '../../core/joined'
import { file } from '../testing'
import { unpack } from './archives'

const bytes = (text: string) => new TextEncoder().encode(text)
const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

interface Member {
  readonly name: string | Uint8Array
  readonly content?: string | Uint8Array
  readonly type?: string
  /** Where GNU tar keeps times and POSIX tar the folders of a long name. */
  readonly prefix?: string
  readonly magic?: string
  readonly size?: Uint8Array
}

/** One file in a tar archive: its header and its blocks. */
function member({ name, content = '', type = '0', prefix = '', magic = 'ustar\0' + '00', size }: Member): Uint8Array {
  const body = typeof content === 'string' ? bytes(content) : content
  const header = new Uint8Array(512)
  header.set(typeof name === 'string' ? bytes(name) : name, 0)
  header.set(size ?? latin(body.length.toString(8).padStart(11, '0')), 124)
  header.set(latin('        ' + type), 148)
  header.set(latin(magic), 257)
  header.set(latin(prefix), 345)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.set(latin(sum.toString(8).padStart(6, '0') + '\0'), 148)
  const blocks = new Uint8Array(Math.ceil(body.length / 512) * 512)
  blocks.set(body)
  return joined([header, blocks])
}

const end = new Uint8Array(1024)
const tar = (...members: readonly Member[]) => joined([...members.map(member), end])
const pax = (key: string, value: string): Member => {
  const rest = bytes(` ${key}=${value}\n`).length
  const length = [1, 2, 3, 4].map((digits) => rest + digits).find((total) => String(total).length === total - rest)
  return { name: 'PaxHeaders/x', type: 'x', content: `30 mtime=1350244992.023960108\n${length} ${key}=${value}\n` }
}

/** A zip file of stored members whose names are these bytes, with or without the flag that they are UTF-8. */
function zip(names: readonly Uint8Array[], flags = 0): Uint8Array {
  const packed = zipSync(
    Object.fromEntries(
      names.map((name, i) => [String(i).padEnd(name.length, '-'), [bytes(`file ${i}`), { level: 0 }]]),
    ),
  )
  const view = new DataView(packed.buffer)
  for (let at = 0; at + 4 < packed.length; at++) {
    const record = view.getUint32(at, true)
    if (record !== 0x04034b50 && record !== 0x02014b50) continue
    const [flagAt, nameAt] = record === 0x04034b50 ? [6, 30] : [8, 46]
    view.setUint16(at + flagAt, flags, true)
    const index = parseInt(String.fromCharCode(...packed.subarray(at + nameAt, at + nameAt + 2)))
    packed.set(names[index]!, at + nameAt)
  }
  return packed
}

async function contents(name: string, archive: Uint8Array, beside = false): Promise<Record<string, string>> {
  const files = await unpack(file(name, archive), beside, new AbortController().signal)
  const read = async (inner: NamedFile) => [inner.name, new TextDecoder().decode(await inner.bytes.slice(0))] as const
  return Object.fromEntries(await Promise.all(files.map(read)))
}

describe('tar', () => {
  const long = `pets/${'cats-that-live-indoors-'.repeat(6)}/${'a picture '.repeat(9)}.png`

  it('names above 100 bytes: POSIX prefix, GNU records, PAX records', async () => {
    const archive = tar(
      { name: 'b.png', prefix: 'a'.repeat(120), content: '1' },
      { name: '././@LongLink', type: 'L', content: `${long}\0` },
      { name: long.slice(0, 99), content: '2' },
      pax('path', `${long}/猫`),
      { name: 'cut off', content: '3' },
      { name: 'after', content: '4' },
    )
    expect(await contents('x.tar', archive)).toEqual({
      [`${'a'.repeat(120)}/b.png`]: '1',
      [long]: '2',
      [`${long}/猫`]: '3',
      after: '4',
    })
  })

  it("GNU's times are no folder, and sizes in base 256 are read", async () => {
    const size = Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3)
    expect(
      await contents('x.tar', tar({ name: 'a', prefix: '14737', magic: 'ustar  \0', content: 'one', size })),
    ).toEqual({ a: 'one' })
  })

  it('folders, links and global records are passed over; old headers have no type', async () => {
    const archive = tar(
      { name: 'pax_global_header', type: 'g', content: '19 comment=whatever\n' },
      { name: 'cat/', type: '5' },
      { name: 'cat/link', type: '2' },
      { name: 'cat/1', type: '\0', magic: '', content: 'one' },
    )
    expect(await contents('x.tar', archive)).toEqual({ 'cat/1': 'one' })
  })

  it('names in an encoding of Windows', async () => {
    const archive = tar({ name: latin('\xc3\xa8/1'), content: '1' }, { name: latin('\xb9\xb7/1'), content: '2' })
    expect(await contents('x.tar', archive)).toEqual({ '猫/1': '1', '狗/1': '2' })
  })

  it('what follows its end is passed over, packed or not', async () => {
    const archive = tar({ name: 'a', content: 'one' })
    const zeros = new Uint8Array(20_000)
    for (const bytes of [
      joined([archive, zeros]),
      gzipSync(joined([archive, zeros])),
      joined([gzipSync(archive), zeros]),
      joined([gzipSync(archive), latin('junk')]),
    ])
      expect(await contents('x.tar.gz', bytes)).toEqual({ a: 'one' })
  })
})

describe('zip', () => {
  it('names of code pages and of UTF-8, with the flag and without', async () => {
    const names = async (...parts: Parameters<typeof zip>) => Object.keys(await contents('x.zip', zip(...parts)))
    expect(await names([latin('\xc3\xa8/0'), latin('\xb9\xb7/1')])).toEqual(['猫/0', '狗/1'])
    expect(await names([latin('\xaa\xae\xe8\xaa\xa0/0')])).toEqual(['кошка/0'])
    expect(await names([latin('caf\x82/0')])).toEqual(['café/0'])
    expect(await names([bytes('café/0'), bytes('猫/1')])).toEqual(['café/0', '猫/1'])
    expect(await names([bytes('café/0')], 0x0800)).toEqual(['café/0'])
  })

  it('backslashes of Windows part folders, but not within a character of Shift JIS', async () => {
    expect(await contents('x.zip', zip([latin('pets\\cat\\0.png'), latin('pets\\dog\\1.png')]))).toEqual({
      'pets/cat/0.png': 'file 0',
      'pets/dog/1.png': 'file 1',
    })
    // ソ is 83 5C, 5C being the backslash.
    expect(Object.keys(await contents('x.zip', zip([latin('\x83\x5c\x83\x6c\\0')])))).toEqual(['ソネ/0'])
  })

  it('is read by parts, and a file with wrong bytes is a Problem when it is read', async () => {
    const archive = zipSync({ good: bytes('good '.repeat(500)), bad: [bytes('bad bytes'), { level: 0 }] })
    archive[archive.findIndex((_, i) => new TextDecoder().decode(archive.subarray(i, i + 9)) === 'bad bytes')]! ^= 1
    const [good, bad] = await unpack(file('x.zip', archive), false, new AbortController().signal)
    expect(new TextDecoder().decode(await good!.bytes.slice(2490))).toBe('good good ')
    await expect(bad!.bytes.slice(0)).rejects.toThrow('bad in x.zip cannot be unpacked')
  })

  it('with a password says so', async () => {
    const [locked] = await unpack(file('x.zip', zip([latin('a.csv')], 1)), false, new AbortController().signal)
    await expect(locked!.bytes.slice(0)).rejects.toThrow('x.zip is locked with a password')
  })
})

describe('archives of any name', () => {
  const inner = tar({ name: 'a.csv', content: 'one' })

  it('are what their bytes say', async () => {
    const packed = { tar: inner, gz: gzipSync(inner), zip: zipSync({ 'a.csv': bytes('one') }) }
    for (const archive of Object.values(packed)) {
      for (const name of ['x.zip', 'x.tar', 'x.tar.gz', 'x.tgz', 'x', 'x.csv', 'x.zip.download'])
        expect(await contents(name, archive)).toEqual({ 'a.csv': 'one' })
    }
  })

  it('a gzip file of one file is that file', async () => {
    expect(await contents('a.csv.gz', gzipSync(bytes('one')))).toEqual({ 'a.csv': 'one' })
  })

  it('in archives keep their names as folders, and so do several beside each other', async () => {
    const archive = zipSync({
      'train.tar.gz': gzipSync(inner),
      'test.zip': zipSync({ 'a.csv': bytes('two') }),
      'b.csv.gz': gzipSync(bytes('three')),
    })
    expect(await contents('all.zip', archive)).toEqual({ 'train/a.csv': 'one', 'test/a.csv': 'two', 'b.csv': 'three' })
    expect(await contents('train.zip', zipSync({ 'a.csv': bytes('one') }), true)).toEqual({ 'train/a.csv': 'one' })
    expect(await contents('SST-2.zip', zipSync({ 'SST-2/a.csv': bytes('one') }), true)).toEqual({
      'SST-2/a.csv': 'one',
    })
  })

  it('a spreadsheet is none, and kinds that are not read say so', async () => {
    expect(Object.keys(await contents('a.xlsx', zipSync({ '[Content_Types].xml': bytes('x') })))).toEqual(['a.xlsx'])
    await expect(contents('a.7z', latin('7z\xbc\xaf\x27\x1c'))).rejects.toThrow(
      'a.7z cannot be unpacked (it starts with 37 7a bc af',
    )
  })
})
