import type { LoadOptions, Source } from '../core/dataset'
import { count } from '../core/figures'
import type { Bytes } from '../core/host'
import { Problem } from '../core/problem'
import type { Publication } from '../core/publication'
import type { Meter } from './meter'
import { openParquet, type ParquetFile, type Row } from './parquet'
import { columnList } from './formats/columns'
import { findFiles, sourcePhrase } from './source'

/** A public data set whose files are open and checked; `train` and `held` give the first rows of each split. */
export interface Published {
  readonly train: PublishedSplit
  readonly held: PublishedSplit
  readonly classes: readonly string[]
  /** Where the rows came from; ask after reading. */
  source(): Source
}

export interface PublishedSplit {
  /** What messages call the file. */
  readonly name: string
  readonly count: number
  /** The rows in order, some hundreds at a time. */
  read(): AsyncGenerator<readonly Row[]>
}

/** Finds and opens a public data set. @throws Problem when it cannot be fetched, is damaged or has another shape */
export async function openPublished(
  publication: Publication,
  asked: { readonly train: number; readonly held: number; readonly revision: string },
  options: LoadOptions,
  meter: Meter,
): Promise<Published> {
  const found = await findFiles(publication, asked.revision, options, meter)
  const split = async (
    file: { name: string; bytes: Bytes },
    wanted: number,
  ): Promise<PublishedSplit & { file: ParquetFile }> => {
    const open = await openChecked(publication, file.name, file.bytes)
    const count = Math.min(wanted, open.rows)
    const columns = publication.columns.map(topLevel)
    meter.expect({ bytes: file.bytes.whole ? 0 : open.bytesOf(columns, count), rows: count })
    return { name: file.name, count, file: open, read: () => open.read(columns, count, options.signal) }
  }
  const train = await split(found.train, asked.train)
  const held = await split(found.held, asked.held)
  const names = train.file.classNames(publication.labels)
  return {
    train,
    held,
    classes: names?.length === publication.classes.length ? names : publication.classes,
    source: () => ({
      ...sourceOf(publication, found.kind(), asked, train.count, held.count),
      ...(found.revision === undefined ? {} : { revision: found.revision }),
    }),
  }
}

/** Opens a Parquet file. @throws Problem when it lacks a column of the publication or has no row */
export async function openChecked(publication: Publication, name: string, bytes: Bytes): Promise<ParquetFile> {
  const { label, columns, repository } = publication
  const file = await openParquet(name, bytes)
  const fix = `Use the file of ${repository} on Hugging Face, or drop this one as your own file.`
  if (!columns.every((wanted) => hasColumn(file, wanted))) {
    const has = columnList(file.columns.map((column) => column.name))
    throw new Problem(`${name} has the columns ${has}; ${label} needs ${columnList(columns)}.`, fix)
  }
  if (file.rows === 0) throw new Problem(`${name} has no rows.`, fix)
  return file
}

function topLevel(column: string): string {
  return column.split('.')[0] ?? column
}

function hasColumn(file: ParquetFile, wanted: string): boolean {
  const [name, field] = wanted.split('.')
  const column = file.columns.find((candidate) => candidate.name === name)
  return column !== undefined && (field === undefined || column.fields.includes(field))
}

function sourceOf(
  publication: Publication,
  kind: Source['kind'],
  asked: { train: number; held: number },
  train: number,
  held: number,
): Source {
  const { label, rows, repository } = publication
  const [n, m, askedTrain, askedHeld] = [train, held, asked.train, asked.held].map((n) => count(n))
  const note =
    train < asked.train || held < asked.held
      ? `; the files hold no more (${askedTrain} and ${askedHeld} were asked for)`
      : ''
  return { kind, text: `${label}, ${n} training and ${m} held-out ${rows} ${sourcePhrase(kind, repository)}${note}.` }
}
