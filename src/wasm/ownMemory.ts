import { openKernels, type Kernels, type Pointer } from './kernels'

const page = 65536

/** A linear memory that never grows, so that arrays in it stay where they are, and the kernels in it. */
export class OwnMemory {
  readonly kernels: Kernels
  private readonly memory: WebAssembly.Memory
  /** Pointer 0 stands for nothing. */
  private end = 16

  /** @param bytes of all arrays that will be made; each takes up to 16 more */
  constructor(bytes: number) {
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / page) + 1 })
    this.kernels = openKernels(this.memory)
  }

  /** A new array of zeros. */
  floats(length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.buffer, this.take(4 * length), length)
  }

  /** A new array of zeros. */
  words(length: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.buffer, this.take(4 * length), length)
  }

  private get buffer(): ArrayBuffer {
    return this.memory.buffer
  }

  private take(bytes: number): Pointer {
    const at = this.end
    this.end = 16 * Math.ceil((at + bytes) / 16)
    return at
  }
}
