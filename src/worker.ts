/** The engine's worker: the page talks to `EngineTrainer` over comlink. */
import * as Comlink from 'comlink'
import type { TrainerEvent } from './core/trainer'
import { EngineTrainer } from './engine/run/trainer'
import { browserHost } from './host/browser'
import { loadApart } from './host/loadApart'
import { wasmFiles } from './host/wasmFiles'

/**
 * Resolves once this worker holds the lock of its name, which it keeps for as long as it lives: the page waits for that
 * lock to learn of its death. Where there are no locks it resolves at once.
 */
const held = new Promise<void>((resolve) => {
  if (!('locks' in navigator)) resolve()
  else
    navigator.locks
      .request(self.name, () => {
        resolve()
        return new Promise(() => undefined)
      })
      .catch(() => {
        resolve()
      })
})

/** The worker's ends of channels, which show the page that it lives; a port that nothing holds would be closed. */
const threads: MessagePort[] = []
self.addEventListener('message', ({ data, ports }: MessageEvent<unknown>) => {
  if (data === null) threads.push(...ports)
})

/** Answers `listen` once the lock is held, so that the page asks for it second. */
class Watched extends EngineTrainer {
  override async listen(listener: (event: TrainerEvent) => void): Promise<void> {
    await super.listen(listener)
    await held
  }
}

Comlink.expose(
  new Watched({
    host: (files) => browserHost({ files }),
    loader: (files) => (files.length > 0 ? loadApart(files) : undefined),
    gpu: navigator.gpu,
    tune: true,
    wasm: wasmFiles,
  }),
)
