/**
 * How numbers are stored that only the gradient reads again: as they are, or in half the memory (11 bits of precision).
 */
export type Precision = 'f32' | 'f16'

/** What a kernel that binds such numbers begins with: their type `Kept`. f16 needs a device with `shader-f16`. */
export const keptType: Readonly<Record<Precision, string>> = {
  f32: 'alias Kept = f32;\n',
  f16: 'enable f16;\nalias Kept = f16;\n',
}
