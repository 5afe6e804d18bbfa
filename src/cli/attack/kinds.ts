import { gzipSync, zipSync } from 'fflate'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { fromJson, jsonText, toJson } from '../../config/json'
import { defaultExperiment } from '../../config/defaults'
import { defaults } from '../../core/knob'
import { safetensorsFile } from '../../core/safetensors'
import { dropped } from '../../data/dropped'
import { cifarParquet, fakeHost, file, loading, png, sstParquet, tar } from '../../data/testing'
import { headerOf } from '../../core/safetensorsHeader'

/** A kind of file that people open: a whole one, and what reads it. */
export interface Kind {
  readonly name: string
  readonly bytes: Uint8Array
  /** @throws Problem when a file of this kind cannot be used; any other error is a fault */
  read(bytes: Uint8Array, signal: AbortSignal): Promise<void>
}

const encoded = (text: string) => new TextEncoder().encode(text)
const rows = Array.from({ length: 40 }, (_, i) => i)
const sentence = (i: number) => `a ${['fine', 'dull', 'warm'][i % 3]} film, "number" ${i}`
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
const csv = `id,text,label\n${rows.map((i) => `${i},${quoted(sentence(i))},${i % 2 ? 'good' : 'bad'}\n`).join('')}`
const tsv = `sentence\tlabel\n${rows.map((i) => `${sentence(i)}\t${i % 2}`).join('\r\n')}\n`
const jsonLines = rows.map((i) => JSON.stringify({ text: sentence(i), label: i % 2, nested: { a: [i] } })).join('\n')
const colour = (i: number) => [i, 255 - i, 7 * i] as const
const pictures = Object.fromEntries(rows.map((i) => [`${i % 2 ? 'cat' : 'dog'}/${i}.png`, png(6, 5, colour(i))]))
const texts = Object.fromEntries(rows.map((i) => [`${i % 2 ? 'pos' : 'neg'}/${i}.txt`, encoded(sentence(i))]))
const cifar = Uint8Array.from({ length: 3073 * 12 }, (_, i) => (i % 3073 === 0 ? (i / 3073) % 4 : i % 251))
const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'a', 'film', ...rows.map((i) => `##${i}`)].join('\n')
const tensors = safetensorsFile([{ name: '000000/w/x', shape: [3, 4], values: new Float32Array(12) }], {
  prunable: 'x',
  rate: '0.1',
})
const delta = parquetWriteBuffer({
  columnData: [
    { name: 'text', data: rows.map(sentence), type: 'STRING', encoding: 'DELTA_LENGTH_BYTE_ARRAY' },
    { name: 'label', data: Int32Array.from(rows, (i) => i % 2), type: 'INT32', encoding: 'DELTA_BINARY_PACKED' },
  ],
})

/** Every kind that is read, archives of it included. */
export const kinds: readonly Kind[] = [
  data('a.csv', encoded(csv)),
  data('a.tsv', encoded(tsv)),
  data('utf16.csv', utf16(csv)),
  data('a.jsonl', encoded(jsonLines)),
  data('a.bin', cifar),
  data('snappy.parquet', new Uint8Array(sstParquet(40))),
  data('plain.parquet', new Uint8Array(sstParquet(40, { codec: 'UNCOMPRESSED', rowGroupSize: 15 }))),
  data('delta.parquet', new Uint8Array(delta)),
  data('pictures.parquet', new Uint8Array(cifarParquet(12, {}, 4))),
  data('a.csv.gz', gzipSync(encoded(csv))),
  data('pictures.tar', tar(pictures)),
  data('pictures.tar.gz', gzipSync(tar(pictures))),
  data('pictures.zip', zipSync(pictures)),
  data('texts.zip', zipSync(texts)),
  data('nested.zip', zipSync({ 'train.zip': zipSync(texts), 'dev.tar.gz': gzipSync(tar(texts)) })),
  data('cat/a.png', png(20, 20, colour(9)), { 'dog/b.png': png(4, 4, colour(8)), 'dog/c.png': png(4, 4, colour(7)) }),
  data('vocab.txt', encoded(vocabulary), { 'a.csv': encoded(csv) }),
  { name: 'trace.safetensors', bytes: tensors, read: readTensors },
  {
    name: 'experiment.json',
    bytes: encoded(toJson(defaultExperiment)),
    read(bytes) {
      fromJson(jsonText(bytes))
      return Promise.resolve()
    },
  },
]

/** A file that is dropped on the page, alone or beside others. */
function data(name: string, bytes: Uint8Array, beside: Readonly<Record<string, Uint8Array>> = {}): Kind {
  const others = Object.entries(beside).map(([other, content]) => file(other, content))
  const values = { ...defaults(dropped.knobs), vocabulary: 300 }
  return {
    name,
    bytes,
    async read(changed, signal) {
      const host = fakeHost({ files: [file(name, changed), ...others] })
      await dropped.load(values, loading(host, { signal }))
    },
  }
}

function readTensors(bytes: Uint8Array): Promise<void> {
  headerOf(bytes, 'trace.safetensors')
  return Promise.resolve()
}

function utf16(text: string): Uint8Array {
  return new Uint8Array(Uint16Array.from(`\ufeff${text}`, (character) => character.charCodeAt(0)).buffer)
}
