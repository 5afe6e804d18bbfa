import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Threads } from '../core/host'

/** More share the work of small matrices at no gain. */
const most = 4

/** Threads of this process, which do not keep it alive. */
export function nodeThreads(count = Math.min(most, availableParallelism())): Threads {
  return {
    count,
    start(program, data) {
      const script = `const data = require('node:worker_threads').workerData\n${program}`
      const worker = new Worker(script, { eval: true, workerData: data })
      worker.unref()
      return { stop: () => void worker.terminate() }
    },
  }
}
