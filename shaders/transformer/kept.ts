/** How numbers are stored that only the gradient reads again: in full, or in half the memory (11 bits of precision). */
export type Precision = 'f32' | 'f16'

/** The first lines of a kernel that binds such numbers: their type `Kept`. f16 needs a device with `shader-f16`. */
export const keptType: Readonly<Record<Precision, string>> = {
  f32: 'alias Kept = f32;\n',
  f16: 'enable f16;\nalias Kept = f16;\n',
}
