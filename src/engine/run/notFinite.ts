import { Problem } from '../../core/problem'

/** Why a run ended early. @param haltedAt steps that were done before the loss or the gradient was not finite */
export function notFinite(haltedAt: number): Problem {
  return new Problem(
    `The loss or the gradient of step ${haltedAt + 1} is not a finite number; `
      + `the run stopped at step ${haltedAt}, the last good one.`,
    'Lower the learning rate, clip the gradient at a smaller norm, or warm up longer.',
  )
}
