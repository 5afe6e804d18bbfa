import { expect, test } from 'vitest'
import { workgroups } from '../../src/gpu/kernel'
import { awkwardSizes, runKernel } from '../../src/gpu/testing'
import { note as text } from '..'
import { momentStruct, note } from './note'

test('by hand: bits that changed since the note before have its step, all others keep theirs', () => {
  // Bit 31 and bit 1 differ, then bit 32, the first one of the second word.
  const changed = new Float32Array(64).fill(NaN)
  const noted = Uint32Array.of(0xffff_ffff, 1)
  note({ mask: Uint32Array.of(0x7fff_fffd, 1), noted, changed }, 5)
  expect([...changed.entries()].filter(([, step]) => !Number.isNaN(step))).toEqual([
    [1, 5],
    [31, 5],
  ])
  expect([...noted]).toEqual([0x7fff_fffd, 1])
  note({ mask: Uint32Array.of(0x7fff_ffff, 0), noted, changed }, 9)
  expect([...changed.entries()].filter(([, step]) => !Number.isNaN(step))).toEqual([
    [1, 9],
    [31, 5],
    [32, 9],
  ])
})

test.each(awkwardSizes)('kernel and twin note the same, in %i words', async (words) => {
  const wordsOf = (seed: number) => Uint32Array.from({ length: words }, (_, i) => Math.imul(i + seed, 0x9e3779b1) >>> 0)
  const b = { mask: wordsOf(1), noted: wordsOf(7), changed: new Float32Array(32 * words).fill(3) }
  const gpu = await runKernel(
    text,
    { ...b, noted: b.noted.slice(), changed: b.changed.slice(), moment: momentStruct.write({ step: 41 }) },
    workgroups(words, 256),
  )
  note(b, 41)
  expect(new Set(b.changed)).toEqual(new Set([3, 41]))
  expect([...gpu.changed]).toEqual([...b.changed])
  expect([...gpu.noted]).toEqual([...b.mask])
})
