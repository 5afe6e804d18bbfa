/**
 * Controls of tickets: changes of a mask, or of the weights under it (docs/algorithms.md 2.1, 2.9, 2.17); counts per
 * layer stay.
 */
import type { Layout } from '../../core/layout'
import { randomStream } from '../../core/random'
import { bit, setBit } from '../../core/bits'
import { initialWeights } from '../executor/initial'

/** A mask with the same count in each tensor, at random places. */
export function shuffledMask(mask: Uint32Array, layout: Layout, seed: number): Uint32Array<ArrayBuffer> {
  const shuffled = new Uint32Array(mask.length)
  layout.prunable.forEach(({ offset, size }, lane) => {
    const order = randomStream(seed, 'method', lane + 1).permutation(size)
    order.forEach((to, from) => {
      if (bit(mask, offset + from)) setBit(shuffled, offset + to, true)
    })
  })
  return shuffled
}

/** Weights with the kept ones shuffled within their tensor. @param weights [layout.length] */
export function shuffledSurvivors(
  weights: Float32Array,
  mask: Uint32Array,
  layout: Layout,
  seed: number,
): Float32Array<ArrayBuffer> {
  const shuffled = Float32Array.from(weights)
  layout.prunable.forEach(({ offset, size }, lane) => {
    const places = Array.from({ length: size }, (_, i) => offset + i).filter((i) => bit(mask, i))
    const order = randomStream(seed, 'checks', lane + 1).permutation(places.length)
    order.forEach((from, to) => {
      shuffled[places[to] ?? 0] = weights[places[from] ?? 0] ?? 0
    })
  })
  return shuffled
}

/** Initial weights as another seed draws them. */
export function redrawnWeights(layout: Layout, seed: number): Float32Array<ArrayBuffer> {
  return initialWeights(layout, (seed + 1) % 2 ** 31)
}
