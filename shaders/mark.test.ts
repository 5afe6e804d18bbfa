import { describe, expect, test } from 'vitest'
import { weightClasses } from '../src/core/trainer'
import { kernelTest, lehmer, runKernel, type Buffers } from '../src/gpu/testing'
import * as shaders from '.'
import { bit } from './bits'
import { maskOf } from './fixtures'
import { classOf, mark, readClassCounts } from './mark'
import { tileTable } from './tiles'

const round = (n: number) => Math.ceil(n / 64) * 64

/** Two tensors of `size` and 70 weights; sets are drawn over everything, padding included, which must not matter for counts. */
function arena(size: number, random: () => number) {
  const length = round(size) + 128
  const places = [[{ offset: 0, size }], [{ offset: round(size), size: 70 }]]
  const set = (share: number) => maskOf(length, () => (random() + 1) / 2 < share)
  return {
    tiles: tileTable(length, places), mask: set(0.6), sentinel: set(0.4), batchTop: set(0.3), everTop: set(0.2),
    classes: new Uint32Array(length / 16), classCounts: new Uint32Array(5),
  } satisfies Buffers
}

/** Is it a weight, not padding? */
const real = (size: number, i: number) => i < size || (i >= round(size) && i < round(size) + 70)

function reference(b: ReturnType<typeof arena>, size: number) {
  const counts = [0, 0, 0, 0, 0]
  const ever = Uint32Array.from(b.everTop)
  const classes = Array.from({ length: round(size) + 128 }, (_, i) => {
    const [S, B, E] = [bit(b.sentinel, i), bit(b.batchTop, i), bit(b.everTop, i)]
    if (B) ever[i >>> 5] = ever[i >>> 5]! | (1 << (i & 31))
    if (!real(size, i)) return 0
    const kind = !bit(b.mask, i) ? 0 : S ? 3 : B || E ? 2 : 1
    counts[kind]!++
    if (B && !S) counts[4]!++
    return kind
  })
  const words = Array.from({ length: classes.length / 16 }, (_, w) => classes.slice(w * 16, w * 16 + 16).reduce<number>((sum, kind, k) => sum + kind * 4 ** k, 0))
  return { everTop: ever, classes: words, classCounts: counts }
}

kernelTest('mark', {
  code: shaders.mark, buffers: arena, threads: (size) => (round(size) + 128) / 32,
  reference, twin: mark, tolerance: { absolute: 0, relative: 0 },
})

describe('by hand', () => {
  test('four weights, one of each class; the pruned one was once among the best', async () => {
    // weight      0 pruned  1 ordinary  2 temporary (best in this batch)  3 sentinel  4 temporary (best in an earlier batch)
    const b = {
      tiles: Uint32Array.of(5), mask: Uint32Array.of(0b11110, 0), sentinel: Uint32Array.of(0b01000, 0),
      batchTop: Uint32Array.of(0b00101, 0), everTop: Uint32Array.of(0b10000, 0), classes: new Uint32Array(4), classCounts: new Uint32Array(5),
    }
    const after = await runKernel(shaders.mark, b, [1, 1, 1])
    expect([0, 1, 2, 3, 4].map((i) => weightClasses[classOf(after.classes, i)])).toEqual(['pruned', 'ordinary', 'temporary', 'sentinel', 'temporary'])
    expect(after.everTop[0]).toBe(0b10101)
    expect(readClassCounts(after.classCounts.buffer)).toEqual({ pruned: 1, ordinary: 1, temporary: 2, sentinel: 1, temporaryNow: 2 })
  })

  test('all weights of all classes add up', async () => {
    const b = arena(4099, lehmer(1))
    const { classCounts } = await runKernel(shaders.mark, b, [1, 1, 1])
    expect(classCounts.slice(0, 4).reduce((x, y) => x + y, 0)).toBe(4099 + 70)
  })
})
