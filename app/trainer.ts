import * as Comlink from 'comlink'
import { Problem } from '../src/core/problem'
import type { Trainer, TrainerEvent } from '../src/core/trainer'
import type { Engine } from './store/commands'

/** A worker and its trainer. */
interface Line {
  readonly remote: Comlink.Remote<Trainer>
  /** Rejects when the worker cannot be loaded, dies or is ended; never resolves. */
  readonly broken: Promise<never>
  /** The page's end of a channel to the worker; held, since a port that nothing holds is closed. */
  readonly thread: MessagePort
  /** Ends the worker, whatever it does. */
  readonly end: () => void
}

/** Makes the engine's worker; it holds a lock of its name for as long as it lives. */
export function engineWorker(name: string): Worker {
  return new Worker(new URL('../src/worker.ts', import.meta.url), { type: 'module', name })
}

/**
 * A trainer that lives in a worker, made at the first call. Every call waits for its answer or for the end of the
 * worker; after such an end the next `open` gets a new worker, so that trying again means something. A worker that does
 * not obey `cancel` is ended; calls that wait for it reject with an AbortError then, which is no failure.
 *
 * @param patience milliseconds that an opening may go on after it was cancelled: it is stuck then
 */
export function connect(
  receive: (event: TrainerEvent) => void,
  makeWorker: (name: string) => Worker = engineWorker,
  patience = 3000,
): Engine {
  let line: Line | null = null
  /** The opening asked for last. */
  let opening: Promise<void> = Promise.resolve()
  const ask = async <T>(call: (remote: Comlink.Remote<Trainer>) => Promise<T>): Promise<T> => {
    const { remote, broken } = (line ??= connected(makeWorker, receive, () => {
      line = null
    }))
    return Promise.race([call(remote), broken])
  }
  return {
    open: (experiment, options) => (opening = ask((remote) => remote.open(experiment, options))),
    cancel: async () => {
      const [asked, found] = [line, opening]
      if (!asked) return
      void asked.remote.cancel()
      const over = () => 'over' as const
      const state = await Promise.race([found.then(over, over), delay(patience)])
      if (state === 'over' || line !== asked || opening !== found) return
      asked.end()
      receive({ type: 'phase', phase: 'idle', text: 'Cancelled' })
    },
    start: () => ask((remote) => remote.start()),
    pause: () => ask((remote) => remote.pause()),
    step: () => ask((remote) => remote.step()),
    discardLeft: (runId) => ask((remote) => remote.discardLeft(runId)),
    handOver: () => (line ? ask((remote) => remote.handOver()) : Promise.resolve()),
    stop: () => ask((remote) => remote.stop()),
    reset: () => ask((remote) => remote.reset()),
    attachMap: (canvas, dark) =>
      line ? ask((remote) => remote.attachMap(canvas && Comlink.transfer(canvas, [canvas]), dark)) : Promise.resolve(),
    showOnMap: (mode) => (line ? ask((remote) => remote.showOnMap(mode)) : Promise.resolve()),
    setHidden: (hidden) => (line ? ask((remote) => remote.setHidden(hidden)) : Promise.resolve()),
    inspect: (x, y) => (line ? ask((remote) => remote.inspect(x, y)) : Promise.resolve(null)),
    attempt: (asked) => (line ? ask((remote) => remote.attempt(asked)) : Promise.resolve(null)),
    seen: (indices) => (line ? ask((remote) => remote.seen(indices)) : Promise.resolve(null)),
    forPyTorch: () => (line ? ask((remote) => remote.forPyTorch()) : Promise.resolve(null)),
    weights: (format) => (line ? ask((remote) => remote.weights(format)) : Promise.resolve(null)),
  }
}

function delay(ms: number): Promise<'stuck'> {
  return new Promise((resolve) => setTimeout(resolve, ms, 'stuck'))
}

function connected(
  makeWorker: (name: string) => Worker,
  receive: (event: TrainerEvent) => void,
  ended: () => void,
): Line {
  const name = `engine ${Math.random()}`
  const worker = makeWorker(name)
  const remote = Comlink.wrap<Trainer>(worker)
  let reject: (reason: Error) => void = () => undefined
  const broken = new Promise<never>((_, broke) => {
    reject = broke
  })
  // Nobody may be waiting when the worker dies; the problem was told all the same.
  broken.catch(() => undefined)
  let over = false
  const end = (reason: Error) => {
    over = true
    worker.terminate()
    ended()
    reject(reason)
  }
  const fail = (problem: Problem) => {
    if (over) return
    end(problem)
    receive({ type: 'problem', problem: problem.toJSON() })
    receive({ type: 'phase', phase: 'failed', text: 'The engine stopped' })
  }
  worker.addEventListener('error', (event) => {
    fail(failure(event.message))
  })
  const died = () => fail(failure('it ended without saying why'))
  // One that dies while it is loaded has no lock yet; the other end of this channel is closed then, and newer browsers
  // say so.
  const { port1: thread, port2 } = new MessageChannel()
  thread.addEventListener('close', died)
  worker.postMessage(null, [port2])
  // What was on its way when the worker ended is about nobody.
  const hear = (event: TrainerEvent) => {
    if (!over) receive(event)
  }
  const listening = remote.listen(Comlink.proxy(hear))
  // A worker that dies without an error lets go of its lock.
  if ('navigator' in globalThis && 'locks' in navigator)
    void listening
      .then(() => navigator.locks.request(name, died))
      // A frame that may have no locks goes without.
      .catch(() => undefined)
  return { remote, broken, thread, end: () => end(new DOMException('The engine was ended.', 'AbortError')) }
}

/** A worker that fails to load says nothing; one that throws gives a message. */
function failure(message: string | undefined): Problem {
  const what = message
    ? `The training engine failed: ${message.replace(/\.$/, '')}.`
    : 'The training engine could not be loaded.'
  return new Problem(what, 'Check the connection to this page and try again. If that does not help, reload it.')
}
