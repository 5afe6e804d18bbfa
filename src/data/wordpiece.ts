import { normalised } from '../core/normalised'
import { Problem } from '../core/problem'
import { mergePieces } from './merges'
import { breathe } from './meter'

/**
 * BERT's tokenizer (Devlin et al., arXiv:1810.04805): lower case, accents stripped, punctuation split off, then
 * WordPiece: from the left the longest piece that fits, with `##` before every piece inside a word.
 */

/** The first four ids of every vocabulary. */
export const specials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'] as const

const unknown = 1
const begin = 2
const separator = 3
/** BERT does not split longer words. */
const longestWord = 100

/**
 * Writes token ids of one text, or of two; returns how many words they have, how many of these the vocabulary cannot
 * spell, and whether some did not fit.
 */
export type Encoder = (
  text: string,
  into: Int32Array,
  offset: number,
  second?: string,
) => { readonly words: number; readonly unknown: number; readonly cut: boolean }

/**
 * Learns a vocabulary of at most `size` pieces from texts: the four specials, the characters, then merges of the most
 * frequent neighbours. Words that BERT does not split teach it nothing. Same texts and size, same vocabulary.
 *
 * @throws AbortError when the signal fires
 */
export async function trainVocabulary(texts: Iterable<string>, size: number, signal: AbortSignal): Promise<string[]> {
  const counts = new Map<string, number>()
  for (const text of texts) {
    await breathe(signal)
    for (const word of splitWords(text)) if (word.length <= longestWord) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return [...specials, ...(await mergePieces(counts, size - specials.length, signal))]
}

/**
 * The vocabulary of a `vocab.txt`, one piece a line, with the four special ones moved to ids 0 to 3, their place in
 * this playground.
 *
 * Only LF and CRLF end a line: BERT's Chinese vocabulary has U+2028, another line end of Unicode, as a piece.
 *
 * @throws Problem when it is empty, repeats a piece or is not a list of pieces
 */
export function parseVocabulary(name: string, text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '')
  const taken = new Set<string>(specials)
  const pieces = lines.filter((line) => !taken.has(line))
  const fix = 'Drop a BERT vocabulary: UTF-8 text, one piece a line.'
  if (pieces.length === 0) throw new Problem(`${name} holds no word pieces.`, fix)
  const odd = pieces.find((piece) => /[ \t]/.test(piece) || piece.length > longestWord)
  if (odd !== undefined) throw new Problem(`${name} has the line "${odd.slice(0, 40)}", which is no word piece.`, fix)
  const known = new Set<string>()
  for (const piece of pieces) {
    if (known.has(piece)) throw new Problem(`${name} has the piece "${piece}" twice.`, 'Remove one of the two lines.')
    known.add(piece)
  }
  return [...specials, ...pieces]
}

/**
 * Encodes texts to `length` ids each: [CLS], pieces, [SEP], for pairs the second text's pieces and another [SEP], then
 * 0. What does not fit is cut off, of pairs from the longer text.
 */
export function encoder(vocabulary: readonly string[], length: number): Encoder {
  const spell = speller(vocabulary)
  return (text, into, offset, second) => {
    const a = spell(text)
    const b = second === undefined ? null : spell(second)
    const room = length - (b ? 3 : 2)
    const [first, rest] = cutInTurns(a.pieces.length, b?.pieces.length ?? 0, room)
    into.fill(0, offset, offset + length)
    into.set([begin, ...a.pieces.slice(0, first), separator], offset)
    if (b) into.set([...b.pieces.slice(0, rest), separator], offset + first + 2)
    const cut = first + rest < a.pieces.length + (b?.pieces.length ?? 0)
    return { words: a.words + (b?.words ?? 0), unknown: a.unspelt + (b?.unspelt ?? 0), cut }
  }
}

/** A text's pieces by id, how many words it has and how many of them are [UNK]. */
interface Spelt {
  readonly pieces: readonly number[]
  readonly words: number
  readonly unspelt: number
}

function speller(vocabulary: readonly string[]): (text: string) => Spelt {
  const ids = new Map(vocabulary.map((piece, id) => [piece, id]))
  const known = new Map<string, readonly number[]>()
  return (text) => {
    const words = splitWords(text)
    const pieces: number[] = []
    let unspelt = 0
    for (const word of words) {
      let found = known.get(word)
      if (!found) known.set(word, (found = wordPieces(word, ids)))
      if (found[0] === unknown) unspelt++
      for (const id of found) pieces.push(id)
    }
    return { pieces, words: words.length, unspelt }
  }
}

/**
 * How much is left of two texts that must not be longer than `most` together: the last piece of the longer one goes, of
 * equally long ones that of the second, again and again (`_truncate_seq_pair` of BERT's run_classifier.py).
 */
export function cutInTurns(first: number, second: number, most: number): [first: number, second: number] {
  let [a, b] = [first, second]
  while (a + b > most) {
    if (a > b) a--
    else b--
  }
  return [a, b]
}

/** Ids of one word's pieces; [UNK] where no pieces spell it. */
function wordPieces(word: string, ids: ReadonlyMap<string, number>): readonly number[] {
  if (word.length > longestWord) return [unknown]
  const pieces: number[] = []
  let start = 0
  while (start < word.length) {
    const prefix = start === 0 ? '' : '##'
    let end = word.length
    while (end > start && !ids.has(prefix + word.slice(start, end))) end--
    if (end === start) return [unknown]
    pieces.push(ids.get(prefix + word.slice(start, end)) as number)
    start = end
  }
  return pieces
}

/**
 * For BERT every ASCII character that is no letter, digit, space or control character is punctuation, `$` and `+` too.
 */
const punctuation = '!-\\/:-@\\[-`{-~\\p{P}'
/**
 * Characters that BERT counts as Chinese, each a word of its own: `_is_chinese_char` of Hugging Face's transformers.
 */
const chinese =
  '\\u4e00-\\u9fff\\u3400-\\u4dbf\\u{20000}-\\u{2a6df}\\u{2a700}-\\u{2b73f}\\u{2b740}-\\u{2b81f}\\u{2b820}-\\u{2ceaf}'
  + '\\uf900-\\ufaff\\u{2f800}-\\u{2fa1f}'
const single = new RegExp(`[${punctuation}]|[${chinese}]|[^\\s${punctuation}${chinese}]+`, 'gu')
const ascii = /^[\x20-\x7e]*$/
const invisible = /[\p{Cf}\p{Co}\p{Cn}\ufffd]|(?![\t\n\r])\p{Cc}/gu

/** The words of a text as BERT's basic tokenizer splits them. */
export function splitWords(text: string): readonly string[] {
  const lower = text.toLowerCase()
  const plain = ascii.test(lower) ? lower : normalised(lower.replace(invisible, ''), 'NFD').replace(/\p{Mn}/gu, '')
  return plain.match(single) ?? []
}
