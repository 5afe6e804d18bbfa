import { mask } from '../../../shaders/select/mask'
import { norm } from '../../../shaders/train/norm'
import { score, type ScoreBuffers } from '../../../shaders/formula/score'
import { select } from '../../../shaders/select/select'
import { adamw } from '../../../shaders/train/update'
import type { TwinFormula, ViewSettings } from '../../../shaders/formula/view'
import { witness } from '../../../shaders/train/witness'

/** What every step, and every cut, does to all weights: the kernels' twins, or what does the same faster. */
export interface Twins {
  readonly adamw: typeof adamw
  readonly witness: typeof witness
  readonly norm: typeof norm
  readonly score: (
    b: ScoreBuffers,
    formula: TwinFormula,
    knobs: Readonly<Record<string, unknown>>,
    s: ViewSettings,
    uniform: (seed: number, counter: number) => number,
    names?: readonly string[],
  ) => void
  readonly select: typeof select
  readonly mask: typeof mask
}

/** The twins themselves, in JavaScript. */
export const plainTwins: Twins = {
  adamw,
  witness,
  norm,
  score: (b, formula, knobs, ...rest) => score(b, (x) => formula.js(x, knobs), ...rest),
  select,
  mask,
}
