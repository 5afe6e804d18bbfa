import { describe, expect, test } from 'vitest'
import { weightClasses } from '../../src/core/trainer'
import { kernelTest, lehmer, runKernel, type Buffers } from '../../src/gpu/testing'
import * as shaders from '..'
import { bit } from '../../src/core/bits'
import { maskOf } from '../fixtures'
import { classOf, countNames, mark, markedBy, readClassCounts } from './mark'
import { tileTable } from '../parts/tiles'

const round = (n: number) => Math.ceil(n / 64) * 64

/**
 * Two tensors of `size` and 70 weights; sets are drawn over everything, padding included, which must not matter for
 * counts.
 */
function arena(size: number, random: () => number) {
  const length = round(size) + 128
  const places = [[{ offset: 0, size }], [{ offset: round(size), size: 70 }]]
  const set = (share: number) => maskOf(length, () => (random() + 1) / 2 < share)
  return {
    tiles: tileTable(length, places),
    mask: set(0.6),
    sentinel: set(0.4),
    peaked: set(0.3),
    weights: Float32Array.from({ length }, () => (random() > 0 ? random() : 0)),
    classes: new Uint32Array(length / 8),
    classCounts: new Uint32Array(6),
  } satisfies Buffers
}

/** Is it a weight, not padding? */
const real = (size: number, i: number) => i < size || (i >= round(size) && i < round(size) + 70)

function reference(b: ReturnType<typeof arena>, size: number, free: boolean) {
  const counts = [0, 0, 0, 0, 0, 0]
  const codes = Array.from({ length: round(size) + 128 }, (_, i) => {
    if (!real(size, i)) return 0
    const name = bit(b.sentinel, i) ? 2 : bit(b.peaked, i) ? 1 : 0
    const cut = bit(b.mask, i) || (free && b.weights[i] !== 0) ? 0 : 1
    counts[2 * name + cut]!++
    return name + 4 * cut
  })
  const classes = Array.from({ length: codes.length / 8 }, (_, w) =>
    codes.slice(w * 8, w * 8 + 8).reduce<number>((sum, code, k) => sum + code * 16 ** k, 0),
  )
  return { classes, classCounts: counts }
}

for (const entryPoint of ['main', 'free']) {
  kernelTest(`mark, ${entryPoint}`, {
    code: shaders.mark,
    options: { entryPoint },
    buffers: arena,
    threads: (size) => (round(size) + 128) / 32,
    reference: (b, size) => reference(b, size, entryPoint === 'free'),
    twin: (b) => mark(b, entryPoint === 'free'),
    tolerance: { absolute: 0, relative: 0 },
  })
}

describe('by hand', () => {
  test('six weights, one of each class and fate; the best by both is a sentinel', async () => {
    // weight  0 ordinary  1 temporary  2 sentinel, also best by peak, all kept  3 ordinary  4 temporary  5 sentinel,
    // all cut
    const b = {
      tiles: Uint32Array.of(6),
      mask: Uint32Array.of(0b000111, 0),
      sentinel: Uint32Array.of(0b100100, 0),
      peaked: Uint32Array.of(0b010110, 0),
      weights: new Float32Array(64),
      classes: new Uint32Array(8),
      classCounts: new Uint32Array(6),
    }
    const after = await runKernel(shaders.mark, b, [1, 1, 1])
    const names = [0, 1, 2, 3, 4, 5].map((i) => markedBy(classOf(after.classes, i)))
    expect(names).toEqual([false, true].flatMap((cut) => weightClasses.map((name) => ({ class: name, cut }))))
    const one = { kept: 1, cut: 1 }
    expect(readClassCounts(after.classCounts.buffer)).toEqual({ ordinary: one, temporary: one, sentinel: one })
  })

  test('all weights of all classes add up', async () => {
    const b = arena(4099, lehmer(1))
    const { classCounts } = await runKernel(shaders.mark, b, [1, 1, 1])
    expect(classCounts.reduce((x, y) => x + y, 0)).toBe(4099 + 70)
  })

  test('classes have the same names here and in the words that everyone uses', () => {
    expect(countNames).toEqual(weightClasses)
  })
})
