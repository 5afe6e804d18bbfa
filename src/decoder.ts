/**
 * The worker that reads the user's files, and is ended after them: `src/host/loadApart.ts` makes it. A file that hangs
 * it, or fills its memory, does not harm the engine.
 */
import * as Comlink from 'comlink'
import type { Examples, LoadProgress } from './core/dataset'
import { Problem } from './core/problem'
import * as datasets from './data'
import { browserHost } from './host/browser'
import type { Decoder } from './host/loadApart'

/** Milliseconds between signs of life, which say how far loading has come. */
const beat = 100

const decoder: Decoder = {
  async load({ data: { id, values }, seed, files, vocabulary }, hear) {
    let latest: LoadProgress = { text: '', bytes: 0, bytesTotal: 0, rows: 0, rowsTotal: 0 }
    const timer = setInterval(() => void hear(latest), beat)
    const progress = (now: LoadProgress) => {
      latest = now
    }
    try {
      const set = Object.entries(datasets).find(([name]) => name === id)?.[1]
      if (!set) throw new Error(`there is no data set ${id}`)
      const options = {
        host: browserHost({ files }),
        seed,
        progress,
        signal: new AbortController().signal,
        ...(vocabulary ? { vocabulary } : {}),
      }
      const examples = await (set.load as Load)(values, options)
      await hear(latest)
      return Comlink.transfer({ examples }, buffersOf(examples))
    } catch (error) {
      return { problem: Problem.from(error).toJSON() }
    } finally {
      clearInterval(timer)
    }
  },
}

type Load = (values: unknown, options: Parameters<(typeof datasets.dropped)['load']>[1]) => Promise<Examples>

/** What is handed over, not copied. */
function buffersOf({ train, held }: Examples): ArrayBuffer[] {
  const arrays = [train, held].flatMap((split) => [split.labels, split.task === 'image' ? split.pixels : split.ids])
  return [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))]
}

Comlink.expose(decoder)
