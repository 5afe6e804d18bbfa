import type { Threads } from '../core/host'
import { kernelModule, type Kernels, type Pointer } from './kernels'

/** Kernels that threads share, in the order of `Job` in assembly/share.ts. */
const sharedKernels = ['adamw', 'attention', 'attentionGradient', 'geluSlope', 'product', 'witness'] as const

/** Where threads meet: bytes before the arguments, and how many of these there are (assembly/threads.ts). */
const argumentsAt = 32
const mostArguments = 16
/** Bytes of all that, in whole lines of a processor's cache: nothing else is read or written there. */
export const meetingBytes = 64 * Math.ceil((argumentsAt + 8 * mostArguments) / 64)

/** What a thread runs: it enters the kernels and never comes back. */
const program = `
  const env = { memory: data.memory, 'Math.log': Math.log, 'Math.tanh': Math.tanh }
  new WebAssembly.Instance(data.module, { env }).exports.serve(data.place, data.number, data.count)
`

/** Kernels whose work threads share until they are stopped; without them it is done here. */
export interface ThreadedKernels {
  readonly kernels: Kernels
  stop(): void
}

/** Starts threads for the kernels of one memory. @param place `meetingBytes` of it, at a multiple of 8 */
export function startThreads(
  { count, start }: Threads,
  kernels: Kernels,
  memory: WebAssembly.Memory,
  place: Pointer,
): ThreadedKernels {
  const module = kernelModule(memory)
  const started = Array.from({ length: count - 1 }, (_, i) =>
    start(program, { memory, module, place, number: i + 1, count }),
  )
  kernels.meet(place, 0, count)
  const numbers = new Float64Array(memory.buffer, place + argumentsAt, mostArguments)
  const shared = sharedKernels.map((name, job) => [
    name,
    (...given: (number | boolean)[]) => {
      for (let i = 0; i < given.length; i++) numbers[i] = Number(given[i])
      kernels.share(job)
    },
  ])
  return {
    kernels: { ...kernels, ...(Object.fromEntries(shared) as Partial<Kernels>) },
    stop() {
      for (const thread of started) thread.stop()
    },
  }
}
