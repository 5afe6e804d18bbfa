import { grouped } from '../../core/grouped'
import { Problem } from '../../core/problem'
import { cifar10Files } from '../cifar10'
import type { Format, Raw } from './raw'

/** One label byte, then 1,024 red, 1,024 green and 1,024 blue bytes, row by row. */
const recordBytes = 3073
const recordsAtOnce = 512

/** CIFAR-10's own binary files. @throws Problem when the length is no multiple of a record or a label is above 9 */
export const cifarBinary: Format = ({ name, bytes }, signal) => {
  if (bytes.byteLength === 0 || bytes.byteLength % recordBytes !== 0) {
    const problem = new Problem(
      `${name} has ${grouped(bytes.byteLength)} bytes, no multiple of CIFAR-10's ${grouped(recordBytes)} bytes a record.`,
      'Unpack the archive again: the file is cut off, or it is of another data set (CIFAR-100 has 3,074 bytes a record).',
    )
    return Promise.reject(problem)
  }
  async function* read(): AsyncGenerator<readonly Raw[]> {
    const records = bytes.byteLength / recordBytes
    for (let first = 0; first < records; first += recordsAtOnce) {
      signal.throwIfAborted()
      const count = Math.min(recordsAtOnce, records - first)
      const chunk = new Uint8Array(await bytes.slice(first * recordBytes, (first + count) * recordBytes))
      yield Array.from({ length: count }, (_, i) =>
        record(chunk.subarray(i * recordBytes, (i + 1) * recordBytes), name, first + i),
      )
    }
  }
  return Promise.resolve(read())
}

function record(bytes: Uint8Array, file: string, index: number): Raw {
  const label = cifar10Files.classes[bytes[0] ?? -1]
  if (label === undefined) {
    throw new Problem(
      `Record ${index} of ${file} has the label ${bytes[0] ?? 'none'}; classes are 0 to 9.`,
      "Give a file of CIFAR-10's binary version.",
    )
  }
  const rgb = new Uint8Array(3072)
  for (let i = 0; i < 1024; i++) {
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = bytes[1 + c * 1024 + i] as number
  }
  return { task: 'image', label, name: `record ${index} of ${file}`, rgb }
}
