/** The memory of tfjs-wasm, and our kernels, which work in it on tfjs's own tensors. */
import { count } from '../core/figures'
import { Problem } from '../core/problem'
import { openKernels, type Kernels, type Pointer } from '../wasm/kernels'
import { tf, type Tensor, type TensorInfo } from './tfjs'

/** What emscripten made of tfjs's C++: its memory is an export, or given to it where threads share one. */
interface Emscripten {
  readonly asm: Readonly<Record<string, unknown>>
  readonly wasmMemory?: WebAssembly.Memory
  _malloc(bytes: number): number
  _free(at: number): void
}

/** What we use of tfjs's backend. */
interface Backend {
  readonly wasm: Emscripten
  getMemoryOffset(dataId: object): number
  incRef(dataId: object): void
  makeOutput(shape: readonly number[], dtype: 'float32' | 'int32'): TensorInfo
}

/** A memory that our kernels work in, with tensors of tfjs's current backend. */
export interface Heap {
  readonly kernels: Kernels
  /** How many threads share a kernel's work. */
  readonly threads: number
  /** Where the numbers of a tensor begin. */
  at(tensor: TensorInfo): Pointer
  /** Where the numbers of each begin. */
  all<Tensors extends readonly TensorInfo[]>(...tensors: Tensors): { [Place in keyof Tensors]: Pointer }
  /** A new tensor, of float32 unless said otherwise, whose numbers are whatever lay there; tfjs tidies it up. */
  tensor(shape: readonly number[], dtype?: 'float32' | 'int32'): Tensor
  /** Memory for one call of a kernel that needs no more bytes a thread; the next call gets the same. */
  scratch(bytes: number): Pointer
}

export class WasmHeap implements Heap {
  readonly threads = 1
  private spare: Pointer = 0
  private spareBytes = 0

  constructor(
    readonly kernels: Kernels,
    private readonly memory: WebAssembly.Memory,
    private readonly backend: Backend,
  ) {}

  /** Size of the whole memory. */
  get bytes(): number {
    return this.memory.buffer.byteLength
  }

  at(tensor: TensorInfo): Pointer {
    return this.backend.getMemoryOffset(tensor.dataId)
  }

  all<Tensors extends readonly TensorInfo[]>(...tensors: Tensors): { [Place in keyof Tensors]: Pointer } {
    return tensors.map((tensor) => this.at(tensor)) as { [Place in keyof Tensors]: Pointer }
  }

  tensor(shape: readonly number[], dtype: 'float32' | 'int32' = 'float32'): Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.backend.makeOutput(shape, dtype))
  }

  scratch(bytes: number): Pointer {
    if (bytes > this.spareBytes) {
      if (this.spare) this.backend.wasm._free(this.spare)
      this.spare = this.backend.wasm._malloc(bytes) >>> 0
      this.spareBytes = this.spare ? bytes : 0
      if (!this.spare)
        throw new Problem(
          `The WebAssembly memory has no room for ${count(bytes)} bytes more.`,
          'Take a smaller batch or model, or close other tabs.',
        )
    }
    return this.spare
  }
}

const heaps = new WeakMap<object, Heap>()

/** Brings our kernels into the memory of tfjs's wasm backend, which must be the current one, and run SIMD. */
export function openWasmHeap(): void {
  const backend = tf.backend() as unknown as Backend
  if (heaps.has(backend)) return
  const { wasm } = backend
  const memory = wasm.wasmMemory ?? (wasm.asm.memory as WebAssembly.Memory)
  shareClones()
  setHeap(backend, new WasmHeap(openKernels(memory), memory, backend))
}

/** tfjs-wasm copies a tensor's numbers to clone it, and clones whatever a gradient needs; tensors may share them. */
function shareClones(): void {
  const kernelFunc = ({ inputs: { x }, backend }: { inputs: { x: TensorInfo }; backend: Backend }): TensorInfo => {
    backend.incRef(x.dataId)
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
  }
  tf.unregisterKernel('Identity', 'wasm')
  tf.registerKernel({
    kernelName: 'Identity',
    backendName: 'wasm',
    kernelFunc: kernelFunc as unknown as tf.KernelFunc,
  })
}

/** Says in which memory our kernels work on tensors of a backend. */
export function setHeap(backend: object, heap: Heap): void {
  heaps.set(backend, heap)
}

/** The memory of tfjs's current backend, if our kernels are in it. */
export function wasmHeap(): Heap | null {
  return heaps.get(tf.backend()) ?? null
}
