/**
 * One file of a public data set: its path on the page's origin, `data/rte/train.parquet`, and its address on
 * Hugging Face.
 */
export interface Place {
  readonly path: string
  readonly url: string
}

/** A public data set in two Parquet files: where it lies and what its rows look like. */
export interface Publication {
  readonly label: string
  /** Hugging Face repository: `uoft-cs/cifar10`. */
  readonly repository: string
  readonly train: Place
  readonly held: Place
  /** Columns that are read; a column that is a struct is named with the field that it must have: `img.bytes`. */
  readonly columns: readonly string[]
  /** The column of the class numbers. */
  readonly labels: string
  /** Class names by label. */
  readonly classes: readonly string[]
  /** The class of which F1 is measured, by name. */
  readonly positive?: string
  /** What a row is: `images`. */
  readonly rows: string
}

/** Where a file of the page's `data/` lies in a folder as `npm run data` fills it: `rte/train.parquet`. */
export function pathInData(path: string): string {
  return path.replace(/^data\//, '')
}

/** The folder of a set there, named as the set in the registry: `rte`. */
export function setFolder({ train }: Publication): string {
  return pathInData(train.path).split('/')[0] ?? ''
}

/** The command that fetches one set. */
export function fetchCommand(publication: Publication): string {
  return `npm run data -- ${setFolder(publication)}`
}
