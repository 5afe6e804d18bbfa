import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fit, isWhole, largestScale, margin, mapPixel, pan, reveal, zoom } from './viewport'

const map = { width: 200, height: 100 }
const box = { width: 400 + 2 * margin, height: 400 + 2 * margin }

test('fit shows all of the map in the middle', () => {
  // 400 / 200 = 2 is the smaller ratio; 100 * 2 leaves (400 - 200) / 2 above, and the margin stays free.
  expect(fit(map, box)).toEqual({ scale: 2, x: margin, y: margin + 100 })
})

test('zoom keeps the pixel under the pointer', () => {
  const at = { x: 100, y: 200 }
  const before = fit(map, box)
  const after = zoom(before, 8, at, map, box)
  expect(after.scale).toBe(16)
  expect(mapPixel(after, at, map)).toEqual(mapPixel(before, at, map))
  expect(isWhole(before, map, box)).toBe(true)
  expect(isWhole(after, map, box)).toBe(false)
})

test('pixels are found by floor, and beside the map there is none', () => {
  const view = fit(map, box)
  expect(mapPixel(view, { x: margin, y: margin + 100 }, map)).toEqual({ x: 0, y: 0 })
  expect(mapPixel(view, { x: margin + 399.9, y: margin + 299.9 }, map)).toEqual({ x: 199, y: 99 })
  expect(mapPixel(view, { x: margin + 10, y: margin + 99 }, map)).toBeNull()
})

test('no zoom or drag loses the map, and reveal brings any pixel into the box', () => {
  const side = fc.integer({ min: 1, max: 3000 })
  const shift = fc.double({ min: -5000, max: 5000, noNaN: true })
  fc.assert(
    fc.property(
      side,
      side,
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      shift,
      shift,
      (width, height, factor, dx, dy) => {
        const any = { width, height }
        const view = pan(zoom(fit(any, box), factor, { x: 7, y: 300 }, any, box), dx, dy, any, box)
        expect(view.scale).toBeLessThanOrEqual(largestScale)
        const pixel = { x: width - 1, y: 0 }
        const shown = reveal(view, pixel, any, box)
        const middle = { x: shown.x + (pixel.x + 0.5) * shown.scale, y: shown.y + 0.5 * shown.scale }
        expect(middle.x).toBeGreaterThan(0)
        expect(middle.x).toBeLessThan(box.width)
        expect(middle.y).toBeGreaterThan(0)
        expect(middle.y).toBeLessThan(box.height)
      },
    ),
    { numRuns: 200 },
  )
})
