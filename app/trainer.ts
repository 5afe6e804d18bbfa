import * as Comlink from 'comlink'
import { Problem } from '../src/core/problem'
import type { Trainer, TrainerEvent } from '../src/core/trainer'
import type { Engine } from './store/commands'

/** A worker and its trainer; `broken` rejects when the worker cannot be loaded or dies, and never resolves. */
interface Line {
  readonly remote: Comlink.Remote<Trainer>
  readonly broken: Promise<never>
}

/** Makes the engine's worker. */
export function engineWorker(): Worker {
  return new Worker(new URL('../src/worker.ts', import.meta.url), { type: 'module' })
}

/**
 * A trainer that lives in a worker, made at the first call. Every call waits for its answer or for the end of the
 * worker; after such an end the next `open` gets a new worker, so that trying again means something.
 */
export function connect(receive: (event: TrainerEvent) => void, makeWorker: () => Worker = engineWorker): Engine {
  let line: Line | null = null
  const ask = async <T>(call: (remote: Comlink.Remote<Trainer>) => Promise<T>): Promise<T> => {
    const { remote, broken } = (line ??= connected(makeWorker(), receive, () => {
      line = null
    }))
    return Promise.race([call(remote), broken])
  }
  return {
    open: (experiment, options) => ask((remote) => remote.open(experiment, options)),
    cancel: () => ask((remote) => remote.cancel()),
    start: () => ask((remote) => remote.start()),
    pause: () => ask((remote) => remote.pause()),
    step: () => ask((remote) => remote.step()),
    stop: () => ask((remote) => remote.stop()),
    reset: () => ask((remote) => remote.reset()),
    attachMap: (canvas, dark) =>
      line ? ask((remote) => remote.attachMap(canvas && Comlink.transfer(canvas, [canvas]), dark)) : Promise.resolve(),
    setHidden: (hidden) => (line ? ask((remote) => remote.setHidden(hidden)) : Promise.resolve()),
    inspect: (x, y) => (line ? ask((remote) => remote.inspect(x, y)) : Promise.resolve(null)),
    weights: (format) => (line ? ask((remote) => remote.weights(format)) : Promise.resolve(null)),
  }
}

function connected(worker: Worker, receive: (event: TrainerEvent) => void, ended: () => void): Line {
  const remote = Comlink.wrap<Trainer>(worker)
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      const problem = failure(event.message)
      worker.terminate()
      ended()
      receive({ type: 'problem', problem: problem.toJSON() })
      receive({ type: 'phase', phase: 'failed', text: 'The engine stopped' })
      reject(problem)
    })
  })
  // Nobody may be waiting when the worker dies; the problem was told all the same.
  broken.catch(() => undefined)
  void remote.listen(Comlink.proxy(receive))
  return { remote, broken }
}

/** A worker that fails to load says nothing; one that throws gives a message. */
function failure(message: string | undefined): Problem {
  const what = message
    ? `The training engine failed: ${message.replace(/\.$/, '')}.`
    : 'The training engine could not be loaded.'
  return new Problem(what, 'Check the connection to this page and try again. If that does not help, reload it.')
}
