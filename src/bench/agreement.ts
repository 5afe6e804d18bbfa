import { Problem } from '../core/problem'
import { peerTitles, type PeerName } from './peers/peer'

/** Losses of the steps, by peer. */
export type Losses = Readonly<Partial<Record<PeerName, readonly number[]>>>

/** Steps whose losses are compared before anything is timed. */
export const comparedSteps = 10

/**
 * Half a unit of the fourth digit: 0.0005 for 2.3 (2.300), 0.00005 for 0.69 (0.6900).
 */
export function tolerance(loss: number): number {
  return 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(loss))) - 3)
}

/** @throws Problem at the first step at which a peer's loss differs from the first peer's in its first four digits */
export function requireAgreement(workload: string, losses: Losses): void {
  const [reference, ...others] = Object.entries(losses) as [PeerName, readonly number[]][]
  if (!reference) return
  const [first, wanted] = reference
  for (let step = 0; step < wanted.length; step++) {
    for (const [peer, values] of others) {
      const [expected, found] = [wanted[step] ?? NaN, values[step] ?? NaN]
      // Written so that NaN does not pass.
      if (Math.abs(found - expected) <= tolerance(expected)) continue
      throw new Problem(
        `${workload}, step ${step + 1}: the loss of ${peerTitles[peer]} is ${found}, `
          + `that of ${peerTitles[first]} is ${expected}; they differ in the first four digits.`,
        'Nothing was timed, for the two do not compute the same. Find the first operation in which they differ.',
      )
    }
  }
}
