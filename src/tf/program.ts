import type { TensorInfo } from './tfjs'

/**
 * One of our kernels as a differentiable operation's forward or backward part. Tensors are bound by their WGSL names.
 */
export interface Program {
  readonly label: string
  readonly code: string
  readonly inputs: Readonly<Record<string, TensorInfo>>
  readonly outputs: Readonly<Record<string, Output>>
  /** Contents of the binding `shape`, if the kernel has one and `sums` does not write it. */
  readonly uniform?: ArrayBuffer
  readonly grid: readonly [number, number, number]
  /**
   * Other ways to compute the same outputs from the same inputs and uniform, adding in the same order, so that every
   * choice gives the same bits. `code` and `grid` above are the default.
   */
  readonly alternatives?: readonly Alternative[]
  readonly sums?: Sums
  readonly ending?: Ending
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

/**
 * Gradients of parameters that a kernel computes in slices, which are added up in order afterwards. All slices lie in
 * one binding, `gradients`; a single slice lies where `placeGradient` said, if it did for each parameter.
 */
export interface Sums<Name extends string = string> {
  /** By the names under which their gradients come back. */
  readonly parameters: Readonly<Record<Name, TensorInfo>>
  readonly slices: number
  /** False where nobody asks for these gradients, though the kernel computes them; none come back then. */
  readonly wanted?: boolean
  /** Contents of the binding `shape`, once it is known where the slices lie. */
  readonly uniform: (place: SlicePlace) => ArrayBuffer
}

/** Floats from the beginning of `gradients` to each parameter's first slice, and from a slice to the next. */
export interface SlicePlace {
  readonly starts: readonly number[]
  readonly stride: number
}

/**
 * What the kernel of a gradient can do to its result `of` before it stores it: add another gradient of the same tensor
 * (bound as `other`), and then multiply by a slope (`slope`). Nobody but tfjs, which adds gradients up, may read that
 * result before the next command.
 */
export interface Ending {
  readonly of: string
  /** What it can do. */
  readonly steps: readonly EndingStep[]
  readonly code: (steps: ReadonlySet<EndingStep>) => Pick<Program, 'code' | 'alternatives'>
}

export type EndingStep = 'other' | 'slope'

/** Slices one after another, the parameters of each side by side. */
export function compactPlace({ parameters }: Pick<Sums, 'parameters'>): SlicePlace {
  const starts: number[] = []
  let stride = 0
  for (const { shape } of Object.values(parameters)) {
    starts.push(stride)
    stride += sizeOf(shape)
  }
  return { starts, stride }
}

/** Numbers of a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1)
}
