import type { LoadOptions } from '../core/dataset'
import { count } from '../core/figures'
import type { NamedFile } from '../core/host'
import { normalised } from '../core/normalised'
import { Problem } from '../core/problem'
import { holdsWeights, isOfTrained } from '../core/trainedFiles'
import { unpack } from './formats/archives'
import { drawn } from './drawn'
import { cifarBinary, cifarPython, isClassNames } from './formats/cifarBinary'
import { jsonLines } from './formats/jsonLines'
import { parquetRows } from './formats/parquetRows'
import { picture } from './formats/pictures'
import { isUsed, labelled, type Beside, type ChosenColumns, type Format, type Raw, type Unused } from './formats/raw'
import { table } from './formats/table'
import { textInFolder, textsInFolders } from './formats/textInFolder'
import { breathe, type Meter } from './meter'
import { told, type Note } from './notes'
import { reservoir, type Reservoir } from './reservoir'
import { sharedFolders, sidesOf } from './splits'
import { isVocabulary } from './texts'

/** Examples of the user's files, chosen and split, in the order of the files. */
export interface Gathered {
  readonly task: Raw['task']
  readonly train: readonly Raw[]
  readonly held: readonly Raw[]
  /** How many examples the files hold in all. */
  readonly seen: number
  /** Names of the files that gave examples. */
  readonly files: readonly string[]
  /** Files and pictures that gave no example. */
  readonly notes: readonly Note[]
  /** A vocab.txt, loose or in an archive. */
  readonly vocabulary: NamedFile | undefined
  /** Whether names of files say what is held out, or the seed drew it. */
  readonly split: 'named' | 'drawn'
}

/** Endings of pictures; `.jfif` and the like are JPEG. */
const pictureEnding = /\.(a?png|jpe?g|jpe|jfif|pjpe?g|pjp|webp|gif|bmp|avif)$/i

const formats: readonly (readonly [RegExp, Format])[] = [
  [/\.bin$/i, cifarBinary],
  [/(^|\/)(data_batch_\d|test_batch|batches\.meta|cifar-100-python\/(train|test|meta))$/i, cifarPython],
  [/\.parquet$/i, parquetRows],
  [/\.(csv|tsv|txt)$/i, table],
  [/\.(jsonl|ndjson)$/i, jsonLines],
  [pictureEnding, picture],
]

const accepted =
  'Drop CIFAR binaries (.bin, .tar.gz), Parquet, CSV, TSV or JSON lines with a text and a label, '
  + 'or pictures or texts in a folder for each class.'

/** Why examples are left out by their place. */
const noClass = {
  unlabelled: 'lies in no folder of a class',
  unsupervised: 'lies in a folder of examples without labels',
} as const

/** Random lanes of the user's files: which examples are kept of each split, and which of rare classes. */
const lanes = { train: [1, 4], held: [2, 5] } as const

/**
 * Reads every file once, a chunk at a time, and keeps a random choice of bounded size. So a file of any length fits, a
 * file sorted by class gives all classes, and no rare class is lost.
 *
 * @throws Problem when there are no examples, pictures and texts are mixed, or a file is damaged
 */
export async function gather(
  most: ChosenColumns & { readonly train: number; readonly held: number },
  options: LoadOptions,
  meter: Meter,
): Promise<Gathered> {
  const all = await allFiles(options, meter)
  const files = all.filter(({ name }) => !isVocabulary(name))
  const named = {
    train: reservoir<Raw>(most.train + most.held, options.seed, lanes.train, owned),
    held: reservoir<Raw>(most.held, options.seed, lanes.held, owned),
  }
  const used: { readonly name: string; readonly held: boolean }[] = []
  const notes: Note[] = []
  let firstProblem: Problem | null = null
  // A user who chooses columns has tables.
  const byColumns = most.textColumn > 0 || most.labelColumn > 0
  const texts = byColumns ? new Set() : await textsInFolders(files, (name) => formatOf(name) !== undefined)
  const beside = { signal: options.signal, all: files, columns: most }
  const sides = sidesOf(files.map(({ name }) => ({ name, byFolder: texts.has(name) || pictureEnding.test(name) })))
  for (const [i, file] of files.entries()) {
    if (isClassNames(file.name)) continue
    await breathe(options.signal)
    meter.say(`Reading ${file.name}`)
    const side = sides[i] ?? 'train'
    const into = side === 'held' ? named.held : named.train
    const format = texts.has(file.name) ? textInFolder : formatOf(file.name)
    const read = () => readFile(file, format, beside, into, meter)
    const why =
      side === 'unlabelled' || side === 'unsupervised' ? noClass[side] : await readUnlessStray(read, file, into)
    if (why === null) used.push({ name: file.name, held: side === 'held' })
    else notes.push(noteOf(file.name, why))
    if (why instanceof Problem) firstProblem ??= why
  }
  const seen = named.train.seen() + named.held.seen()
  if (seen === 0) throw firstProblem ?? nothing(options.host.files, notes)
  const both = used.some(({ held }) => held) && used.some(({ held }) => !held)
  const [main, apart] = [named.train.kept(), named.held.kept()]
  const sets = both
    ? { train: drawnOne(main, most.train, options.seed), held: drawnOne(apart, most.held, options.seed) }
    : fifthHeld([...main, ...apart], most, options.seed)
  return {
    ...sets,
    task: taskOf([...sets.train, ...sets.held]),
    seen,
    files: used.map(({ name }) => name),
    notes,
    vocabulary: all.find(({ name }) => isVocabulary(name)),
    split: both ? 'named' : 'drawn',
  }
}

