import { expect, test } from 'vitest'
import { expectClose, lehmer, runKernel } from '../../src/gpu/testing'
import { quantize as kernel } from '..'
import { maskOf, padded } from '../fixtures'
import { channelsOfWorkgroup, channelsStruct, codeOf, quantize, scaleOf, type Channels } from './quantize'

const columns = (rows: number, count: number): Channels => ({ count, length: rows, channelStride: 1, stride: count })
const rows = (count: number, length: number): Channels => ({ count, length, channelStride: length, stride: 1 })

async function both(before: Float32Array, channels: Channels, offset = 0, mask: Uint32Array | null = null) {
  const shape = channelsStruct.write({ offset, ...channels, masked: mask ? 1 : 0 })
  const gpu = await runKernel(kernel, { shape, mask: mask ?? new Uint32Array(4), weights: before.slice() }, [
    Math.ceil(channels.count / channelsOfWorkgroup),
    1,
    1,
  ])
  const twin = before.slice()
  quantize(twin, mask, offset, channels)
  return [gpu.weights, twin] as const
}

test('codes by hand: symmetric, halves to even, never beyond 127', () => {
  expect(scaleOf(254)).toBe(2)
  // 5 / 2 = 2.5 and 7 / 2 = 3.5 lie between two codes: the even one is taken.
  expect([5, 7, -5, -7, 254, -254, 0, 255].map((w) => codeOf(w, 2))).toEqual([2, 4, -2, -4, 127, -127, 0, 127])
  expect([scaleOf(0), codeOf(0, 0)]).toEqual([0, 0])
  // 127 times the smallest normal number is the least that gets a scale; below it, a channel is all zeros.
  expect([scaleOf(127 * 2 ** -126), scaleOf(126 * 2 ** -126)]).toEqual([2 ** -126, 0])
})

test('a 3 x 2 matrix by column, on the device as in the twin', async () => {
  // Column 0: 127, 1.4, -63.5, its largest 127, so a step is worth 1: codes 127, 1, -64 (-63.5 goes to the even -64).
  // Column 1: -254, 0, 3, a step is worth 2: codes -127, 0, 2 (1.5 goes to 2), which stand for -254, 0, 4.
  for (const weights of await both(Float32Array.of(127, -254, 1.4, 0, -63.5, 3), columns(3, 2))) {
    expect([...weights]).toEqual([127, -254, 1, 0, -64, 4])
  }
})

test('a table by row, and pruned weights neither count nor stay', async () => {
  const mask = maskOf(64, (i) => i !== 0)
  // Row 0: 1000 is pruned, then 12.7 is the largest and a step 0.1: 0.26 becomes 0.3. Row 1: zeros stay zeros.
  for (const weights of await both(Float32Array.of(1000, 12.7, 0.26, 0, 0, 0), rows(2, 3), 0, mask)) {
    expectClose('row', weights, [0, 12.7, 0.3, 0, 0, 0], { absolute: 0, relative: 1e-6 })
  }
})

test.each([
  [1, 1],
  [17, 1],
  [1, 17],
  [16, 16],
  [33, 65],
  [257, 5],
  [5, 257],
])('%i x %i: at most half a step away, the rest untouched', async (height, width) => {
  const size = height * width
  const draw = lehmer(size)
  const before = Float32Array.from({ length: padded(size) + 128 }, () => draw() ** 3)
  const mask = maskOf(padded(size) + 128, (i) => i % 3 !== 0)
  for (const channels of [columns(height, width), rows(height, width)]) {
    const results = await both(before, channels, 64, mask)
    for (const after of results) {
      after.forEach((value, i) => {
        if (i < 64 || i >= 64 + size) expect(value).toBe(before[i])
        else if (i % 3 === 0) expect(Math.abs(value)).toBe(0)
      })
      for (let c = 0; c < channels.count; c++) {
        const places = Array.from(
          { length: channels.length },
          (_, i) => 64 + c * channels.channelStride + i * channels.stride,
        ).filter((i) => i % 3 !== 0)
        const step = Math.max(0, ...places.map((i) => Math.abs(before[i]!))) / 127
        for (const i of places) expect(Math.abs(after[i]! - before[i]!)).toBeLessThanOrEqual(step * 0.500001)
      }
    }
    expectClose('kernel against twin', results[0], results[1], { absolute: 0, relative: 1e-6 })
  }
})

test('quantizing twice changes nothing', () => {
  const draw = lehmer(9)
  const once = Float32Array.from({ length: 40 }, () => draw())
  quantize(once, null, 0, columns(5, 8))
  const twice = once.slice()
  quantize(twice, null, 0, columns(5, 8))
  expectClose('twice', twice, once, { absolute: 0, relative: 2e-7 })
})
