import { dataset, type LoadOptions } from '../core/dataset'
import { count } from '../core/figures'
import { integer } from '../core/knob'
import { randomStream, type RandomStream } from '../core/random'
import { breathe, meter, type Meter } from './meter'
import { lengthNote, vocabularyNote } from './texts'
import { encoder, specials } from './wordpiece'

/**
 * Verdicts on films from a small grammar, in which single words are not enough: `not`, `anything but` and `nobody`
 * reverse a judgement, a second `not` reverses it again, `too` spoils good words, the part after `but` outweighs the
 * part before, and `utterly` outweighs `slightly`. Counting words gets about 80, 68 and 65 % right (1, 2 and 3
 * clauses); a BERT of two layers of 32 gets above 99 % after 600 steps of 32.
 */
export const phrases = dataset({
  label: 'Phrases (made here)',
  cite: 'Written by this page from the seed; no download.',
  task: 'text',
  knobs: {
    train: integer('Training sentences', 4096, [64, 65_536], {
      scale: 'log',
      unit: 'sentences',
      help: 'Sentences written for training; none of them is among the test sentences.',
    }),
    held: integer('Test sentences', 1024, [64, 4096], {
      scale: 'log',
      unit: 'sentences',
      help: 'Sentences never trained on.',
    }),
    clauses: integer('Clauses', 2, [1, 3], {
      unit: 'a sentence',
      help: 'At most so many clauses a sentence; more make it longer and harder.',
    }),
  },
  async load({ train, held, clauses }, options) {
    const counter = meter(options)
    counter.expect({ rows: train + held })
    counter.say('Writing phrases')
    const vocabulary = options.vocabulary ?? [...specials, ...words]
    const length = longest(clauses)
    const heldSet = await writeSet(held, heldLane, clauses, new Set(), options, counter)
    const trainSet = await writeSet(train, 0, clauses, new Set(heldSet.texts), options, counter)
    const told = { words: 0, unknown: 0, cut: 0 }
    const encode = encoder(vocabulary, length)
    const split = ({ texts, labels }: typeof trainSet) => {
      const ids = new Int32Array(texts.length * length)
      texts.forEach((text, i) => {
        const { words, unknown, cut } = encode(text, ids, i * length)
        told.words += words
        told.unknown += unknown
        if (cut) told.cut++
      })
      return { task: 'text', count: texts.length, ids, labels, texts } as const
    }
    const sets = { train: split(trainSet), held: split(heldSet) }
    const note = options.vocabulary
      ? vocabularyNote('of the model', vocabulary.length, told.unknown / told.words)
        + lengthNote('sentences', length, told.cut / (train + held))
      : ''
    return {
      input: { task: 'text', vocabulary: vocabulary.length, length, classes: 2 },
      classes: ['negative', 'positive'],
      vocabulary,
      ...sets,
      source: {
        kind: 'made',
        text:
          `Phrases, ${count(train)} training and ${count(held)} test sentences written here from seed `
          + `${options.seed}.${note}`,
      },
    }
  },
})

/** First random lane of test sentences; training sentences have the lanes below. */
const heldLane = 1 << 22

const things = [
  'acting',
  'camera',
  'cast',
  'dialogue',
  'direction',
  'ending',
  'humor',
  'music',
  'pacing',
  'plot',
  'script',
  'story',
]
const good = [
  'brilliant',
  'charming',
  'clever',
  'fresh',
  'funny',
  'good',
  'great',
  'honest',
  'lovely',
  'moving',
  'sharp',
  'warm',
]
const bad = ['awful', 'bad', 'boring', 'clumsy', 'cold', 'dull', 'fake', 'stale', 'stupid', 'terrible', 'ugly', 'weak']

/** Clause patterns; X is a thing, A an adjective. */
const plain = ['the X is A', 'the X feels A', 'the X is very A', 'the X is really A', 'i find the X A']
const turned = [
  'the X is not A',
  'the X is never A',
  'the X is hardly A',
  'the X is anything but A',
  'nobody finds the X A',
  'the X is far from A',
]
const turnedTwice = ['nobody says the X is not A', 'it is not true that the X is not A']
const spoilt = ['the X is too A', 'the X feels too A']
const slight = ['the X is slightly A', 'the X feels somewhat A']
const strong = ['the X is utterly A', 'the X feels extremely A']

/** How the weaker part W and the deciding part S are joined. */
const contrasts = ['W , but S', 'W , yet S', 'although W , S', 'S even though W']

const words = [
  ...new Set(
    [
      ...plain,
      ...turned,
      ...turnedTwice,
      ...spoilt,
      ...slight,
      ...strong,
      ...contrasts,
      ...things,
      ...good,
      ...bad,
      'and',
    ]
      .flatMap((text) => text.split(' '))
      .filter((word) => !/^[A-Z]$/.test(word)),
  ),
].sort()

/**
 * Tokens of the longest sentence: ten words a clause, two for each join, [CLS] and [SEP]. So many are read in the
 * vocabulary of a model, too, where a word may take several: a link stands for one size of input.
 */
function longest(clauses: number): number {
  return 10 * clauses + 2 * (clauses - 1) + 2
}

async function writeSet(
  count: number,
  lane: number,
  clauses: number,
  taken: ReadonlySet<string>,
  { seed, signal }: LoadOptions,
  counter: Meter,
) {
  const texts: string[] = []
  const labels = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const random = randomStream(seed, 'data', lane + i)
    const label = i % 2
    let text = sentence(label === 1, clauses, random)
    // There are only some thousands of the shortest sentences: a training sentence that is also a test sentence is
    // drawn again.
    while (taken.has(text)) text = sentence(label === 1, clauses, random)
    texts.push(text)
    labels[i] = label
    counter.done({ rows: 1 })
    if (i % 1024 === 1023) await breathe(signal)
  }
  return { texts, labels }
}

/** A sentence of at most so many clauses whose verdict is good or not. */
function sentence(verdict: boolean, clauses: number, random: RandomStream): string {
  const draw = random.next()
  if (clauses === 1 || draw < 0.3) return clause(verdict, random)
  if (draw < 0.45)
    return shuffled(fill(pick(slight, random), !verdict, random), fill(pick(strong, random), verdict, random), random)
  const last = sentence(verdict, clauses - 1, random)
  if (draw < 0.7) return shuffled(clause(verdict, random), last, random)
  return pick(contrasts, random).replace('W', clause(!verdict, random)).replace('S', last)
}

function clause(verdict: boolean, random: RandomStream): string {
  const draw = random.next()
  if (draw < 0.2) return fill(pick(turned, random), !verdict, random)
  if (draw < 0.26) return fill(pick(turnedTwice, random), verdict, random)
  if (draw < 0.34 && !verdict) return fill(pick(spoilt, random), random.next() < 0.7, random)
  return fill(pick(plain, random), verdict, random)
}

function fill(pattern: string, praise: boolean, random: RandomStream): string {
  return pattern.replace('X', pick(things, random)).replace('A', pick(praise ? good : bad, random))
}

function shuffled(a: string, b: string, random: RandomStream): string {
  return random.next() < 0.5 ? `${a} and ${b}` : `${b} and ${a}`
}

function pick(list: readonly string[], random: RandomStream): string {
  return list[random.below(list.length)] as string
}
