import * as Comlink from 'comlink'
import { Problem } from '../src/core/problem'
import type { Trainer, TrainerEvent } from '../src/core/trainer'

/**
 * Starts the worker and answers its trainer. A worker that cannot be loaded or that dies never answers a call; its error
 * is sent to `receive` as a problem, so that the page says so instead of waiting.
 */
export function connect(receive: (event: TrainerEvent) => void): Trainer {
  const worker = new Worker(new URL('../src/worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('error', (event) => {
    const what = event.message ? `The training engine failed: ${event.message}.` : 'The training engine could not be loaded.'
    receive({ type: 'problem', problem: new Problem(what, 'Check the connection to this page, then reload it.').toJSON() })
    receive({ type: 'phase', phase: 'failed', text: 'The engine stopped' })
  })
  const remote = Comlink.wrap<Trainer>(worker)
  const listening = remote.listen(Comlink.proxy(receive))
  return {
    listen: (listener) => { void remote.listen(Comlink.proxy(listener)) },
    open: async (experiment, options) => {
      await listening
      await remote.open(experiment, options)
    },
    cancel: () => remote.cancel(),
    start: () => remote.start(),
    pause: () => remote.pause(),
    step: () => remote.step(),
    stop: () => remote.stop(),
    reset: () => remote.reset(),
    attachMap: (canvas, dark) => remote.attachMap(canvas && Comlink.transfer(canvas, [canvas]), dark),
    inspect: (x, y) => remote.inspect(x, y),
  }
}
