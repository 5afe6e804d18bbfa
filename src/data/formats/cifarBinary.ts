import { count } from '../../core/figures'
import type { NamedFile } from '../../core/host'
import { Problem } from '../../core/problem'
import { cifar10Files } from '../cifar10'
import { cifar100Files } from '../cifar100'
import type { Format, Raw } from './raw'

/** A record is one or two label bytes, then 1,024 red, 1,024 green and 1,024 blue bytes, row by row. */
const pixelBytes = 3072
const recordsAtOnce = 512

interface Kind {
  readonly set: string
  /**
   * Label bytes before the pixels; the last one counts: CIFAR-100 writes one of 20 coarse classes before the fine one.
   */
  readonly labels: number
  readonly classes: readonly string[]
}

const kinds: readonly Kind[] = [
  { set: 'CIFAR-10', labels: 1, classes: cifar10Files.classes },
  { set: 'CIFAR-100', labels: 2, classes: cifar100Files.classes },
]

/** Whether a file lists the names of CIFAR's classes. */
export function isClassNames(name: string): boolean {
  return /(^|\/)((fine|coarse)_label_names|batches\.meta)\.txt$/i.test(name)
}

/**
 * CIFAR-10's and CIFAR-100's own binary files, CIFAR-100 with its fine labels, named by a `fine_label_names.txt` where
 * one lies beside it.
 *
 * @throws Problem when the length is no multiple of a record or a label is too high
 */
export const cifarBinary: Format = async ({ name, bytes }, { signal, all }) => {
  const fits = kinds.find(({ labels }) => bytes.byteLength > 0 && bytes.byteLength % (labels + pixelBytes) === 0)
  if (!fits) {
    throw new Problem(
      `${name} has ${count(bytes.byteLength)} bytes, no multiple of CIFAR-10's 3,073 or CIFAR-100's 3,074 `
        + 'bytes a record.',
      'Unpack the archive again: the file is cut off, or it is of another data set.',
    )
  }
  const kind = fits.set === 'CIFAR-100' ? { ...fits, classes: await fineNames(all) } : fits
  return read(name, bytes, kind, signal)
}

/** CIFAR's Python version: pickles, told by their names. @throws Problem always */
export const cifarPython: Format = ({ name }) => {
  const set = /cifar-100/i.test(name) ? 'CIFAR-100' : 'CIFAR-10'
  const binary = `${set.toLowerCase()}-binary.tar.gz`
  return Promise.reject(
    new Problem(
      `This is ${set}'s Python version (${name}).`,
      `Take the binary version, ${binary}, from the same page.`,
    ),
  )
}

async function* read(
  name: string,
  bytes: NamedFile['bytes'],
  kind: Kind,
  signal: AbortSignal,
): AsyncGenerator<readonly Raw[]> {
  const length = kind.labels + pixelBytes
  const records = bytes.byteLength / length
  for (let first = 0; first < records; first += recordsAtOnce) {
    signal.throwIfAborted()
    const count = Math.min(recordsAtOnce, records - first)
    const chunk = new Uint8Array(await bytes.slice(first * length, (first + count) * length))
    yield Array.from({ length: count }, (_, i) =>
      record(chunk.subarray(i * length, (i + 1) * length), kind, name, first + i),
    )
  }
}

function record(bytes: Uint8Array, { set, labels, classes }: Kind, file: string, index: number): Raw {
  const number = bytes[labels - 1] ?? -1
  const label = classes[number]
  if (label === undefined) {
    throw new Problem(
      `Record ${index} of ${file} has the label ${number}; ${set}'s classes are 0 to ${classes.length - 1}.`,
      "Give a file of CIFAR's binary version.",
    )
  }
  const rgb = new Uint8Array(pixelBytes)
  for (let i = 0; i < 1024; i++) {
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = bytes[labels + c * 1024 + i] as number
  }
  return { task: 'image', label, name: `record ${index} of ${file}`, rgb }
}

async function fineNames(files: readonly NamedFile[]): Promise<readonly string[]> {
  const file = files.find(({ name }) => /(^|\/)fine_label_names\.txt$/i.test(name))
  const names = file
    ? new TextDecoder()
        .decode(await file.bytes.slice(0))
        .split(/\r?\n/)
        .filter((line) => line !== '')
    : []
  return names.length === cifar100Files.classes.length ? names : cifar100Files.classes
}
