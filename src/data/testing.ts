import { encode } from 'fast-png'
import { parquetWriteBuffer, type ParquetWriteOptions } from 'hyparquet-writer'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadOptions, LoadProgress } from '../core/dataset'
import type { Bytes, Host, ListedStore, NamedFile } from '../core/host'
import { Problem } from '../core/problem'
import { decodePng } from '../host/png'
import type { Beside } from './formats/raw'

/** Folder with the real data sets, as `scripts/realData.mjs` finds it; empty where there is none. */
export const realData = process.env['PLAYGROUND_DATA'] ?? ''

/**
 * Whether that folder holds a set. Only test files named `realData` ask: their tests may be skipped, and `npm test`
 * says how to run them.
 */
export function hasReal(set: 'cifar10' | 'sst2' | 'originals' | 'glue'): boolean {
  return realData !== '' && existsSync(join(realData, set))
}

/** Bytes in memory; counts the bytes that are read. */
export interface CountingBytes extends Bytes {
  readonly reads: { readonly start: number; readonly end: number }[]
  /** Sum of the lengths read. */
  total(): number
}

export function counting(buffer: ArrayBuffer): CountingBytes {
  const reads: { start: number; end: number }[] = []
  return {
    byteLength: buffer.byteLength,
    reads,
    total: () => reads.reduce((sum, { start, end }) => sum + end - start, 0),
    slice(start, end = buffer.byteLength) {
      reads.push({ start, end: Math.min(end, buffer.byteLength) })
      return Promise.resolve(buffer.slice(start, end))
    },
  }
}

/** A cache in memory. */
export function memoryCache(): Host['cache'] & { readonly entries: Map<string, ArrayBuffer> } {
  const entries = new Map<string, ArrayBuffer>()
  return {
    entries,
    get: (key) => Promise.resolve(entries.get(key) ?? null),
    put: (key, bytes) => Promise.resolve(entries.set(key, bytes).has(key)),
    remove: (key) => Promise.resolve(void entries.delete(key)),
  }
}

/** A store in memory that tells what it holds; a file is younger than those that were put there before. */
export function memoryFiles(): ListedStore {
  const files = memoryCache()
  return {
    ...files,
    // A file that is put again is the youngest.
    put: (key, bytes) => files.remove(key).then(() => files.put(key, bytes)),
    list: () =>
      Promise.resolve([...files.entries].map(([key, { byteLength }], at) => ({ key, bytes: byteLength, at }))),
  }
}

/** A browser that has only what it is given: no origin files, no network, no dropped files. */
export function fakeHost(given: Partial<Host> = {}): Host {
  return {
    kind: 'browser',
    origin: () => Promise.resolve(null),
    remote: (url) => Promise.reject(new Problem(`${url} cannot be reached (no network here).`, 'Check the network.')),
    cache: memoryCache(),
    checkpoints: memoryCache(),
    weights: memoryFiles(),
    files: [],
    decodeImage: (bytes) => {
      const picture = decodePng(bytes)
      return picture ? Promise.resolve(picture) : Promise.reject(new Problem('This is no PNG.', 'Give a PNG.'))
    },
    now: () => 0,
    ...given,
  }
}

/** What a format sees of a single file whose columns are found by their names. */
export const alone: Beside = {
  signal: new AbortController().signal,
  all: [],
  columns: { textColumn: 0, labelColumn: 0 },
}

/** Load options around a host; `reports` collects the progress. */
export function loading(
  host: Host,
  more: Partial<LoadOptions> = {},
): LoadOptions & { readonly reports: LoadProgress[] } {
  const reports: LoadProgress[] = []
  return {
    host,
    seed: 1,
    signal: new AbortController().signal,
    progress: (report) => reports.push(report),
    ...more,
    reports,
  }
}

export function file(name: string, content: string | Uint8Array | ArrayBuffer): NamedFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content)
  return { name, bytes: counting(bytes.slice().buffer) }
}

/** A PNG of one colour. */
export function png(width: number, height: number, colour: readonly [number, number, number]): Uint8Array {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => colour[i % 3] ?? 0)
  return encode({ width, height, data, channels: 3, depth: 8 })
}

/** A tar archive as `tar` writes it. */
export function tar(entries: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const blocks = Object.entries(entries).flatMap(([name, bytes]) => {
    const header = new Uint8Array(512)
    const write = (text: string, at: number) => header.set(new TextEncoder().encode(text), at)
    write(name, 0)
    write(bytes.length.toString(8).padStart(11, '0'), 124)
    write('        0', 148)
    write(
      header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0') + '\0',
      148,
    )
    const body = new Uint8Array(Math.ceil(bytes.length / 512) * 512)
    body.set(bytes)
    return [header, body]
  })
  return new Uint8Array([...blocks, new Uint8Array(1024)].flatMap((block) => [...block]))
}

type Extras = Omit<Partial<ParquetWriteOptions>, 'writer' | 'columnData' | 'schema'>

/** CIFAR-10 as Hugging Face lays it out: image i is of the colour (i, 2 i, 3 i) mod 256 with label i mod 10. */
export function cifarParquet(count: number, extras: Extras = {}, size = 32): ArrayBuffer {
  return imageParquet(count, { label: (i) => i % 10 }, extras, size)
}

