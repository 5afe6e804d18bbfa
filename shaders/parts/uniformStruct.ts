/** Scalar types of a uniform struct; all are 4 bytes, so that a field's place is its number. */
export type Scalar = 'f32' | 'u32'

/** A uniform block that is declared once: its WGSL, its writer and its reader come from the same list of fields. */
export interface UniformStruct<Field extends string> {
  /** The WGSL declaration of the struct. */
  readonly wgsl: string
  /** Bytes of the buffer, a multiple of 16. */
  readonly bytes: number
  write(values: Readonly<Record<Field, number>>): ArrayBuffer
  /** The values as the kernel sees them, rounded to 32 bits. */
  read(buffer: ArrayBuffer): Record<Field, number>
}

/** Declares a uniform struct of scalars in the order given. */
export function uniformStruct<Field extends string>(
  name: string,
  fields: Readonly<Record<Field, Scalar>>,
): UniformStruct<Field> {
  const entries = Object.entries(fields) as [Field, Scalar][]
  const bytes = Math.ceil(entries.length / 4) * 16
  return {
    bytes,
    wgsl: `struct ${name} {\n${entries.map(([field, type]) => `  ${field}: ${type},\n`).join('')}}\n`,
    write(values) {
      const view = new DataView(new ArrayBuffer(bytes))
      entries.forEach(([field, type], i) => {
        if (type === 'f32') view.setFloat32(i * 4, values[field], true)
        else view.setUint32(i * 4, values[field], true)
      })
      return view.buffer
    },
    read(buffer) {
      const view = new DataView(buffer)
      const pairs = entries.map(([field, type], i) => [
        field,
        type === 'f32' ? view.getFloat32(i * 4, true) : view.getUint32(i * 4, true),
      ])
      return Object.fromEntries(pairs) as Record<Field, number>
    },
  }
}
