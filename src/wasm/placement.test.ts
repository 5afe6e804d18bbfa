import fc from 'fast-check'
import { expect, test } from 'vitest'
import { place } from './placement'

test('what stays at the same time lies apart; what comes later takes the place of what has gone', () => {
  const { offsets, bytes } = place([
    { bytes: 64, first: 0, last: 1 },
    { bytes: 40, first: 1, last: 2 },
    { bytes: 64, first: 2, last: 3 },
  ])
  expect(offsets).toEqual([0, 64, 0])
  expect(bytes).toBe(112)
})

test('no two that meet overlap, and every one begins at a multiple of 16', () => {
  const stay = fc
    .tuple(fc.integer({ min: 0, max: 200 }), fc.nat(20), fc.nat(20))
    .map(([bytes, a, b]) => ({ bytes, first: Math.min(a, b), last: Math.max(a, b) }))
  fc.assert(
    fc.property(fc.array(stay, { maxLength: 30 }), (stays) => {
      const { offsets, bytes } = place(stays)
      const at = stays.map((s, i) => ({ ...s, from: offsets[i] ?? NaN, to: (offsets[i] ?? NaN) + s.bytes }))
      for (const [i, a] of at.entries()) {
        expect(a.from % 16).toBe(0)
        expect(a.to).toBeLessThanOrEqual(bytes)
        for (const b of at.slice(i + 1))
          if (a.first <= b.last && b.first <= a.last) expect(a.to <= b.from || b.to <= a.from).toBe(true)
      }
    }),
  )
})
