import type { Choice } from './experiment'
import type { Host } from './host'
import type { Knobs, Values } from './knob'
import type { Publication } from './publication'

/** Labelled examples of one split, in memory. Labels are class numbers from 0. */
export type Split =
  | { readonly task: 'image'; readonly count: number; readonly pixels: Uint8Array; readonly labels: Uint8Array }
  | {
      readonly task: 'text'
      readonly count: number
      readonly ids: Int32Array
      readonly labels: Uint8Array
      readonly texts: readonly string[]
    }

/** Where examples really came from; the page always shows it. */
export interface Source {
  readonly kind: 'origin' | 'huggingface' | 'cache' | 'made' | 'dropped' | 'files'
  /** One sentence for people: "CIFAR-10, 10,000 training images from this page's own origin". */
  readonly text: string
  /** Commit of the repository on Hugging Face, where it is known. */
  readonly revision?: string
  /** SHA-256 of a public data set's examples, in hexadecimal digits (`digestOf`); absent on pages without https. */
  readonly sha256?: string
}

/** A loaded data set. Images are bytes, row by row, channels last; text is token ids, `length` a row, 0 is padding. */
export interface Examples {
  readonly input: import('./model').InputSpec
  readonly classes: readonly string[]
  readonly train: Split
  readonly held: Split
  readonly source: Source
  /** Images: mean and deviation per channel of pixel / 255 over the training split. */
  readonly normalise?: { readonly mean: readonly number[]; readonly deviation: readonly number[] }
  /**
   * The class of which F1 is measured beside accuracy, as GLUE does for MRPC; absent where accuracy alone counts.
   */
  readonly positive?: number
  /** Text: the vocabulary, index = id; 0 [PAD], 1 [UNK], 2 [CLS], 3 [SEP]. */
  readonly vocabulary?: readonly string[]
}

/** How far loading has come; `bytes` and `rows` grow towards totals, which are 0 while unknown. */
export interface LoadProgress {
  readonly text: string
  readonly bytes: number
  readonly bytesTotal: number
  readonly rows: number
  readonly rowsTotal: number
  /** Steps of the run that this one starts from, where that is made first. */
  readonly steps?: { readonly done: number; readonly of: number }
}

export interface LoadOptions {
  readonly host: Host
  /** Seed of the experiment: which rows make a subset, and what made-up data is made of. */
  readonly seed: number
  /** The word pieces that texts are spelt in, index = id; those of the data set itself, or learnt, if left out. */
  readonly vocabulary?: readonly string[]
  readonly progress: (progress: LoadProgress) => void
  readonly signal: AbortSignal
}

/** Loads the examples of a data set, here or elsewhere. */
export type Loader = (data: Choice, options: LoadOptions) => Promise<Examples>

/** A data set is a recipe: knobs and a way to load examples. It finds everything through `host`. */
export interface Dataset<K extends Knobs = Knobs> {
  readonly label: string
  readonly cite: string
  readonly task: 'image' | 'text' | 'any'
  /** Whether the examples are files of the user: links do not hold them, so runs on other files are other runs. */
  readonly ownFiles?: true
  /** Where a public set lies; `npm run data` fetches it from there. */
  readonly publication?: Publication
  readonly knobs: K
  /**
   * About how many bytes are fetched where neither the page's origin nor its cache has them; absent where nothing ever
   * is.
   */
  download?(values: Values<K>): number
  /** @throws Problem when files are missing, cut off or malformed; AbortError when the signal fires. */
  load(values: Values<K>, options: LoadOptions): Promise<Examples>
}

/** Ties knob values to the recipe's functions. */
export function dataset<K extends Knobs>(recipe: Dataset<K>): Dataset<K> {
  return recipe
}
