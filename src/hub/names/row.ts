import { same, turned, type Form } from '../forms'

/** A tensor of ours, its name in the files of others, and how it lies there. */
export interface Row {
  readonly ours: string
  readonly theirs: string
  readonly form: Form
}

/** The names of a family: one table for reading and for writing. */
export interface Names {
  readonly rows: readonly Row[]
  /** The name of a stored tensor without what differs from file to file (prefix, older words). */
  plain(stored: string): string
  /** The block that a plain name belongs to; -1 where that is none. */
  block(plain: string): number
  /** Whether a tensor outside the blocks may be left out: heads of other tasks, say. By its plain name. */
  spare(plain: string): boolean
  /** The name that transformers gives to a row's tensor. */
  full(plain: string): string
}

/** Rows of a linear layer: weights and bias. */
export function linear(ours: string, theirs: string): Row[] {
  return [
    { ours: `${ours}/weights`, theirs: `${theirs}.weight`, form: turned },
    { ours: `${ours}/bias`, theirs: `${theirs}.bias`, form: same },
  ]
}

/** Rows of a layer norm: scale and shift. */
export function norm(ours: string, theirs: string): Row[] {
  return [
    { ours: `${ours}/scale`, theirs: `${theirs}.weight`, form: same },
    { ours: `${ours}/shift`, theirs: `${theirs}.bias`, form: same },
  ]
}

/** The rows of so many blocks. */
export function blocks(depth: number, rowsOf: (index: number) => Row[]): Row[] {
  return Array.from({ length: depth }, (_, i) => rowsOf(i)).flat()
}

/** The number that follows `before` in a name; -1 where the name begins otherwise. */
export function numberAfter(before: string, plain: string): number {
  const [digits] = plain.startsWith(before) ? (/^\d+(?=\.)/.exec(plain.slice(before.length)) ?? []) : []
  return digits === undefined ? -1 : Number(digits)
}
