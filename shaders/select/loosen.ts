import { rankKey } from './select'
import { uniformStruct } from '../parts/uniformStruct'

/** The uniform block `limit`: the score above which weights are kept. */
export const limitStruct = uniformStruct('Limit', { score: 'f32' })

/**
 * Twin of `loosen`: lowers the thresholds (key, index) of groups so that every weight that scores above `limit` is
 * kept, too.
 */
export function loosen(thresholds: Uint32Array, limit: number): void {
  const above = rankKey(new Uint32Array(Float32Array.of(limit).buffer)[0] as number) + 1
  for (let group = 0; group < thresholds.length / 2; group++) {
    if (above <= (thresholds[2 * group] as number)) thresholds.set([above, 0xffffffff], 2 * group)
  }
}
