import type { NamedFile } from '../../core/host'
import type { Format } from './raw'
import { splitOf } from '../splits'
import { namesColumns } from './table'
import { textOf } from './textFile'

/** No more of a text is read: an example has at most 128 tokens. */
const mostBytes = 1 << 20

/** A text in a folder; the folder is its class: `aclImdb/train/pos/0_9.txt`. */
export const textInFolder: Format = ({ name, bytes }) => {
  const label = name.split('/').at(-2) ?? ''
  const encoded = async () => new Uint8Array(await bytes.slice(0, Math.min(mostBytes, bytes.byteLength)))
  return Promise.resolve([[{ task: 'text', label, name, encoded }]])
}

/**
 * Names of the .txt files that are one example each. There are many of them compared with other files (else they are
 * notes), and they do not start as tables do.
 *
 * @param isData whether a file of this name may hold examples
 */
export async function textsInFolders(
  files: readonly NamedFile[],
  isData: (name: string) => boolean,
): Promise<ReadonlySet<string>> {
  const texts = files.filter(({ name }) => /[^/]\/[^/]*\.txt$/i.test(name) && !namesSplit(name))
  const others = files.filter(({ name }) => isData(name)).length - texts.length
  const [first] = texts
  if (!first || texts.length < 2 || texts.length <= 10 * others) return new Set()
  const start = textOf(new Uint8Array(await first.bytes.slice(0, Math.min(mostBytes, first.bytes.byteLength))))
  return new Set(start !== null && namesColumns(start) ? [] : texts.map(({ name }) => name))
}

/** Whether a file has the name of a split, as tables do: `emotion/train.txt`. */
function namesSplit(name: string): boolean {
  return splitOf(name.slice(name.lastIndexOf('/') + 1).replace(/\.txt$/i, '')) !== null
}
