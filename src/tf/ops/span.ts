import type { ArenaBackend } from '../backend'
import { tf, type Tensor } from '../tfjs'

/** Several tensors behind one binding: `starts` count floats from its beginning. */
export interface Span {
  readonly tensor: Tensor
  readonly starts: readonly number[]
}

/** A view from the first to the last of tensors that lie close together in one buffer, as in the arena; else a copy. */
export function spanOf(backend: ArenaBackend, tensors: readonly Tensor[]): Span {
  const [first] = tensors
  if (first && tensors.length === 1) return { tensor: first, starts: [0] }
  const places = tensors.map((tensor) => backend.binding(tensor))
  const [begin, end] = [Math.min(...places.map((p) => p.offset)), Math.max(...places.map((p) => p.offset + p.size))]
  const buffer = places[0]?.buffer
  const near = end - begin <= 2 * places.reduce((sum, p) => sum + p.size, 0) + 256 * places.length
  if (buffer && near && places.every((p) => p.buffer === buffer)) {
    return {
      tensor: backend.view(buffer, begin, [(end - begin) / 4]),
      starts: places.map((p) => (p.offset - begin) / 4),
    }
  }
  const sizes = tensors.map((tensor) => tensor.size)
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0))
  return { tensor: tf.concat(tensors.map((tensor) => tensor.flatten())), starts }
}
