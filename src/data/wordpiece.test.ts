import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Problem } from '../core/problem'
import { randomBits } from '../core/random'
import { encoder, parseVocabulary, specials, splitWords, trainVocabulary } from './wordpiece'

const never = new AbortController().signal

describe('words', () => {
  it('are lower case, without accents, with punctuation apart', () => {
    expect(splitWords('Café-crème, isn\'t $5+ "naïve"?\u0000')).toEqual([
      'cafe',
      '-',
      'creme',
      ',',
      'isn',
      "'",
      't',
      '$',
      '5',
      '+',
      '"',
      'naive',
      '"',
      '?',
    ])
  })

  it('are single characters in Chinese, and none in white space', () => {
    expect(splitWords('好电影 ok')).toEqual(['好', '电', '影', 'ok'])
    // First and last assigned of BERT's ranges, then Han that it does not list: an iteration mark, a numeral, a
    // radical, extension G.
    const ends = '\u3400\u4db5\u4e00\u9fff\u{20000}\u{2a6d6}\u{2a700}\u{2b734}\u{2b740}\u{2b81d}\u{2b820}\u{2cea1}'
    for (const character of ends) expect(splitWords(`a${character}b`)).toEqual(['a', character, 'b'])
    for (const character of '々〇⼀𰀀') expect(splitWords(`a${character}b`)).toEqual([`a${character}b`])
    expect(splitWords(' \t\n ')).toEqual([])
  })
})

