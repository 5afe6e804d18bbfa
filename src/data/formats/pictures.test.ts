import fc from 'fast-check'
import { expect, it } from 'vitest'
import { scaled } from './pictures'

const grey = (width: number, values: readonly number[]) => ({
  width,
  height: values.length / width,
  rgb: Uint8Array.from(values.flatMap((value) => [value, value, value])),
})

it(
  'averages what each new pixel covers: of 0, 90, 30 the first 1.5 give (0 + 45) / 1.5 = 30, '
    + 'the others (45 + 30) / 1.5 = 50',
  () => {
    const rows = [0, 90, 30, 0, 90, 30]
    expect([...scaled(grey(3, rows), 2, 'x')].filter((_, i) => i % 3 === 0)).toEqual([30, 50, 30, 50])
  },
)

it('enlarges by repeating, and squeezes what is not square', () => {
  expect([...scaled(grey(2, [10, 20]), 2, 'x')].filter((_, i) => i % 3 === 0)).toEqual([10, 20, 10, 20])
})

it('keeps one colour exactly at any size', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 0, max: 255 }),
      (width, height, value) => {
        const out = scaled(
          grey(
            width,
            Array.from({ length: width * height }, () => value),
          ),
          8,
          'x',
        )
        expect(new Set(out)).toEqual(new Set([value]))
      },
    ),
    { numRuns: 30 },
  )
})
