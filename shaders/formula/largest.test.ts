import { expect, test } from 'vitest'
import { placeTensors } from '../../src/core/layout'
import { lehmer, runKernel } from '../../src/gpu/testing'
import { largest as text } from '..'
import { largest } from './largest'

test.each([[1], [64, 65], [255, 256, 257], [4099, 3]])(
  'the largest magnitude of each tensor of %j, %j, ... floats, for each of its tiles',
  async (...sizes) => {
    const { prunable, prunableLength } = placeTensors(
      sizes.map((size, i) => ({
        name: String(i),
        shape: [size],
        init: { kind: 'constant', value: 0 },
        prunable: true,
        decay: true,
      })),
    )
    const random = lehmer(3)
    const weights = new Float32Array(prunableLength)
    for (const { offset, size } of prunable) for (let i = 0; i < size; i++) weights[offset + i] = random()
    // The last weight of each tensor is its largest, and negative.
    for (const { offset, size } of prunable) weights[offset + size - 1] = -2 - offset
    const places = Uint32Array.from(prunable.flatMap(({ offset, size }) => [offset, size]))
    const found = await runKernel(text, { weights, places, largest: new Float32Array(prunableLength / 64) }, [
      prunable.length,
      1,
      1,
    ])
    const twin = new Float32Array(prunableLength / 64)
    largest(weights, prunable, twin)
    const expected = prunable.flatMap(({ offset, size }) =>
      Array.from({ length: Math.ceil(size / 64) }, () => 2 + offset),
    )
    expect([...twin]).toEqual(expected)
    expect([...found.largest]).toEqual(expected)
  },
)
