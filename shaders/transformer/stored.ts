import factorsF16Text from './parts/factorsF16.wgsl?raw'
import factorsF32Text from './parts/factorsF32.wgsl?raw'

/** How numbers are stored: in full, or in half the memory (11 bits of precision). */
export type Precision = 'f32' | 'f16'

/** How a kernel stores numbers; what is left out is stored in 32 bits. Sums always have 32. */
export interface Stored {
  /** What only the gradient reads again: `Kept`. */
  readonly kept?: Precision
  /** What is multiplied in the products of linear layers: `Factor`. */
  readonly factors?: Precision
}

const factorTexts: Readonly<Record<Precision, string>> = { f32: factorsF32Text, f16: factorsF16Text }

/** The first lines of a kernel that stores such numbers. f16 needs a device with `shader-f16`. */
export function stored({ kept, factors }: Stored): string {
  const enabled = kept === 'f16' || factors === 'f16' ? 'enable f16;\n' : ''
  return enabled + (kept ? `alias Kept = ${kept};\n` : '') + (factors ? factorTexts[factors] : '')
}
