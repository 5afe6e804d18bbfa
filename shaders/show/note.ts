import { uniformStruct } from '../parts/uniformStruct'

/** The uniform block `moment`: steps done. */
export const momentStruct = uniformStruct('Moment', { step: 'f32' })

export interface NoteBuffers {
  readonly mask: Uint32Array
  /** The mask of the note before. */
  readonly noted: Uint32Array
  /** Steps that were done when a weight's bit changed last, as far as anybody noted it; NaN where it never did. */
  readonly changed: Float32Array
}

/** Twin of `note`: where the mask is not as at the note before, its bits changed now. @param step steps done */
export function note({ mask, noted, changed }: NoteBuffers, step: number): void {
  for (let word = 0; word < noted.length; word++) {
    const now = mask[word] as number
    for (let differing = now ^ (noted[word] as number); differing !== 0; differing &= differing - 1)
      changed[word * 32 + 31 - Math.clz32(differing & -differing)] = step
    noted[word] = now
  }
}