/** Why a file gave no example: a sentence with its name, as formats write it, or the words that follow its name. */
type Why = string | Unused

function noteOf(file: string, why: Why | Problem): Note {
  const told = typeof why === 'string' ? why : 'unused' in why ? why.unused : why.what
  const fix = typeof why === 'object' && 'unused' in why ? why.fix : undefined
  return { file, why: told.replace(`${file} `, '').replace(/\.$/, ''), ...(fix !== undefined && { fix }) }
}

/** The user's files with archives opened, without the hidden files of operating systems. */
async function allFiles({ host, signal }: LoadOptions, meter: Meter): Promise<NamedFile[]> {
  const files: NamedFile[] = []
  for (const file of host.files) {
    meter.expect({ bytes: file.bytes.byteLength })
    meter.say(`Opening ${file.name}`)
    const inside = await unpack(file, host.files.length > 1, signal)
    // Not by `push(...)`: an archive may hold more files than a call may have arguments.
    for (const { name, bytes } of inside) files.push({ name: plainPath(name), bytes })
    if (inside[0] !== file) meter.done({ bytes: file.bytes.byteLength })
  }
  const shared = sharedFolders(files.map(({ name }) => name.split('/').slice(0, -1)))
  const own = files.filter(({ name }) => !systemFile.test(name.split('/').slice(shared).join('/')))
  return own.some(({ name }) => holdsWeights(name)) ? own.filter(({ name }) => !isOfTrained(name)) : own
}

const systemFile = /(^|\/)(\.|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/i

/** A path without `.` and `..`, with composed letters: macOS separates accents from letters, other systems do not. */
function plainPath(path: string): string {
  const names = path.split('/').filter((name) => name !== '' && name !== '.' && name !== '..')
  return normalised(names.join('/'), 'NFC')
}

/**
 * A .txt that does not start as a table is a stray file such as a README or a licence: its Problem is returned, not
 * thrown.
 */
async function readUnlessStray(
  read: () => Promise<Why | null>,
  { name }: NamedFile,
  into: Reservoir<Raw>,
): Promise<Why | Problem | null> {
  const before = into.seen()
  try {
    return await read()
  } catch (error) {
    if (error instanceof Problem && /\.txt$/i.test(name) && into.seen() === before) return error
    throw error
  }
}

function formatOf(name: string): Format | undefined {
  return formats.find(([ending]) => ending.test(name))?.[1]
}

/** Offers a file's examples to the reservoir; returns why it has none, or null. */
async function readFile(
  file: NamedFile,
  format: Format | undefined,
  beside: Beside,
  into: Reservoir<Raw>,
  meter: Meter,
): Promise<Why | null> {
  if (!format) return 'is of an unknown kind'
  const reading = await format(file, beside)
  if (!isUsed(reading)) return reading
  const batches = await labelled(reading)
  if (!batches) return 'has no labels but -1, as published test splits do'
  const before = into.seen()
  for await (const batch of batches) {
    for (const example of batch) into.offer({ ...example, label: normalised(example.label, 'NFC') })
    meter.done({ rows: batch.length })
    await breathe(beside.signal)
  }
  meter.done({ bytes: file.bytes.byteLength })
  return into.seen() > before ? null : 'has a header and no rows'
}

/**
 * The example with texts of its own. Engines do not copy a text that is cut out of a larger one: ten thousand lines of
 * a table, each from another part of the file, would keep the whole file in memory.
 */
function owned(example: Raw): Raw {
  if (!('text' in example)) return example
  const second = example.second === undefined ? {} : { second: copied(example.second) }
  return { ...example, text: copied(example.text), label: copied(example.label), ...second }
}

function copied(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string
}

function drawnOne(examples: readonly Raw[], size: number, seed: number): Raw[] {
  return drawn(examples, [size], seed)[0] ?? []
}

/** A fifth of the examples of every class, drawn by the seed, is held out. */
function fifthHeld(examples: readonly Raw[], most: { readonly train: number; readonly held: number }, seed: number) {
  const fifth = Math.max(1, Math.floor(examples.length / 5))
  const [held = [], train = []] = drawn(examples, [Math.min(most.held, fifth), most.train], seed)
  return { train, held }
}

function taskOf(examples: readonly Raw[]): Raw['task'] {
  const task = examples[0]?.task ?? 'text'
  if (examples.every((example) => example.task === task)) return task
  const pictures = examples.filter((example) => example.task === 'image').length
  throw new Problem(
    `The files hold ${count(pictures)} pictures and ${count(examples.length - pictures)} texts.`,
    'Drop one kind at a time.',
  )
}

function nothing(files: readonly NamedFile[], notes: readonly Note[]): Problem {
  if (files.length === 0) return new Problem('No file was given.', accepted)
  const reasons =
    told(notes)
    || files
      .slice(0, 3)
      .map(({ name }) => name)
      .join(', ')
  const fixable = notes.filter(({ fix }) => fix !== undefined)
  const { fix = accepted } = fixable.find(({ file }) => !/\.txt$/i.test(file)) ?? fixable[0] ?? {}
  return new Problem(`None of the files holds labelled examples: ${reasons}.`, fix)
}
