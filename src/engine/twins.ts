import { mask } from '../../shaders/mask'
import { norm } from '../../shaders/norm'
import { select } from '../../shaders/select'
import { adamw } from '../../shaders/update'
import { witness } from '../../shaders/witness'

/** What every step, and every cut, does to all weights: the kernels' twins, or what does the same faster. */
export interface Twins {
  readonly adamw: typeof adamw
  readonly witness: typeof witness
  readonly norm: typeof norm
  readonly select: typeof select
  readonly mask: typeof mask
}

/** The twins themselves, in JavaScript. */
export const plainTwins: Twins = { adamw, witness, norm, select, mask }
