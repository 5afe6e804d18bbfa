import type { NamedFile } from '../../core/host'

/**
 * One labelled example as a file holds it; `second` is the second text of a pair. A picture, or a text that is a file
 * of its own, is decoded only if it is kept.
 */
export type Raw =
  | { readonly task: 'text'; readonly label: string; readonly text: string; readonly second?: string }
  | {
      readonly task: 'image' | 'text'
      readonly label: string
      readonly name: string
      readonly encoded: () => Promise<Uint8Array>
    }
  | { readonly task: 'image'; readonly label: string; readonly name: string; readonly rgb: Uint8Array }

/** Examples of one file, some hundreds at a time, or the reason why it holds none. */
export type Reading = Batches | Unused

/** Why a file holds no examples: a sentence that starts with its name; and what to do about it, if anything. */
export interface Unused {
  readonly unused: string
  readonly fix?: string
}

/** Batches of examples, read on demand. */
export type Batches = AsyncIterable<readonly Raw[]> | Iterable<readonly Raw[]>

/** Columns that the user chose: the n-th, from 1; 0 for the one with a usual name. */
export interface ChosenColumns {
  readonly textColumn: number
  readonly labelColumn: number
}

/** What a format may look at in addition to the file. */
export interface Beside {
  readonly signal: AbortSignal
  readonly all: readonly NamedFile[]
  readonly columns: ChosenColumns
}

/** Opens one kind of file. @throws Problem when a file of that kind is damaged */
export type Format = (file: NamedFile, beside: Beside) => Promise<Reading>

/** Whether a reading gives examples. */
export function isUsed(reading: Reading): reading is Batches {
  return !('unused' in reading)
}

/** The same batches; null where every label is -1: published test splits have no other labels. */
export async function labelled(batches: Batches): Promise<Batches | null> {
  const first: (readonly Raw[])[] = []
  const rest = each(batches)
  for (;;) {
    const next = await rest.next()
    if (next.done) return first.some((batch) => batch.length > 0) ? null : []
    first.push(next.value)
    if (next.value.some(({ label }) => label !== '-1')) return each(first, rest)
  }
}

async function* each(...parts: readonly Batches[]): AsyncGenerator<readonly Raw[], undefined> {
  for (const part of parts) yield* part
  return undefined
}