/** CIFAR-100 as Hugging Face lays it out: the same images with fine label i mod 100 and coarse label i mod 20. */
export function cifar100Parquet(count: number, fine = (i: number) => i % 100): ArrayBuffer {
  return imageParquet(count, { fine_label: fine, coarse_label: (i) => i % 20 })
}

function imageParquet(
  count: number,
  labels: Readonly<Record<string, (i: number) => number>>,
  extras: Extras = {},
  size = 32,
): ArrayBuffer {
  const images = Array.from({ length: count }, (_, i) => ({
    bytes: png(size, size, [i % 256, (2 * i) % 256, (3 * i) % 256]),
    path: null,
  }))
  return parquetWriteBuffer({
    schema: [
      { name: 'schema', num_children: 1 + Object.keys(labels).length },
      { name: 'img', repetition_type: 'OPTIONAL', num_children: 2 },
      { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
      { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      ...Object.keys(labels).map((name) => ({ name, type: 'INT64', repetition_type: 'OPTIONAL' }) as const),
    ],
    columnData: [
      { name: 'img', data: images },
      ...Object.entries(labels).map(([name, label]) => ({ name, data: images.map((_, i) => BigInt(label(i))) })),
    ],
    ...extras,
  })
}

const words = ['a', 'fine', 'film', 'dull', 'plot', 'warm', 'cast', 'cold', 'end']

/** SST-2 as Hugging Face lays it out: sentence i names i in words and has label i mod 2. */
export function sstParquet(count: number, extras: Extras = {}, label = (i: number) => BigInt(i % 2)): ArrayBuffer {
  const rows = Array.from({ length: count }, (_, i) => i)
  const spelt = (i: number) => Array.from(String(i), (digit) => words[Number(digit) % words.length]).join(' ')
  return parquetWriteBuffer({
    columnData: [
      { name: 'idx', data: Int32Array.from(rows), type: 'INT32' },
      { name: 'sentence', data: rows.map((i) => `${spelt(i)} `), type: 'STRING' },
      { name: 'label', data: rows.map(label), type: 'INT64' },
    ],
    ...extras,
  })
}

/** Sentence pairs as Hugging Face lays GLUE out: pair i has label i mod 2. */
export function pairParquet(count: number, extras: Extras = {}): ArrayBuffer {
  const rows = Array.from({ length: count }, (_, i) => i)
  return parquetWriteBuffer({
    columnData: [
      { name: 'sentence1', data: rows.map((i) => `A ${words[i % 9] ?? ''} film .`), type: 'STRING' },
      {
        name: 'sentence2',
        data: rows.map((i) => `The plot , the cast and the ${words[i % 7] ?? ''} end .`),
        type: 'STRING',
      },
      { name: 'label', data: rows.map((i) => BigInt(i % 2)), type: 'INT64' },
      { name: 'idx', data: Int32Array.from(rows), type: 'INT32' },
    ],
    ...extras,
  })
}

/** Features of one example: feature `index[i]` has `value[i]`, the others 0. */
export interface Features {
  readonly index: Uint32Array
  readonly value: Float32Array
}

/** Features 0, 1, 2, ... with these values. */
export function dense(values: ArrayLike<number>): Features {
  return { index: Uint32Array.from(values, (_, i) => i), value: Float32Array.from(values) }
}

/** Features that are there, each with the same value. */
export function present(index: readonly number[], value: number): Features {
  return { index: Uint32Array.from(index), value: new Float32Array(index.length).fill(value) }
}

/**
 * Accuracy on held-out examples of multinomial logistic regression (stochastic gradient descent, rate falling to 0):
 * the best result of adding up features.
 */
export function linearAccuracy(
  train: readonly Features[],
  trainLabels: Uint8Array,
  held: readonly Features[],
  heldLabels: Uint8Array,
  { features, classes, epochs, rate }: { features: number; classes: number; epochs: number; rate: number },
): number {
  const weights = new Float32Array((features + 1) * classes)
  const logits = new Float64Array(classes)
  const score = ({ index, value }: Features) => {
    for (let k = 0; k < classes; k++) logits[k] = weights[features * classes + k]!
    for (let i = 0; i < index.length; i++) {
      for (let k = 0; k < classes; k++) logits[k]! += weights[index[i]! * classes + k]! * value[i]!
    }
    return logits
  }
  for (let step = 0; step < epochs * train.length; step++) {
    const n = (step * 7919) % train.length
    const { index, value } = train[n]!
    const scores = score(train[n]!)
    const exponents = scores.map((logit) => Math.exp(logit - Math.max(...scores)))
    const sum = exponents.reduce((a, b) => a + b, 0)
    const now = rate * (1 - step / (epochs * train.length))
    for (let k = 0; k < classes; k++) {
      const error = now * ((k === trainLabels[n] ? 1 : 0) - exponents[k]! / sum)
      weights[features * classes + k]! += error
      for (let i = 0; i < index.length; i++) weights[index[i]! * classes + k]! += error * value[i]!
    }
  }
  return (
    held.filter((example, i) => {
      const found = score(example)
      return found.indexOf(Math.max(...found)) === heldLabels[i]
    }).length / held.length
  )
}
