import { dataset, type LoadOptions, type Source } from '../core/dataset'
import { count } from '../core/figures'
import { integer } from '../core/knob'
import { Problem } from '../core/problem'
import type { Gathered } from './gather'
import type { Raw } from './formats/raw'
import { imageExamples, type ImageSet } from './images'
import { meter } from './meter'
import { told } from './notes'
import { paraphrase } from './paraphrase'
import { textExamples, textKnobs, type TextSet } from './texts'

/** Pictures of any size are scaled to this many pixels square. */
const pictureSize = 32
/** A label byte can have this many values; far fewer make sense here. */
const mostClasses = 100

/**
 * The user's own files: CIFAR binaries, Parquet, CSV and TSV tables, folders of pictures or texts, and archives of
 * them. Files or folders named test, dev or validation are held out; without these, a fifth of the examples, drawn by
 * the seed. Nothing leaves the machine.
 */
export const dropped = dataset({
  label: 'Your files',
  cite: 'Files from your disk; they stay on this machine.',
  task: 'any',
  ownFiles: true,
  knobs: {
    train: integer('Training examples', 10_000, [50, 70_000], {
      scale: 'log',
      unit: 'examples',
      help: 'At most so many; of more, a random choice by the seed.',
    }),
    held: integer('Test examples', 2000, [20, 10_000], {
      scale: 'log',
      unit: 'examples',
      help: 'At most so many, never trained on.',
    }),
    ...textKnobs,
    textColumn: integer('Text column', 0, [0, 1000], {
      help: 'Which column of a table holds the texts or pictures, counted from 1. 0 finds it by its name.',
    }),
    labelColumn: integer('Label column', 0, [0, 1000], {
      help: 'Which column of a table holds the classes, counted from 1. 0 finds it by its name.',
    }),
  },
  async load(values, options) {
    const counter = meter(options)
    // The page imports this file for its knobs, and needs no decoders.
    const [{ gather }, { decoded }] = await Promise.all([import('./gather'), import('./decoding')])
    const gathered = await decoded(await gather(values, options, counter), pictureSize, options, counter)
    const classes = classesOf(gathered)
    const { train, held, vocabulary } = gathered
    const pairs = train.some(isPair) || held.some(isPair)
    const source = sourceOf(gathered, pairs, options)
    counter.settle()
    if (gathered.task === 'image') {
      return imageExamples(pictureSize, classes, imageSet(train, classes), imageSet(held, classes), source)
    }
    return textExamples(
      {
        train: textSet(train, classes, pairs),
        held: textSet(held, classes, pairs),
        classes,
        positive: positiveOf(classes),
        source,
        vocabulary,
      },
      values,
      options,
      counter,
    )
  },
})

function imageSet(examples: readonly Raw[], classes: readonly string[]): ImageSet {
  const bytes = pictureSize * pictureSize * 3
  const pixels = new Uint8Array(examples.length * bytes)
  for (const [i, example] of examples.entries()) if ('rgb' in example) pixels.set(example.rgb, i * bytes)
  return { pixels, labels: labelsOf(examples, classes) }
}

/** Second texts that are all empty make no pairs. */
function isPair(example: Raw): boolean {
  return 'text' in example && (example.second ?? '') !== ''
}

function textSet(examples: readonly Raw[], classes: readonly string[], pairs: boolean): TextSet {
  const textsOf = (field: 'text' | 'second') =>
    examples.map((example) => ('text' in example ? example[field] : undefined) ?? '')
  return {
    texts: textsOf('text'),
    ...(pairs ? { seconds: textsOf('second') } : {}),
    labels: labelsOf(examples, classes),
  }
}

/** MRPC's own classes say what F1 is of; of others nobody knows which one counts. */
function positiveOf(classes: readonly string[]): string | undefined {
  const isParaphrase = classes.length === 2 && paraphrase.classes.every((name) => classes.includes(name))
  return isParaphrase ? paraphrase.positive : undefined
}

function labelsOf(examples: readonly Raw[], classes: readonly string[]): Uint8Array {
  return Uint8Array.from(examples, ({ label }) => classes.indexOf(label))
}

/** Sorted class names, numbers by value. @throws Problem where there is nothing to learn */
function classesOf({ train, held }: Gathered): string[] {
  if (train.length + held.length === 1) {
    throw new Problem('The files hold a single example.', 'Give examples of at least two classes, some of each.')
  }
  const counts = new Map<string, number>()
  for (const { label } of train) counts.set(label, (counts.get(label) ?? 0) + 1)
  const classes = [...counts.keys()].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1))
  const some = classes
    .slice(0, 4)
    .map((name) => `"${name.slice(0, 40)}"`)
    .join(', ')
  if (classes.length > mostClasses) {
    throw new Problem(
      `The labels take ${count(classes.length)} different values (${some}, ...); `
        + `at most ${mostClasses} classes are trained.`,
      'Give a label column with class names or numbers.',
    )
  }
  if (held.length === 0) {
    throw new Problem(
      'No class has more than one example, so that none can be held out.',
      'Give at least two examples of a class.',
    )
  }
  const [largest = '', most = 0] = [...counts].sort(([, m], [, n]) => n - m)[0] ?? []
  if (most > 0.95 * train.length) {
    throw new Problem(
      `Of ${count(train.length)} training examples, ${count(most)} have the label "${largest}": `
        + `always answering that would be right for ${Math.round((100 * most) / train.length)} %.`,
      'Give examples of at least two classes, none of them above 95 %.',
    )
  }
  const strange = held.find(({ label }) => !counts.has(label))
  if (strange) {
    throw new Problem(
      `The label "${strange.label.slice(0, 40)}" occurs among the ${count(held.length)} held-out ones and not `
        + `among ${some}.`,
      'Give training examples of every class.',
    )
  }
  return classes
}

function sourceOf(
  { task, train, held, seen, notes, split, files }: Gathered,
  pairs: boolean,
  { host }: LoadOptions,
): Source {
  const noun = task === 'image' ? 'pictures' : pairs ? 'pairs' : 'texts'
  const [n, m, all] = [train.length, held.length, seen].map((n) => count(n))
  const chosen = train.length + held.length < seen ? `, chosen at random from ${all}` : ''
  const splitText =
    split === 'drawn' ? 'a fifth of every class held out by the seed' : 'held out as the files are named'
  const left = notes.length > 0 ? ` Left out: ${told(notes)}.` : ''
  const place = files.length === 1 ? (files[0] ?? '') : `${count(files.length)} files`
  return {
    kind: host.kind === 'node' ? 'files' : 'dropped',
    text: `Your files (${place}), ${n} training and ${m} held-out ${noun}${chosen}; ${splitText}.${left}`,
  }
}
