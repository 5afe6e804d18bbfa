import type { Threads } from '../core/host'

/** More share the work of small matrices at no gain. */
const most = 4

/** Workers of the page, where it is isolated from others, so that they may share memory; else undefined. */
export function browserThreads(): Threads | undefined {
  if (!globalThis.crossOriginIsolated) return undefined
  const count = Math.min(most, navigator.hardwareConcurrency)
  if (count < 2) return undefined
  return {
    count,
    start(program, data) {
      const script = URL.createObjectURL(new Blob([`onmessage = ({ data }) => {${program}}`]))
      const worker = new Worker(script)
      worker.postMessage(data)
      return {
        stop() {
          worker.terminate()
          URL.revokeObjectURL(script)
        },
      }
    },
  }
}
