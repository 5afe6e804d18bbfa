import { inflated } from '../core/deflated'
import type { Frame, Recorded } from '../core/recorded'
import type { Matrix } from '../core/weightMap'

/** A mask of all prunable weights: bit i % 32 of word i / 32 for flat index i. */
export type Mask = Uint32Array

const masks = new WeakMap<Frame, Promise<Mask>>()

/**
 * The mask of frame `i` of a record; every one is unpacked once.
 * @throws TypeError where what was stored is damaged, RangeError where it is of another model
 */
export function maskAt({ matrices, frames }: Recorded, i: number): Promise<Mask> {
  const frame = frames[i]
  if (!frame) throw new RangeError(`There is no frame ${i} among ${frames.length}.`)
  const known = masks.get(frame)
  if (known) return known
  const before = frame.whole || i === 0 ? Promise.resolve(allOf(matrices)) : maskAt({ matrices, frames }, i - 1)
  const made = Promise.all([before, inflated(frame.changes)]).then(([mask, { buffer, byteLength }]) => {
    if (byteLength !== mask.byteLength)
      throw new RangeError(`The mask of step ${frame.step} has ${byteLength} bytes, not ${mask.byteLength}.`)
    const changes = new Uint32Array(buffer)
    return mask.map((word, k) => word ^ (changes[k] ?? 0))
  })
  masks.set(frame, made)
  return made
}

/** The mask that keeps every weight; bits of padding are 0. */
export function allOf(matrices: readonly Matrix[]): Uint32Array<ArrayBuffer> {
  const last = matrices.at(-1)
  const all = new Uint32Array(last ? 2 * Math.ceil((last.offset + last.size) / 64) : 0)
  for (const { offset, size } of matrices) {
    const from = offset / 32
    all.fill(0xffffffff, from, from + Math.floor(size / 32))
    if (size % 32 > 0) all[from + Math.floor(size / 32)] = 2 ** (size % 32) - 1
  }
  return all
}
