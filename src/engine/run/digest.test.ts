import { createHash } from 'node:crypto'
import { afterEach, expect, it, vi } from 'vitest'
import { digestOf } from './digest'

afterEach(() => vi.unstubAllGlobals())

const split = (pixels: number[], labels: number[]) => ({
  task: 'image' as const,
  count: labels.length,
  pixels: Uint8Array.from(pixels),
  labels: Uint8Array.from(labels),
})
const examples = { train: split([1, 2, 3], [0]), held: split([4, 5, 6], [1]) }

it('is the hash of the hashes of pixels and labels, in their order', async () => {
  const sha = (bytes: readonly number[]) => createHash('sha256').update(Uint8Array.from(bytes)).digest()
  const parts = [[1, 2, 3], [0], [4, 5, 6], [1]].map(sha)
  expect(await digestOf(examples)).toBe(createHash('sha256').update(Buffer.concat(parts)).digest('hex'))
  expect(await digestOf({ ...examples, held: split([4, 5, 7], [1]) })).not.toBe(await digestOf(examples))
})

it('is left out on pages without https', async () => {
  vi.stubGlobal('crypto', {})
  expect(await digestOf({ ...examples })).toBeUndefined()
})
