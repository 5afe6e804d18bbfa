import * as Comlink from 'comlink'
import type { Examples, Loader, LoadProgress } from '../core/dataset'
import type { Choice } from '../core/experiment'
import { Problem, type ProblemData } from '../core/problem'

/** What the worker that reads files is asked. */
export interface Decoder {
  /** @param hear is told several times a second how far loading has come, as long as the worker is alive */
  load(
    job: {
      readonly data: Choice
      readonly seed: number
      readonly files: readonly File[]
      readonly vocabulary: readonly string[] | undefined
    },
    hear: (progress: LoadProgress) => void | Promise<void>,
  ): Promise<{ readonly examples: Examples } | { readonly problem: ProblemData }>
}

/** Milliseconds without a sign of life after which a worker hangs. The largest columns take a few seconds at once. */
const patience = 30_000

/**
 * Loads examples of the user's files in a worker that lives no longer than that. It is ended at once on a cancel, and
 * where it hangs or dies.
 */
export function loadApart(files: readonly File[], makeWorker = decoderWorker, silence = patience): Loader {
  return async (data, { seed, progress, signal, vocabulary }) => {
    signal.throwIfAborted()
    const worker = makeWorker()
    const remote = Comlink.wrap<Decoder>(worker)
    let doing = 'Opening your files'
    const watch = silenceWatch(silence)
    const hear = (now: LoadProgress) => {
      watch.heard()
      if (now.text !== '') doing = now.text
      progress(now)
    }
    const cancelled = failsAt(signal, 'abort', () => signal.reason as Error)
    const died = failsAt(worker, 'error', (event) => lost(doing, (event as ErrorEvent).message))
    const garbled = failsAt(worker, 'messageerror', () => lost(doing, 'its answer cannot be read'))
    try {
      const silent = watch.ended.then(() => Promise.reject(hanging(doing, silence)))
      const loading = remote.load({ data, seed, files, vocabulary }, Comlink.proxy(hear))
      const answer = await Promise.race([loading, silent, cancelled, died, garbled])
      if ('problem' in answer) throw Problem.from(answer.problem)
      return answer.examples
    } finally {
      watch.stop()
      worker.terminate()
    }
  }
}

function decoderWorker(): Worker {
  return new Worker(new URL('../decoder.ts', import.meta.url), { type: 'module', name: 'decoder' })
}

/** Ends where nothing was heard for so long. */
function silenceWatch(ms: number) {
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  let timer = setTimeout(end, ms)
  return {
    ended,
    heard() {
      clearTimeout(timer)
      timer = setTimeout(end, ms)
    },
    stop: () => clearTimeout(timer),
  }
}

/** Rejects when an event comes; nobody may be waiting then. */
function failsAt(target: EventTarget, type: string, reason: (event: Event) => Error): Promise<never> {
  const failing = new Promise<never>((_, reject) => {
    target.addEventListener(type, (event) => reject(reason(event)), { once: true })
  })
  failing.catch(() => undefined)
  return failing
}

function hanging(doing: string, ms: number): Problem {
  return new Problem(
    `${doing}: nothing was heard of it for ${Math.round(ms / 1000)} s, so it was ended.`,
    'Leave that file out, or save it again in another format.',
  )
}

function lost(doing: string, message: string | undefined): Problem {
  return new Problem(
    `${doing}: what reads your files stopped${message ? ` (${message})` : ''}.`,
    'Reload the page and drop the files again; if it happens again, leave that file out.',
  )
}
