import { breathe } from './meter'

/** The key of two neighbouring symbols is left * base + right; a vocabulary has far fewer than 2^21 symbols. */
const base = 2 ** 21

/** Words as symbol ids, and where each pair of neighbours occurs how often. */
interface Corpus {
  readonly words: number[][]
  readonly counts: number[]
  readonly pairCounts: Map<number, number>
  /** Words that held the pair when it was counted; some may not hold it any more. */
  readonly pairWords: Map<number, Set<number>>
}

/**
 * Word pieces learnt by merging the most frequent pair of neighbours over and over, as the trainers of BERT
 * vocabularies do (byte-pair encoding, Sennrich et al., arXiv:1508.07909, with `##` inside words). At most half of the
 * pieces are single characters, the most frequent ones; pairs seen once are not merged; ties go to the older symbols.
 *
 * @throws AbortError when the signal fires
 */
export async function mergePieces(
  wordCounts: ReadonlyMap<string, number>,
  size: number,
  signal: AbortSignal,
): Promise<string[]> {
  const pieces = alphabet(wordCounts, Math.floor(size / 2))
  const ids = new Map(pieces.map((piece, id) => [piece, id]))
  const corpus = await spell(wordCounts, ids, signal)
  const queue = new PairQueue()
  for (const [pair, count] of corpus.pairCounts) queue.push(count, pair)
  while (pieces.length < size) {
    await breathe(signal)
    const pair = queue.pop(corpus.pairCounts)
    if (pair === undefined) break
    const left = Math.floor(pair / base)
    const right = pair % base
    const piece = (pieces[left] as string) + (pieces[right] as string).slice(2)
    // `ab` + `##c` and `a` + `##bc` spell the same piece: it gets one id.
    const id = ids.get(piece) ?? pieces.push(piece) - 1
    ids.set(piece, id)
    for (const changed of merge(corpus, pair, left, right, id)) queue.push(corpus.pairCounts.get(changed) ?? 0, changed)
  }
  return pieces
}

/** The most frequent characters, once for the start of a word and once with `##`, in the order of their code points. */
function alphabet(wordCounts: ReadonlyMap<string, number>, most: number): string[] {
  const counts = new Map<string, number>()
  for (const [word, count] of wordCounts) {
    for (const symbol of symbols(word)) counts.set(symbol, (counts.get(symbol) ?? 0) + count)
  }
  const byCount = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  return byCount
    .slice(0, most)
    .map(([symbol]) => symbol)
    .sort()
}

function symbols(word: string): string[] {
  return Array.from(word, (character, i) => (i === 0 ? character : `##${character}`))
}

async function spell(
  wordCounts: ReadonlyMap<string, number>,
  ids: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<Corpus> {
  const corpus: Corpus = { words: [], counts: [], pairCounts: new Map(), pairWords: new Map() }
  for (const [word, count] of wordCounts) {
    await breathe(signal)
    const spelt = symbols(word).map((symbol) => ids.get(symbol))
    if (!spelt.every((id) => id !== undefined)) continue
    corpus.words.push(spelt)
    corpus.counts.push(count)
    countPairs(corpus, corpus.words.length - 1, 1)
  }
  return corpus
}

/** Adds (or with sign -1 takes away) the pairs of one word. */
function countPairs(
  { words, counts, pairCounts, pairWords }: Corpus,
  index: number,
  sign: 1 | -1,
  touched?: Set<number>,
): void {
  const word = words[index] as number[]
  const count = sign * (counts[index] as number)
  for (let i = 0; i + 1 < word.length; i++) {
    const pair = (word[i] as number) * base + (word[i + 1] as number)
    pairCounts.set(pair, (pairCounts.get(pair) ?? 0) + count)
    touched?.add(pair)
    if (sign < 0) continue
    const holders = pairWords.get(pair)
    if (holders) holders.add(index)
    else pairWords.set(pair, new Set([index]))
  }
}

/** Replaces the pair by `id` in every word; returns the pairs whose counts changed. */
function merge(corpus: Corpus, pair: number, left: number, right: number, id: number): Set<number> {
  const touched = new Set<number>()
  for (const index of corpus.pairWords.get(pair) ?? []) {
    const word = corpus.words[index] as number[]
    countPairs(corpus, index, -1, touched)
    let kept = 0
    for (let i = 0; i < word.length; i++) {
      const joins = word[i] === left && word[i + 1] === right
      word[kept++] = joins ? id : (word[i] as number)
      if (joins) i++
    }
    word.length = kept
    countPairs(corpus, index, 1, touched)
  }
  corpus.pairWords.delete(pair)
  corpus.pairCounts.delete(pair)
  touched.delete(pair)
  return touched
}

/** A heap of pairs by count, largest first, then smallest key. Outdated entries stay in it and are skipped. */
class PairQueue {
  private readonly heap: { readonly count: number; readonly pair: number }[] = []

  push(count: number, pair: number): void {
    if (count < 2) return
    let at = this.heap.push({ count, pair }) - 1
    while (at > 0 && this.before(at, (at - 1) >> 1)) at = this.swap(at, (at - 1) >> 1)
  }

  /** The pair that occurs most often, at least twice; undefined when there is none. */
  pop(current: ReadonlyMap<number, number>): number | undefined {
    for (let top = this.take(); top; top = this.take()) {
      if (current.get(top.pair) === top.count) return top.pair
    }
    return undefined
  }

  private take() {
    const top = this.heap[0]
    const last = this.heap.pop()
    if (!top || !last || this.heap.length === 0) return top
    this.heap[0] = last
    for (let at = 0; ;) {
      let child = 2 * at + 1
      if (child + 1 < this.heap.length && this.before(child + 1, child)) child++
      if (child >= this.heap.length || !this.before(child, at)) return top
      at = this.swap(at, child)
    }
  }

  private before(i: number, j: number): boolean {
    const [a, b] = [this.heap[i], this.heap[j]]
    return a !== undefined && b !== undefined && (a.count > b.count || (a.count === b.count && a.pair < b.pair))
  }

  private swap(i: number, j: number): number {
    const [a, b] = [this.heap[i], this.heap[j]]
    if (a && b) [this.heap[i], this.heap[j]] = [b, a]
    return j
  }
}
