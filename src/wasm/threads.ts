import type { Threads } from '../core/host'
import { kernelModule, type Kernels, type Pointer } from './kernels'

/** Bytes of the place where threads meet. */
export const meetingBytes = 128

/** What a thread runs: it enters the kernels and never comes back. */
const program = `
  const env = { memory: data.memory, 'Math.log': Math.log, 'Math.tanh': Math.tanh }
  new WebAssembly.Instance(data.module, { env }).exports.serve(data.place, data.number, data.count)
`

/** Threads that help with the kernels of one memory, until they are stopped. */
export function startThreads(
  { count, start }: Threads,
  kernels: Kernels,
  memory: WebAssembly.Memory,
  place: Pointer,
): { stop(): void } {
  const module = kernelModule(memory)
  const started = Array.from({ length: count - 1 }, (_, i) =>
    start(program, { memory, module, place, number: i + 1, count }),
  )
  kernels.meet(place, 0, count)
  return { stop: () => started.forEach((thread) => thread.stop()) }
}
