import { bit } from '../core/bits'
import type { Recorded } from '../core/recorded'
import { allOf, maskAt, type Mask } from './maskAt'

/**
 * When a record's weights were cut or came back last, as far as its frames tell: steps by flat index, NaN where one was
 * kept throughout, and the mask since then.
 * @param latest a mask that no frame holds yet, and the step after which it last changed
 * @throws as `maskAt`
 */
export async function changedSteps(record: Recorded, latest?: { readonly step: number; readonly mask: Mask }) {
  let mask: Mask = allOf(record.matrices)
  const steps = new Float32Array(32 * mask.length).fill(NaN)
  const note = (next: Mask, step: number) => {
    next.forEach((word, at) => {
      const differing = Uint32Array.of(word ^ (mask[at] ?? 0))
      if (differing[0] === 0) return
      for (let k = 0; k < 32; k++) if (bit(differing, k)) steps[32 * at + k] = step
    })
    mask = next
  }
  for (const [i, { step }] of record.frames.entries()) note(await maskAt(record, i), step)
  if (latest) note(latest.mask, latest.step)
  return { steps, mask }
}
