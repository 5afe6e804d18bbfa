/** The benchmark's worker: the page talks to `bench` over comlink. */
import * as Comlink from 'comlink'
import { runBenchmark } from './bench/run'
import type { BenchPort } from './bench/port'
import { versions } from './bench/versions'
import { Problem } from './core/problem'
import { browserHost } from './host/browser'
import { wasmFiles } from './host/wasmFiles'

const bench: BenchPort = {
  async run(asked, say) {
    try {
      const result = await runBenchmark({
        ...asked,
        gpu: navigator.gpu,
        host: browserHost({}),
        wasm: wasmFiles,
        command: `${asked.command} in ${navigator.userAgent}`,
        versions,
        say,
      })
      return { result }
    } catch (error) {
      return { problem: Problem.from(error).toJSON() }
    }
  },
}

Comlink.expose(bench)
