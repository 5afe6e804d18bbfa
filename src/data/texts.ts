import type { Examples, LoadOptions, Source, Split } from '../core/dataset'
import { count } from '../core/figures'
import type { NamedFile } from '../core/host'
import { integer, type Values } from '../core/knob'
import { Problem } from '../core/problem'
import { breathe, type Meter } from './meter'
import { encoder, parseVocabulary, trainVocabulary } from './wordpiece'

/** Labelled texts. */
export interface TextSet {
  readonly texts: readonly string[]
  /** What follows each text, where the examples are pairs. */
  readonly seconds?: readonly string[]
  readonly labels: Uint8Array
}

/** Both splits of a text set, before they are encoded. */
export interface TextSets {
  readonly train: TextSet
  readonly held: TextSet
  readonly classes: readonly string[]
  /** The class of which F1 is measured, by name. */
  readonly positive?: string | undefined
  readonly source: Source
  /** A vocab.txt from an archive, used where none lies outside. */
  readonly vocabulary?: NamedFile | undefined
}

/** Largest vocab.txt read; BERT's own has 232 KB, multilingual ones 1 MB. */
const largestVocabulary = 8 << 20

/** Settings of every text set whose vocabulary is learnt. */
export const textKnobs = {
  vocabulary: integer('Vocabulary', 4000, [300, 60_000], {
    scale: 'log',
    unit: 'pieces',
    help: 'Word pieces learnt from the training sentences; a dropped vocab.txt replaces them.',
  }),
  length: integer('Length', 32, [8, 128], {
    unit: 'tokens',
    help: 'Tokens of a text, or of a pair, [CLS] and [SEP] included; the rest is cut off, of pairs the longer text.',
  }),
} as const

/**
 * Text examples; the sentence about their source also says which vocabulary it is, how many words it cannot spell, and
 * how many examples are too long.
 */
export async function textExamples(
  sets: TextSets,
  values: Values<typeof textKnobs>,
  options: LoadOptions,
  meter: Meter,
): Promise<Examples> {
  const { classes, source } = sets
  const positive = sets.positive === undefined ? -1 : classes.indexOf(sets.positive)
  const { length } = values
  const { vocabulary: given } = options
  const files = [...options.host.files, ...(sets.vocabulary ? [sets.vocabulary] : [])]
  const dropped = given ? null : await droppedVocabulary(files)
  meter.say((given ?? dropped) ? 'Reading sentences' : 'Learning word pieces')
  const vocabulary = given ?? dropped ?? (await trainVocabulary(textsOf(sets.train), values.vocabulary, options.signal))
  meter.say('Encoding sentences')
  const train = await encodeSet(sets.train, vocabulary, length, options.signal)
  const held = await encodeSet(sets.held, vocabulary, length, options.signal)
  const cut = (train.cut + held.cut) / Math.max(1, train.split.count + held.split.count)
  const unknown = (train.unknown + held.unknown) / Math.max(1, train.words + held.words)
  return {
    input: {
      task: 'text',
      vocabulary: vocabulary.length,
      length,
      classes: classes.length,
      ...(sets.train.seconds ? { pairs: true } : {}),
    },
    classes,
    ...(positive < 0 ? {} : { positive }),
    vocabulary,
    train: train.split,
    held: held.split,
    source: {
      kind: source.kind,
      text:
        source.text
        + vocabularyNote(
          given ? 'of the model' : dropped ? 'from vocab.txt' : 'learnt from the training sentences',
          vocabulary.length,
          unknown,
        )
        + lengthNote(sets.train.seconds ? 'pairs' : 'texts', length, cut),
    },
  }
}

/**
 * The vocabulary of a vocab.txt among the user's files, null where there is none. @throws Problem when the file is no
 * vocabulary
 */
export async function droppedVocabulary(files: readonly NamedFile[]): Promise<string[] | null> {
  const file = files.find(({ name }) => isVocabulary(name))
  if (!file) return null
  if (file.bytes.byteLength > largestVocabulary) {
    throw new Problem(
      `${file.name} has ${count(file.bytes.byteLength)} bytes; a vocabulary has less than `
        + `${count(largestVocabulary)}.`,
      'Drop a BERT vocabulary: UTF-8 text, one piece a line.',
    )
  }
  return parseVocabulary(file.name, new TextDecoder().decode(await file.bytes.slice(0)))
}

/** Whether a file is named as a vocabulary. */
export function isVocabulary(name: string): boolean {
  return /(^|\/)vocab\.txt$/i.test(name)
}

function* textsOf({ texts, seconds = [] }: TextSet): Generator<string> {
  yield* texts
  yield* seconds
}

async function encodeSet(
  { texts, seconds, labels }: TextSet,
  vocabulary: readonly string[],
  length: number,
  signal: AbortSignal,
) {
  const encode = encoder(vocabulary, length)
  const ids = new Int32Array(texts.length * length)
  let words = 0
  let unknown = 0
  let cut = 0
  for (const [i, text] of texts.entries()) {
    const told = encode(text, ids, i * length, seconds?.[i])
    words += told.words
    unknown += told.unknown
    if (told.cut) cut++
    await breathe(signal)
  }
  const split: Split = { task: 'text', count: texts.length, ids, labels, texts }
  return { split, words, unknown, cut }
}

/** A sentence about a vocabulary, after a blank. @param unknown share of the words that it cannot spell */
export function vocabularyNote(from: string, size: number, unknown: number): string {
  const share = unknown > 0.05 ? `, which cannot spell ${Math.round(unknown * 100)} % of the words` : ''
  return ` Vocabulary of ${count(size)} pieces ${from}${share}.`
}

/** The same about examples that are too long. @param cut their share */
export function lengthNote(noun: string, length: number, cut: number): string {
  return cut > 0.05 ? ` ${Math.round(cut * 100)} % of the ${noun} are cut at ${length} tokens.` : ''
}
