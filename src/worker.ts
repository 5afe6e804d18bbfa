/** The engine's worker: the page talks to `EngineTrainer` over comlink. */
import * as Comlink from 'comlink'
import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import wasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import wasmThreaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import { EngineTrainer } from './engine/trainer'
import { browserHost } from './host/browser'

Comlink.expose(
  new EngineTrainer({
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
