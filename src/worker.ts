/** The engine's worker: the page talks to `EngineTrainer` over comlink. */
import * as Comlink from 'comlink'
import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import wasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import wasmThreaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import type { TrainerEvent } from './core/trainer'
import { EngineTrainer } from './engine/trainer'
import { browserHost } from './host/browser'

/** Held for as long as this worker lives, under the worker's name; where there are no locks nobody waits for it. */
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

/** The trainer, which says that it listens when the page may wait for the lock. */
class Watched extends EngineTrainer {
  override async listen(listener: (event: TrainerEvent) => void): Promise<void> {
    await super.listen(listener)
    await held
  }
}

Comlink.expose(
  new Watched({
    host: (files) => browserHost({ files }),
    gpu: navigator.gpu,
    tune: true,
    wasm: {
      'tfjs-backend-wasm.wasm': wasm,
      'tfjs-backend-wasm-simd.wasm': wasmSimd,
      'tfjs-backend-wasm-threaded-simd.wasm': wasmThreaded,
    },
  }),
)
