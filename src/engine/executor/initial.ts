import type { Layout, Placed } from '../../core/layout'
import type { RandomStream } from '../../core/random'
import { randomStream } from '../../core/random'

/**
 * Initial weights of a layout, [layout.length] floats with 0 in the padding. Every tensor draws from a stream of its
 * own, named after it, so that a change of one tensor leaves the others as they were.
 */
export function initialWeights(layout: Layout, seed: number): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(layout.length)
  for (const tensor of layout.tensors)
    fill(
      weights.subarray(tensor.offset, tensor.offset + tensor.size),
      tensor,
      randomStream(seed, 'init', lane(tensor.name)),
    )
  return weights
}

function fill(values: Float32Array, { init }: Placed, random: RandomStream): void {
  switch (init.kind) {
    case 'constant':
      values.fill(init.value)
      break
    case 'uniform':
      for (let i = 0; i < values.length; i++) values[i] = (2 * random.next() - 1) * init.limit
      break
    case 'normal':
      for (let i = 0; i < values.length; i++) values[i] = truncatedNormal(random) * init.deviation
      break
  }
}

/** Standard normal, drawn again beyond two deviations. */
function truncatedNormal(random: RandomStream): number {
  for (;;) {
    const value = random.normal()
    if (Math.abs(value) <= 2) return value
  }
}

/** FNV-1a of the name, 24 bits. */
function lane(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return (hash >>> 8) & 0xffffff
}
