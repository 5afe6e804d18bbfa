import * as Comlink from 'comlink'
import type { BenchAnswer, BenchAsked, BenchPort } from '../../src/bench/port'
import { Problem } from '../../src/core/problem'

/** A benchmark under way; `stop` ends it without a result. */
export interface Running {
  readonly answer: Promise<BenchAnswer>
  stop(): void
}

/** Runs the benchmark in a worker of its own, so that nothing of the page disturbs it and stopping frees the device. */
export function startBench(asked: BenchAsked, say: (text: string) => void): Running {
  const worker = new Worker(new URL('../../src/benchWorker.ts', import.meta.url), { type: 'module' })
  const broken = new Promise<BenchAnswer>((resolve) => {
    worker.addEventListener('error', ({ message }) => {
      resolve({
        problem: new Problem(
          `The benchmark failed: ${message || 'its worker could not be loaded'}.`,
          'Check the connection to this page and reload it.',
        ).toJSON(),
      })
    })
  })
  const answer = Promise.race([Comlink.wrap<BenchPort>(worker).run(asked, Comlink.proxy(say)), broken])
  return { answer: answer.finally(() => worker.terminate()), stop: () => worker.terminate() }
}
