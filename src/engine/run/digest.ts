import type { Examples, Split } from '../../core/dataset'

type Both = Pick<Examples, 'train' | 'held'>

/** Several ask for the hash of the same examples while a run opens. */
const known = new WeakMap<Both, Promise<string | undefined>>()

/**
 * SHA-256, in hexadecimal digits, of what training and evaluation see: pixels or token ids, then labels, of the
 * training split and of the held-out one. Undefined on pages without https, which have no hashes.
 */
export function digestOf(examples: Both): Promise<string | undefined> {
  const found = known.get(examples) ?? digest(examples)
  known.set(examples, found)
  return found
}

async function digest({ train, held }: Both): Promise<string | undefined> {
  // Browsers take `crypto.subtle` away from such pages; its type does not know that.
  const subtle = globalThis.crypto.subtle as SubtleCrypto | undefined
  if (!subtle) return undefined
  const parts = await Promise.all(arraysOf(train, held).map((array) => subtle.digest('SHA-256', array)))
  const whole = await subtle.digest('SHA-256', await new Blob(parts).arrayBuffer())
  return Array.from(new Uint8Array(whole), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function arraysOf(...splits: readonly Split[]): ArrayBufferView<ArrayBuffer>[] {
  const numbers = splits.flatMap((split) => [split.task === 'image' ? split.pixels : split.ids, split.labels])
  return numbers as ArrayBufferView<ArrayBuffer>[]
}
