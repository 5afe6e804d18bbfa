import { isRecord } from '../core/isRecord'
import { Problem } from '../core/problem'
import { parseVocabulary, specials } from '../data/wordpiece'
import { recordOf, textOf, type Folder } from './folder'

/** The word pieces of a trained model. */
export interface TrainedVocabulary {
  /** By their ids here: the four special ones come first. */
  readonly pieces: readonly string[]
  /** For each id here, the piece's row in the model's token table. */
  readonly rows: Int32Array<ArrayBuffer>
}

const text = 'vocab.txt'
const json = 'tokenizer.json'
const ownVocabulary = "Take the vocabulary of the model's own repository."
const takeBert = 'Take a model with the tokenizer of BERT, uncased, such as sentence-transformers/all-MiniLM-L6-v2.'

/**
 * The vocabulary of a BERT, from `vocab.txt` or else `tokenizer.json`.
 * @param rows that the model's token table has
 * @throws Problem when there is none, it is of another kind, or it keeps upper case or accents
 */
export async function readVocabulary(folder: Folder, rows: number): Promise<TrainedVocabulary> {
  const [lines, tokenizer, settings] = [
    await textOf(folder, text),
    await recordOf(folder, json),
    await recordOf(folder, 'tokenizer_config.json'),
  ]
  requireUncased({ ...normaliserOf(tokenizer), ...settingsOf(settings ?? {}) })
  const theirs = lines === null ? piecesOf(tokenizer, rows) : lines.replace(/\r?\n$/, '').split(/\r?\n/)
  const name = lines === null ? json : text
  if (theirs.length > rows)
    throw new Problem(`${name} has ${theirs.length} pieces, and the model's token table ${rows} rows.`, ownVocabulary)
  const places = new Map(theirs.map((piece, row) => [piece, row]))
  const absent = specials.find((piece) => !places.has(piece))
  if (absent !== undefined) throw new Problem(`${name} has no piece ${absent}.`, takeBert)
  const pieces = parseVocabulary(name, theirs.join('\n'))
  return { pieces, rows: Int32Array.from(pieces, (piece) => places.get(piece) ?? 0) }
}

/** How texts are changed before they are cut; what is undefined has the default of BERT, uncased. */
interface Normaliser {
  readonly lowerCase?: unknown
  readonly stripAccents?: unknown
  readonly splitChinese?: unknown
}

function normaliserOf(tokenizer: Readonly<Record<string, unknown>> | null): Normaliser {
  const normaliser = tokenizer?.['normalizer']
  if (!isRecord(normaliser)) return {}
  return given({
    lowerCase: normaliser['lowercase'],
    stripAccents: normaliser['strip_accents'],
    splitChinese: normaliser['handle_chinese_chars'],
  })
}

function settingsOf(settings: Readonly<Record<string, unknown>>): Normaliser {
  return given({
    lowerCase: settings['do_lower_case'],
    stripAccents: settings['strip_accents'],
    splitChinese: settings['tokenize_chinese_chars'],
  })
}

function given(normaliser: Normaliser): Normaliser {
  return Object.fromEntries(Object.entries(normaliser).filter(([, value]) => value !== undefined && value !== null))
}

function requireUncased({ lowerCase = true, stripAccents = true, splitChinese = true }: Normaliser): void {
  const kept = lowerCase !== true ? 'upper case' : stripAccents !== true ? 'accents' : null
  if (kept) throw new Problem(`The model's tokenizer keeps ${kept}, which this playground removes.`, takeBert)
  if (splitChinese !== true)
    throw new Problem("The model's tokenizer does not split Chinese characters, which this playground does.", takeBert)
}

/** Pieces by their ids. @param rows of the token table, which bound them */
function piecesOf(tokenizer: Readonly<Record<string, unknown>> | null, rows: number): string[] {
  if (!tokenizer) throw new Problem(`The model has neither ${text} nor ${json}.`, takeBert)
  const model = isRecord(tokenizer['model']) ? tokenizer['model'] : {}
  const listed = model['vocab']
  if (model['type'] !== 'WordPiece' || !isRecord(listed))
    throw new Problem(`${json} is of the kind ${String(model['type'])}; the playground reads WordPiece.`, takeBert)
  const pieces: (string | undefined)[] = []
  for (const [piece, id] of Object.entries(listed)) {
    if (!Number.isSafeInteger(id) || (id as number) < 0 || (id as number) >= rows)
      throw new Problem(
        `${json} gives the piece "${piece}" the number ${String(id)}; the model's token table has ${rows} rows.`,
        ownVocabulary,
      )
    pieces[id as number] = piece
  }
  // A number that no piece has: no text is cut into an empty one.
  return Array.from(pieces, (piece) => piece ?? '')
}