describe('training', () => {
  /*
   * Words: low 5 times, lower 2, newest 6, widest 3 (the example of Sennrich et al., with ## inside words). Characters
   * by code point: ##d ##e ##i ##o ##r ##s ##t ##w l n w, ids 0 to 10. Pairs: ##e##s 6+3 = 9, ##s##t 9, l##o 7, ##o##w
   * 7, ... Merge 1: 9 is shared by (##e, ##s) = (1, 5) and (##s, ##t) = (5, 6); the older symbols win: ##es.
   * Merge 2: ##es ##t, 9 times: ##est. Merge 3: 7 is shared by (##o, ##w) = (3, 7) and (l, ##o) = (8, 3): ##ow.
   * Merge 4: l ##ow, 7 times: low. Merge 5: 6 times each: n##e = (9, 1), ##e##w = (1, 7), ##w##est = (7, 12): ##ew.
   */
  const times = (count: number, word: string) => Array.from({ length: count }, () => word)
  const texts = [...times(5, 'low'), ...times(2, 'lower'), ...times(6, 'newest'), ...times(3, 'widest')]

  it('merges the most frequent pair, the older one first', async () => {
    const vocabulary = await trainVocabulary(texts, 4 + 22, never)
    expect(vocabulary.slice(0, 20)).toEqual([
      ...specials,
      '##d',
      '##e',
      '##i',
      '##o',
      '##r',
      '##s',
      '##t',
      '##w',
      'l',
      'n',
      'w',
      '##es',
      '##est',
      '##ow',
      'low',
      '##ew',
    ])
  })

  it('keeps to the size, and stops when every pair is seen once', async () => {
    expect(await trainVocabulary(texts, 4 + 22, never)).toHaveLength(26)
    expect(await trainVocabulary(['abc'], 4 + 100, never)).toEqual([...specials, '##b', '##c', 'a'])
  })

  it('spells every word of its own text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[a-f]{1,6}( [a-f]{1,6}){0,3}$/), { minLength: 1, maxLength: 30 }),
        async (lines) => {
          const vocabulary = await trainVocabulary(lines, 60, never)
          const into = new Int32Array(64)
          for (const line of lines) {
            const { unknown } = encoder(vocabulary, 64)(line, into, 0)
            expect(unknown).toBe(0)
            const text = [...into]
              .filter((id) => id > 3)
              .map((id) => vocabulary[id] as string)
              .join(' ')
              .replaceAll(' ##', '')
            expect(text).toBe(line)
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('takes about a second of processor time for 67,349 sentences of 15,000 words, and never 5', async () => {
    const words = Array.from({ length: 15_000 }, (_, n) =>
      Array.from({ length: 4 + (n % 5) }, (_, i) => 'etaoinshrdlu'[randomBits(n, 0, i) % 12]).join(''),
    )
    const many = Array.from({ length: 67_349 }, (_, i) =>
      Array.from({ length: 9 }, (_, k) => words[(i * 7 + k * 1303) % 15_000]).join(' '),
    )
    // Processor time, because a busy machine may take any time by the clock.
    const before = process.cpuUsage()
    expect(await trainVocabulary(many, 4000, never)).toHaveLength(4000)
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(5)
  })

  it('leaves out words that are too long to be split, which would take hours', async () => {
    const long = Array.from({ length: 500_000 }, (_, i) => 'etaoinshrdlu'[randomBits(1, 0, i) % 12]).join('')
    expect(await trainVocabulary([`${long} abc`], 4000, never)).toEqual([...specials, '##b', '##c', 'a'])
  })

  it('hears a cancel while it learns', async () => {
    const control = new AbortController()
    const texts = Array.from({ length: 50_000 }, (_, i) => `a${randomBits(1, 0, i).toString(36)} word`)
    const learning = trainVocabulary(texts, 30_000, control.signal)
    setTimeout(() => control.abort(), 50)
    await expect(learning).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('splitting', () => {
  it('takes no longer for a letter under 100,000 marks', () => {
    // ICU would sort them for a minute.
    expect(splitWords(`caf\u00e9 e${'\u0301\u0327'.repeat(50_000)} x`)).toEqual(['cafe', 'e', 'x'])
  })
})

describe('encoding', () => {
  // Ids: un 4, ##aff 5, ##able 6, ##a 7, aff 8, ! 9.
  const vocabulary = [...specials, 'un', '##aff', '##able', '##a', 'aff', '!']

  it('takes the longest piece from the left', () => {
    const into = new Int32Array(8)
    expect(encoder(vocabulary, 8)('Unaffable!', into, 0)).toEqual({ words: 2, unknown: 0, cut: false })
    expect([...into]).toEqual([2, 4, 5, 6, 9, 3, 0, 0])
  })

  it('answers [UNK] for a word that cannot be spelt to its end', () => {
    const into = new Int32Array(6)
    expect(encoder(vocabulary, 6)('unaffix aff', into, 0)).toEqual({ words: 2, unknown: 1, cut: false })
    expect([...into]).toEqual([2, 1, 8, 3, 0, 0])
  })

  it('cuts off what does not fit and keeps [SEP]; an empty text is [CLS] [SEP]', () => {
    const into = new Int32Array(8).fill(9)
    expect(encoder(vocabulary, 4)('aff aff aff aff', into, 0).cut).toBe(true)
    expect(encoder(vocabulary, 4)('', into, 4).cut).toBe(false)
    expect([...into]).toEqual([2, 8, 8, 3, 2, 3, 0, 0])
    const ofPair = (second: string) => encoder(vocabulary, 8)('aff aff', into, 0, second).cut
    expect([ofPair('aff aff aff'), ofPair('aff aff aff aff')]).toEqual([false, true])
  })
})

describe('vocab.txt', () => {
  it('gets the specials at 0 to 3 wherever it has them', () => {
    expect(parseVocabulary('vocab.txt', '[PAD]\n[unused0]\n[UNK]\r\n[CLS]\n[SEP]\nthe\n##s\n')).toEqual([
      ...specials,
      '[unused0]',
      'the',
      '##s',
    ])
  })

  it('has a piece that is a line end to others, U+2028, and white space that is neither space nor tab', () => {
    expect(parseVocabulary('vocab.txt', 'a\n\u2028\n\u00a0\r\nb')).toEqual([...specials, 'a', '\u2028', '\u00a0', 'b'])
  })

  it('of 400,000 pieces is read in a second, a repeated one found', () => {
    const lines = Array.from({ length: 400_000 }, (_, i) => `piece${i}`)
    const before = process.cpuUsage()
    expect(() => parseVocabulary('vocab.txt', [...lines, 'piece399999'].join('\n'))).toThrow(
      'has the piece "piece399999" twice',
    )
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(5)
  })

  it('is refused when empty, repeated or prose', () => {
    expect(() => parseVocabulary('vocab.txt', '[PAD]\n')).toThrow(Problem)
    expect(() => parseVocabulary('vocab.txt', 'a\nb\na\n')).toThrow('has the piece "a" twice')
    expect(() => parseVocabulary('vocab.txt', 'It was the best of times')).toThrow('"It was the best of times"')
  })
})
