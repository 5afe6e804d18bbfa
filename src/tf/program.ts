import type { TensorInfo } from './tfjs'

/**
 * One of our kernels as a differentiable operation's forward or backward part. Tensors are bound by their WGSL names.
 */
export interface Program {
  readonly label: string
  readonly code: string
  readonly inputs: Readonly<Record<string, TensorInfo>>
  readonly outputs: Readonly<Record<string, Output>>
  /** Contents of the binding `shape`, if the kernel has one. */
  readonly uniform?: ArrayBuffer
  readonly grid: readonly [number, number, number]
  /**
   * Other ways to compute the same outputs from the same inputs and uniform, adding in the same order, so that every
   * choice gives the same bits. `code` and `grid` above are the default.
   */
  readonly alternatives?: readonly Alternative[]
}

/** Another way to compute a program's outputs; `name` says what differs, such as `tile 8x8`. */
export interface Alternative {
  readonly name: string
  readonly code: string
  readonly grid: readonly [number, number, number]
}

/** A result of a program: a fresh tensor, or the gradient of a parameter, written where `placeGradient` said. */
export interface Output {
  readonly shape: number[]
  readonly dtype?: 'float32' | 'int32'
  readonly gradientOf?: TensorInfo
}
