import { place } from '../../wasm/placement'
import type { Kernels, Pointer } from '../../wasm/kernels'
import { tf, type TensorInfo } from '../tfjs'
import { setHeap, wasmHeap } from '../wasmHeap'
import { registerOperations } from './operations'
import { Recorder, recorderName, span, Unrecordable, type Buffer, type Call } from './recorder'

/** Where a buffer goes that a caller wants in a buffer of his own. */
interface Destination {
  readonly buffer: number
  readonly offset: number
}

/** Calls of kernels that can be run again and again, once they have a place. */
export class Recording {
  /** Bytes that it needs while it runs, of which nothing has to be kept. */
  readonly temporaryBytes: number
  /** Bytes of what it needs to be left alone. */
  readonly constantBytes: number
  private readonly offsets: readonly number[]

  constructor(
    private readonly calls: readonly Call[],
    private readonly buffers: readonly Buffer[],
    private readonly moved: ReadonlyMap<number, Destination>,
    outputs: readonly number[],
  ) {
    const stays = buffers.map(({ bytes, kind }, i) => {
      const used = kind === 'temporary' && !moved.has(i)
      return { bytes: used ? bytes : 0, first: Infinity, last: -Infinity }
    })
    calls.forEach(({ numbers }, at) => {
      for (const number of numbers) {
        const stay = stays[bufferOf(number)]
        if (!stay) continue
        stay.first = Math.min(stay.first, at)
        stay.last = Math.max(stay.last, at)
      }
    })
    for (const output of outputs) if (stays[output]) stays[output].last = calls.length
    const placement = place(stays)
    this.offsets = placement.offsets
    this.temporaryBytes = placement.bytes
    this.constantBytes = buffers.reduce((sum, { contents }) => sum + padded(contents?.byteLength ?? 0), 0)
  }

  /**
   * Gives it a place.
   * @param inputs where the buffers of the caller lie, by number
   * @returns what runs it, and where a pointer of the recorder points now
   */
  bind(
    kernels: Kernels,
    memory: ArrayBufferLike,
    temporary: Pointer,
    constants: Pointer,
    inputs: ReadonlyMap<number, Pointer>,
  ): { run(): void; at(pointer: Pointer): Pointer } {
    let next = constants
    const places = this.buffers.map(({ kind, contents }, i) => {
      const input = inputs.get(i)
      if (kind === 'input') return input ?? 0
      if (!contents) return temporary + (this.offsets[i] ?? 0)
      const at = next
      next += padded(contents.byteLength)
      new Int32Array(memory, at, contents.length).set(new Int32Array(contents.buffer, 0, contents.length))
      return at
    })
    const at = (pointer: number): Pointer => {
      if (pointer < span) return pointer
      const buffer = bufferOf(pointer)
      const destination = this.moved.get(buffer)
      const begin = destination ? (places[destination.buffer] ?? 0) + destination.offset : (places[buffer] ?? 0)
      return begin + (pointer % span)
    }
    const bound = this.calls.map(({ kernel, numbers }) => ({
      call: Reflect.get(kernels, kernel) as (...numbers: (number | boolean)[]) => void,
      numbers: numbers.map((number) => (typeof number === 'number' ? at(number) : number)),
    }))
    return {
      at,
      run: () => {
        for (const { call, numbers } of bound) call(...numbers)
      },
    }
  }
}

function bufferOf(number: number | boolean): number {
  return typeof number === 'number' ? Math.floor(number / span) : 0
}

function padded(bytes: number): number {
  return 16 * Math.ceil(bytes / 16)
}

/** What a function that is recorded says of its results. */
export interface Outputs {
  /** Tensors that are read after it ran. */
  readonly kept: readonly TensorInfo[]
  /** Tensors that belong at a place in a buffer of the caller. */
  readonly placed: readonly (Destination & { readonly tensor: TensorInfo })[]
}

/**
 * Writes down what `f` does. @param threads how many share its work
 * @returns null where it needs more than our kernels can
 */
export function record<Result>(
  threads: number,
  f: (recorder: Recorder) => Outputs & { readonly result: Result },
): { readonly recording: Recording; readonly kept: readonly Pointer[]; readonly result: Result } | null {
  const heap = wasmHeap()
  if (!heap) return null
  const { productScratch, selectScratch } = heap.kernels
  const recorder = new Recorder({ productScratch, selectScratch }, threads)
  const before = tf.getBackend()
  registerOperations()
  setHeap(recorder, recorder)
  tf.registerBackend(recorderName, () => recorder)
  // It is done when the call returns: nothing has to be loaded.
  void tf.setBackend(recorderName)
  try {
    tf.engine().startScope()
    const { kept, placed, result } = f(recorder)
    const moved = new Map<number, Destination>()
    for (const { tensor, buffer, offset } of placed) put(recorder, moved, tensor, { buffer, offset })
    const pointers = recorder.all(...kept)
    const recording = new Recording(recorder.calls, recorder.buffers, moved, pointers.map(bufferOf))
    return { recording, kept: pointers, result }
  } catch (error) {
    if (error instanceof Unrecordable) return null
    throw error
  } finally {
    tf.engine().endScope()
    void tf.setBackend(before)
    tf.removeBackend(recorderName)
  }
}

/** A buffer that holds nothing else lies at its destination; of others the numbers are copied there. */
function put(recorder: Recorder, moved: Map<number, Destination>, tensor: TensorInfo, to: Destination): void {
  const at = recorder.at(tensor)
  const buffer = bufferOf(at)
  if (at % span === 0 && recorder.buffers[buffer]?.kind === 'temporary' && !moved.has(buffer)) {
    moved.set(buffer, to)
    return
  }
  const bytes = 4 * tensor.shape.reduce((a, b) => a * b, 1)
  recorder.kernels.copyRows(at, 0, to.buffer * span + to.offset, 0, 1, bytes)
}
