import flat from '../parts/flat.wgsl?raw'
import random from '../parts/random.wgsl?raw'
import rank from '../parts/rank.wgsl?raw'
import main from './score.wgsl?raw'
import { bit } from '../../src/core/bits'
import {
  constantsOfRanked,
  knobsLine,
  movingView,
  viewText,
  type ViewBuffers,
  type Viewed,
  type ViewSettings,
  type ViewText,
} from './view'

/**
 * Scores that no formula can make, as bits of NaNs: of pruned weights where only kept ones are ranked, and the other
 * way round.
 */
export const prunedScore = 0xffffffff
export const keptScore = 0x7fffffff

/**
 * The kernel of a formula; its uniform block `view` is written by `viewUniform` with the same knob names.
 * @param formula WGSL expression over `x.w`, `x.g`, ... and `p.<knob>`; fields that it does not name are neither bound
 * nor read
 * @param knobNames number knobs, in the order of the uniform
 * @param names a method's own numbers, in the order of their buffers
 */
export function scoreKernel(formula: string, knobNames: readonly string[], names: readonly string[] = []): ViewText {
  // The mask decides which weights are ranked, so it is always bound: x.kept names it.
  const view = viewText([formula, 'x.kept'], names, knobNames, ['scores'])
  const body = `fn formula(x: WeightView) -> f32 {\n${knobsLine(knobNames)}  return ${formula};\n}`
  return { buffers: view.buffers, wgsl: [flat, random, rank, constantsOfRanked, view.wgsl, main, body].join('\n') }
}

export interface ScoreBuffers extends ViewBuffers {
  /** Float32 scores as bits. */
  readonly scores: Uint32Array
}

/** Twin of the score kernel. @param uniform as in `movingView` */
export function score(
  b: ScoreBuffers,
  formula: (x: Viewed) => number,
  s: ViewSettings,
  uniform: (seed: number, counter: number) => number,
  names: readonly string[] = [],
): void {
  const values = new Float32Array(b.scores.buffer, b.scores.byteOffset, b.scores.length)
  const view = movingView(b, names, s, uniform)
  for (let i = 0; i < s.length; i++) {
    const kept = bit(b.mask, i)
    if (s.ranked === 'kept' && !kept) b.scores[i] = prunedScore
    else if (s.ranked === 'pruned' && kept) b.scores[i] = keptScore
    else {
      view.at(i)
      values[i] = formula(view.x)
      if (b.scores[i] === prunedScore || b.scores[i] === keptScore) b.scores[i] = 0x7fc00000
    }
  }
}
