/**
 * A backend of tfjs that computes nothing: it writes down which kernels of ours a function calls, and on what. tfjs
 * builds every operation anew at each call, and its tape with it; what was written down runs again without either,
 * in a memory laid out for it.
 */
import type { Kernels, Pointer } from '../../wasm/kernels'
import { tf, type Tensor, type TensorInfo } from '../tfjs'
import type { Heap } from '../wasmHeap'

export const recorderName = 'wasm-recorder'

/** Says that a function needs more than our kernels. */
export class Unrecordable extends Error {}

/**
 * A pointer into a buffer that has no place yet: its number times this, and the bytes from its beginning. All other
 * numbers of a call are smaller.
 */
export const span = 2 ** 33

/** One call of a kernel. */
export interface Call {
  readonly kernel: keyof Kernels
  readonly numbers: readonly (number | boolean)[]
}

/** Memory that calls work in. */
export interface Buffer {
  readonly bytes: number
  /** `constant`: it keeps what was written into it; `input`: it lies where the caller says; else it may be reused. */
  readonly kind: 'constant' | 'input' | 'temporary'
  readonly contents?: Float32Array | Int32Array
}

type Values = Float32Array | Int32Array | Uint8Array | readonly number[]

export class Recorder extends tf.KernelBackend implements Heap {
  readonly calls: Call[] = []
  readonly kernels: Kernels
  private readonly made: Buffer[] = [{ bytes: 0, kind: 'constant' }]
  private readonly places = new Map<object, { readonly at: Pointer; users: number }>()
  private readonly spare: number
  private spareBytes = 0

  /** @param threads which need scratch memory of their own */
  constructor(
    sizes: Pick<Kernels, 'productScratch' | 'selectScratch'>,
    readonly threads: number,
  ) {
    super()
    this.kernels = new Proxy(sizes as Kernels, {
      get: (known, kernel: keyof Kernels): unknown => {
        if (kernel in known) return Reflect.get(known, kernel)
        return (...numbers: (number | boolean)[]) => {
          this.calls.push({ kernel, numbers })
        }
      },
    })
    this.spare = this.buffer({ bytes: 0, kind: 'temporary' })
  }

  /** All buffers, by their number; 0 is none. */
  get buffers(): readonly Buffer[] {
    return this.made.map((buffer, i) => (i === this.spare ? { ...buffer, bytes: this.spareBytes } : buffer))
  }

  /** A buffer whose place the caller will give. */
  input(bytes: number): number {
    return this.buffer({ bytes, kind: 'input' })
  }

  /** A tensor at a place in a buffer. */
  view(buffer: number, offset: number, shape: readonly number[], dtype: 'float32' | 'int32' = 'float32'): Tensor {
    return this.tensorAt(buffer * span + offset, shape, dtype)
  }

  at({ dataId }: TensorInfo): Pointer {
    return this.place(dataId).at
  }

  all<Tensors extends readonly TensorInfo[]>(...tensors: Tensors): { [Place in keyof Tensors]: Pointer } {
    return tensors.map((tensor) => this.at(tensor)) as { [Place in keyof Tensors]: Pointer }
  }

  tensor(shape: readonly number[], dtype: 'float32' | 'int32' = 'float32'): Tensor {
    return tf.engine().makeTensorFromTensorInfo({ ...this.info(shape), dtype }, this)
  }

  scratch(bytes: number): Pointer {
    this.spareBytes = Math.max(this.spareBytes, bytes * this.threads)
    return this.spare * span
  }

  /** A new buffer for the result of an operation. */
  info(shape: readonly number[], dtype: TensorInfo['dtype'] = 'float32'): TensorInfo {
    const bytes = 4 * shape.reduce((a, b) => a * b, 1)
    return this.infoAt(this.buffer({ bytes, kind: 'temporary' }) * span, shape, dtype)
  }

  /** Another tensor over the same numbers. */
  same({ dataId }: TensorInfo, shape: readonly number[], dtype: TensorInfo['dtype']): TensorInfo {
    this.incRef(dataId)
    return { dataId, shape: [...shape], dtype }
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    const numbers = values as Values
    const contents = dtype === 'float32' ? Float32Array.from(numbers) : Int32Array.from(numbers)
    const buffer = this.buffer({ bytes: contents.byteLength, kind: 'constant', contents })
    return this.infoAt(buffer * span, shape, dtype).dataId
  }

  override refCount(dataId: object): number {
    return this.places.get(dataId)?.users ?? 0
  }

  override incRef(dataId: object): void {
    this.place(dataId).users++
  }

  override disposeData(dataId: object, force = false): boolean {
    const place = this.places.get(dataId)
    if (place && --place.users > 0 && !force) return false
    this.places.delete(dataId)
    return true
  }

  override readSync(): never {
    throw new Unrecordable('Numbers are read, and there are none yet.')
  }

  override read(): never {
    return this.readSync()
  }

  override move(): never {
    throw new Unrecordable('A tensor of another backend takes part.')
  }

  override numDataIds(): number {
    return this.places.size
  }

  override floatPrecision(): 32 {
    return 32
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true }
  }

  override dispose(): void {
    this.places.clear()
  }

  private buffer(buffer: Buffer): number {
    return this.made.push(buffer) - 1
  }

  private tensorAt(at: Pointer, shape: readonly number[], dtype: 'float32' | 'int32'): Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.infoAt(at, shape, dtype), this)
  }

  private infoAt(at: Pointer, shape: readonly number[], dtype: TensorInfo['dtype']): TensorInfo {
    const dataId = {}
    this.places.set(dataId, { at, users: 1 })
    return { dataId, shape: [...shape], dtype }
  }

  private place(dataId: object): { readonly at: Pointer; users: number } {
    const place = this.places.get(dataId)
    if (!place) throw new Unrecordable('A tensor of another backend takes part.')
    return place
  }
}
