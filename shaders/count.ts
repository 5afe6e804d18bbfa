import { countOnes } from './bits'
import { wordBits } from './tiles'

export interface CountBuffers {
  readonly mask: Uint32Array
  readonly tiles: Uint32Array
  /** One counter a group, added to. */
  readonly counts: Uint32Array
}

/** Twin of `count`: kept weights by group. */
export function count({ mask, tiles, counts }: CountBuffers): void {
  tiles.forEach((tile, t) => {
    for (const half of [0, 1]) {
      const kept = countOnes((mask[2 * t + half] as number) & wordBits(tile, half))
      counts[tile >>> 8] = (counts[tile >>> 8] as number) + kept
    }
  })
}
