import { describe, expect, it } from 'vitest'
import type { Split } from '../core/dataset'
import { phrases } from './phrases'
import { specials } from './wordpiece'
import { fakeHost, linearAccuracy, loading, present, type Features } from './testing'

function load(train: number, held: number, clauses: number, seed = 1) {
  return phrases.load({ train, held, clauses }, loading(fakeHost(), { seed }))
}

function rows(split: Split, length: number): number[][] {
  const ids = split.task === 'text' ? [...split.ids] : []
  return Array.from({ length: split.count }, (_, i) => ids.slice(i * length, (i + 1) * length).filter((id) => id > 3))
}

describe('phrases', () => {
  it('say what the vocabulary of a model cannot spell, and how many sentences it makes too long', async () => {
    const own = await load(200, 64, 3)
    expect(own.input).toMatchObject({ length: 36 })
    expect(own.source.text).not.toMatch(/Vocabulary|cut/)
    const letters = 'abcdefghijklmnopqrstuvwxyz'.split('').flatMap((letter) => [letter, `##${letter}`])
    const spelt = async (vocabulary: readonly string[]) =>
      phrases.load({ train: 200, held: 64, clauses: 3 }, { ...loading(fakeHost()), vocabulary })
    const { train, input, source } = await spelt([...specials, ',', ...letters])
    if (train.task !== 'text') throw new Error('not text')
    expect(input).toMatchObject({ vocabulary: 57, length: 36 })
    const long = train.texts.filter((text) => text.replaceAll(' ', '').length > 34).length
    expect(source.text).toMatch(
      / Vocabulary of 57 pieces of the model\. \d\d % of the sentences are cut at 36 tokens\.$/,
    )
    expect(Number(/(\d+) % of the sentences/.exec(source.text)?.[1])).toBeCloseTo(long / 2, -1)
    const few = await spelt([...specials, 'the', 'is', ',', 'but'])
    expect(few.source.text).toMatch(/ of the model, which cannot spell \d\d % of the words\.$/)
  })

  it('are balanced, spelt by their vocabulary, end with [SEP], and share no sentence between splits', async () => {
    for (const clauses of [1, 2, 3]) {
      const { train, held, vocabulary = [], input } = await load(1000, 400, clauses)
      if (train.task !== 'text' || held.task !== 'text' || input.task !== 'text') throw new Error('not text')
      expect(train.labels.reduce((sum, label) => sum + label, 0)).toBe(500)
      expect(train.ids.every((id) => id !== 1 && id < vocabulary.length)).toBe(true)
      const separators = train.ids.filter((id) => id === 3).length
      expect(separators).toBe(1000)
      const written = rows(train, input.length).map((ids) => ids.map((id) => vocabulary[id]).join(' '))
      expect(written).toEqual(train.texts)
      const heldTexts = new Set(held.texts)
      expect(train.texts.some((text) => heldTexts.has(text))).toBe(false)
    }
  })

  it('mean what their grammar says: the part after "but" decides, "not" turns it round, twice back', async () => {
    const { train } = await load(20_000, 64, 2)
    if (train.task !== 'text') throw new Error('not text')
    const good = /brilliant|charming|clever|fresh|funny|good|great|honest|lovely|moving|sharp|warm/
    const labelOf = (pattern: RegExp) =>
      train.texts.flatMap((text, i) => (pattern.test(text) ? [[text, train.labels[i]] as const] : []))
    const decided = labelOf(/ , but the \w+ is not \w+$/)
    expect(decided.length).toBeGreaterThan(20)
    for (const [text, label] of decided)
      expect([text, label]).toEqual([text, good.test(text.split(' ').at(-1) ?? '') ? 0 : 1])
    for (const [text, label] of labelOf(/^nobody says the \w+ is not \w+$/))
      expect([text, label]).toEqual([text, good.test(text) ? 1 : 0])
    for (const [text, label] of labelOf(/^the \w+ is too \w+$/)) expect([text, label]).toEqual([text, 0])
  })

  it('defy counting words, but not looking at words together', async () => {
    const { train, held, vocabulary = [], input } = await load(3000, 600, 1)
    const length = input.task === 'text' ? input.length : 0
    const n = vocabulary.length
    const words = (split: Split): Features[] => rows(split, length).map((ids) => present(ids, 1))
    const pairs = (split: Split): Features[] =>
      rows(split, length).map((ids) =>
        present(
          ids.flatMap((a) => ids.map((b) => a * n + b)),
          0.5,
        ),
      )
    const fit = { classes: 2, epochs: 12, rate: 0.1 }
    const alone = linearAccuracy(words(train), train.labels, words(held), held.labels, { ...fit, features: n })
    const together = linearAccuracy(pairs(train), train.labels, pairs(held), held.labels, { ...fit, features: n * n })
    expect(alone).toBeLessThan(0.85)
    expect(together).toBeGreaterThan(0.88)
  })

  it('of two clauses, the default, defy counting words more', async () => {
    const { train, held, vocabulary = [], input } = await load(3000, 600, 2)
    const length = input.task === 'text' ? input.length : 0
    const words = (split: Split): Features[] => rows(split, length).map((ids) => present(ids, 1))
    const alone = linearAccuracy(words(train), train.labels, words(held), held.labels, {
      classes: 2,
      epochs: 12,
      rate: 0.1,
      features: vocabulary.length,
    })
    expect(alone).toBeLessThan(0.75)
  })
})
