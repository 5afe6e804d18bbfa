/** Scores by the formulas that most methods rank by; every other formula stays with its twin in JavaScript. */
import { keptLanes } from './step'

/** The formulas, in the order of `scoreFormulas` in src/engine/twin/wasmTwins.ts. */
enum Formula {
  importance,
  magnitude,
  sensitivity,
}

/** Which weights are ranked, as `rankedNumbers` of shaders/formula/view.ts says it. */
const rankedKept: i32 = 1
const rankedPruned: i32 = 2

/** Twin of `score` in shaders/formula/score.ts. @param length a multiple of four */
export function score(
  formula: i32,
  weights: usize,
  grads: usize,
  importance: usize,
  mask: usize,
  ranked: i32,
  scores: usize,
  length: i32,
): void {
  const prunedScore = i32x4.splat(-1)
  const keptScore = i32x4.splat(0x7fffffff)
  for (let i = 0; i < length; i += 4) {
    const at: usize = 4 * i
    let scored: v128
    if (formula === Formula.importance) scored = v128.load(importance + at)
    else if (formula === Formula.magnitude) scored = f32x4.abs(v128.load(weights + at))
    else scored = f32x4.abs(f32x4.mul(v128.load(weights + at), v128.load(grads + at)))
    scored = v128.bitselect(scored, i32x4.splat(0x7fc00000), f32x4.eq(scored, scored))
    if (ranked === rankedKept) scored = v128.bitselect(scored, prunedScore, keptLanes(mask, i))
    else if (ranked === rankedPruned) scored = v128.bitselect(keptScore, scored, keptLanes(mask, i))
    v128.store(scores + at, scored)
  }
}
