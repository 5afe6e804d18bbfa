import { describe, it } from 'vitest'
import type { InputSpec } from '../core/model'
import type { ImageBatch } from '../data/pixels'
import { expectClose } from '../gpu/testing'
import { golden, goldenJson, logitsOf } from './testing'

type Logits = readonly (readonly number[])[]

interface Expected {
  /** By the size of the images. */
  readonly logits: Readonly<Record<string, Logits>>
  readonly scaled: readonly (readonly [size: number, side: number, logits: Logits])[]
}

/** Two images, as scripts/golden_models.py makes them, normalised by mean and deviation of one half. */
function images(size: number): ImageBatch {
  const pixels = Uint8Array.from({ length: 2 * size * size * 3 }, (_, k) => (k * k * 31 + k * 17) % 251)
  const levels = Float32Array.from({ length: 3 * 256 }, (_, i) => ((i % 256) / 255 - 0.5) / 0.5)
  return { task: 'image', pixels, motions: new Int32Array(6), levels, labels: new Int32Array(2) }
}

describe.each(['vit', 'timm'])('a ViT, golden/%s', (name) => {
  const { logits, scaled } = goldenJson(name, 'expected.json') as Expected
  describe.each(['webgpu', 'wasm', 'cpu'] as const)('on %s', (backend) => {
    it.each([16, 24, 12])('has the logits that PyTorch has for images of %i pixels', async (size) => {
      const input: InputSpec = { task: 'image', shape: [size, size, 3], classes: 3 }
      const found = await logitsOf(golden(name), input, [images(size)], { head: 'stored' }, { backend })
      expectClose('logits', found, logits[size]?.flat() ?? [], { absolute: 1e-4, relative: 0 })
    })

    it.each(scaled)('has them for images of %i pixels scaled to %i', async (size, side, expected) => {
      const input: InputSpec = { task: 'image', shape: [size, size, 3], classes: 3 }
      const settings = { 'model.side': side }
      const found = await logitsOf(golden(name), input, [images(size)], { head: 'stored' }, { backend, settings })
      expectClose('logits', found, expected.flat(), { absolute: 1e-4, relative: 0 })
    })
  })
})
