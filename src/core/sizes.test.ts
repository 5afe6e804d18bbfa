import { expect, test } from 'vitest'
import { indexBitsOf, sizeReport, type SizedTensor } from './sizes'

/**
 * A prunable 12 x 10 matrix with 30 weights left, of which 5 round to code 0; a table of 5 rows of 10; a bias of 10.
 */
const tensors: SizedTensor[] = [
  { prunable: true, shape: [12, 10], nonzero: 30, int8: { nonzero: 25, scales: 10 } },
  { prunable: false, shape: [5, 10], nonzero: 50, int8: { nonzero: 50, scales: 5 } },
  { prunable: false, shape: [10], nonzero: 0, int8: null },
]
const deflated = { f32: { prunable: 150, all: 380 }, int8: { prunable: 60, all: 160 } }

test('bytes by hand', () => {
  const { f32, int8, indexBits } = sizeReport(tensors, deflated)
  // 32 bits: 120 * 4 = 480; the rest 50 * 4 + 10 * 4 = 240.
  expect(f32.dense).toEqual({ prunable: 480, all: 720 })
  // 120 / 8 = 15 bytes of bits, 30 values of 4 bytes.
  expect(f32.bitmap).toEqual({ prunable: 135, all: 375 })
  // 13 row pointers of 4 bytes, 30 values of 4 bytes with a column of 1 byte each: 52 + 150.
  expect(f32.csr).toEqual({ prunable: 202, all: 442 })
  expect(f32.deflated).toBe(deflated.f32)
  // Codes of a byte and 10 scales of 4: 160. The rest: table 50 + 5 scales of 4 = 70, the bias stays 40 in 32 bits.
  expect(int8.dense).toEqual({ prunable: 160, all: 270 })
  // 15 + 25 codes + 40 of scales.
  expect(int8.bitmap).toEqual({ prunable: 80, all: 190 })
  // 52 + 25 * 2 + 40.
  expect(int8.csr).toEqual({ prunable: 142, all: 252 })
  expect(indexBits).toEqual([8])
})

test('a column has as many bits as the width needs', () => {
  expect([1, 256, 257, 65_536, 65_537].map(indexBitsOf)).toEqual([8, 8, 16, 16, 32])
})

test('a bitmap of sizes that no byte divides is rounded up', () => {
  const { f32 } = sizeReport([{ prunable: true, shape: [3, 3], nonzero: 0, int8: null }], deflated)
  expect(f32.bitmap.prunable).toBe(2)
})

test('the sentence says plainly what makes a file smaller', () => {
  expect(sizeReport(tensors, deflated).verdict).toBe(
    'A pruned file is no smaller until you store it sparse or deflated: '
      + 'dense it takes 0.7 kB whatever is pruned, deflated 0.4 kB, '
      + 'int8 and deflated 0.2 kB, 4.5 times smaller.',
  )
  const whole = tensors.map((t) => ({ ...t, nonzero: t.prunable ? 120 : t.nonzero }))
  expect(sizeReport(whole, deflated).verdict).toMatch(/^Nothing is pruned, so only fewer bits/)
})
