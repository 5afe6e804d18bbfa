/**
 * Going through a function's operations without a device: which kernels it needs, before it is recorded. Tensors get
 * shapes and a placeholder for their contents; nothing is allocated, uploaded or encoded.
 */
import { tf } from './tfjs'
import type { Program } from './program'

/** What tfjs knows of a tensor's contents. */
export interface TensorData {
  resource?: GPUBuffer | null
  external?: boolean
  /** On the CPU, if they are there. */
  readonly values?: ArrayLike<unknown> | null
}

export interface DryRun {
  /** Our kernels, in order, repetitions included. */
  readonly programs: Program[]
  /** Stands in for an upload: tfjs decides by the resource where an operation runs. */
  upload(data: TensorData): void
}

const placeholder = {} as GPUBuffer

/**
 * Runs `f` with tfjs compiling its programs asynchronously, into promises in its pipeline cache, and running none.
 * @param begin hears of the dry run while it lasts, and of its end
 */
export function dryRun(f: () => unknown, begin: (run: DryRun | null) => void): Program[] {
  const touched = new Set<TensorData>()
  const programs: Program[] = []
  begin({
    programs,
    upload(data) {
      if (data.resource) return
      data.resource = placeholder
      touched.add(data)
    },
  })
  tf.env().set('WEBGPU_ENGINE_COMPILE_ONLY', true)
  try {
    tf.tidy(() => {
      f()
    })
  } finally {
    tf.env().set('WEBGPU_ENGINE_COMPILE_ONLY', false)
    begin(null)
    // Tensors that outlive the run still have their values on the CPU, if they had any.
    for (const data of touched) if (data.resource === placeholder) data.resource = null
  }
  return programs
}
