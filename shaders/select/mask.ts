import { bit } from '../../src/core/bits'
import type { Control } from '../train/norm'
import { atLeast, rankKey } from './select'
import { wordCount } from '../parts/tiles'

export interface MemberBuffers {
  /** Float32 scores as bits. */
  readonly scores: Uint32Array
  readonly tiles: Uint32Array
  /** (key, index) of every group (select.ts). */
  readonly thresholds: Uint32Array
}

export interface MaskBuffers extends MemberBuffers {
  readonly mask: Uint32Array
  readonly weights: Float32Array
  readonly moment1: Float32Array
  readonly moment2: Float32Array
  readonly importance: Float32Array
}

/**
 * What happens to cut weights. `held`: they, their moments and their importance become 0. `free`: the moments stay.
 * `latent`: all stays.
 */
export type CutKind = 'held' | 'free' | 'latent'

/** Twin of `mask`, whose entry point `main` is `held`: keeps what reaches its group's threshold. */
export function mask(b: MaskBuffers, control: Control, kind: CutKind = 'held'): void {
  if (control.halted !== 0) return
  member(b, b.mask)
  if (kind === 'latent') return
  for (let word = 0; word < b.mask.length; word++) {
    const end = word * 32 + wordCount(b.tiles[word >>> 1] as number, word)
    for (let i = word * 32; i < end; i++) {
      if (bit(b.mask, i)) continue
      b.weights[i] = b.importance[i] = 0
      if (kind === 'held') b.moment1[i] = b.moment2[i] = 0
    }
  }
}

/** Twin of `member`: the set of weights that reach their group's threshold, bit-packed; key 0, pruned, never does. */
export function member({ scores, tiles, thresholds }: MemberBuffers, members: Uint32Array): void {
  for (let word = 0; word < members.length; word++) {
    const tile = tiles[word >>> 1] as number
    const start = word * 32
    let bits = 0
    for (let k = wordCount(tile, word) - 1; k >= 0; k--) {
      const key = rankKey(scores[start + k] as number)
      bits = (bits << 1) | (key !== 0 && atLeast(key, start + k, thresholds, tile >>> 8) ? 1 : 0)
    }
    members[word] = bits >>> 0
  }
}

/** Twin of `member`'s entry point `positive`: the same without weights whose score is not above 0. */
export function positiveMembers(b: MemberBuffers, members: Uint32Array): void {
  member(b, members)
  const above = new Float32Array(b.scores.buffer, b.scores.byteOffset, b.scores.length)
  for (let word = 0; word < members.length; word++) {
    let bits = 0
    for (let k = 31; k >= 0; k--) bits = (bits << 1) | ((above[word * 32 + k] as number) > 0 ? 1 : 0)
    members[word] = ((members[word] as number) & bits) >>> 0
  }
}
