import type { Threads } from '../core/host'
import { openKernels, type Kernels, type Pointer } from './kernels'
import { meetingBytes, startThreads, type ThreadedKernels } from './threads'

const page = 65536

/** A linear memory that never grows, so that arrays in it stay where they are, and the kernels in it. */
export class OwnMemory {
  readonly kernels: Kernels
  private readonly memory: WebAssembly.Memory
  private readonly threads: ThreadedKernels | null
  /** Pointer 0 stands for nothing. */
  private end = 16

  /**
   * @param bytes of all arrays that will be made; each takes up to 16 more
   * @param threads that share the work; one alone if left out
   */
  constructor(bytes: number, threads?: Threads) {
    const pages = Math.ceil((bytes + meetingBytes) / page) + 1
    const shared = threads !== undefined && threads.count > 1
    this.memory = new WebAssembly.Memory({ initial: pages, ...(shared ? { maximum: pages, shared } : {}) })
    const kernels = openKernels(this.memory)
    this.threads = shared ? startThreads(threads, kernels, this.memory, this.take(meetingBytes)) : null
    this.kernels = this.threads?.kernels ?? kernels
  }

  /** A new array of zeros. */
  floats(length: number): Float32Array {
    return new Float32Array(this.memory.buffer, this.take(4 * length), length)
  }

  /** A new array of zeros. */
  words(length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, this.take(4 * length), length)
  }

  /** Stops the threads. Kernels still work, in one. */
  close(): void {
    this.threads?.stop()
  }

  private take(bytes: number): Pointer {
    const at = this.end
    this.end = 16 * Math.ceil((at + bytes) / 16)
    return at
  }
}
