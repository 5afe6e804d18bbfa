import { setBit } from './bits'
import type { Layout } from './layout'
import type { Group } from './scope'
import type { Units } from './units'

/** What is summed over the rows x [in] that enter a layer: `squares` x_i^2, [in]; `products` x_i x_j, [in, in]. */
export type InputMoment = 'squares' | 'products'

/**
 * How to train gates that mix two outputs of each unit: that for images, and that for their knockoffs
 * (src/maths/knockoffs.ts).
 */
export interface ControlOptions {
  readonly kind: 'head' | 'neuron'
  /** Training batches, one a step. */
  readonly batches: number
  /** Adam's learning rate. */
  readonly rate: number
  /** Principal components in which knockoffs differ from their images, at most. */
  readonly components: number
  /** How far: s in (0, 1]. */
  readonly distance: number
}

/**
 * How often a mask change in JavaScript runs the model, in training batches; a batch of twice the size counts as two.
 */
export interface CutPasses {
  /** Forward passes alone. */
  readonly forward: number
  /** Forward and backward passes, whatever they differentiate by. */
  readonly gradients: number
}

/** What a cut leaves. */
export interface Cut {
  /** Bit i % 32 of word i / 32 for flat index i < prunableLength; padding bits are 0 (`maskOf`). */
  readonly mask: Uint32Array<ArrayBuffer>
  /**
   * All parameters, [layout.length]; moments and statistics start again with them. As they were unless given; pruned
   * ones become 0.
   */
  readonly weights?: Float32Array<ArrayBuffer>
  /** What is cut has no effect already: nothing but the mask changes, and moments and statistics go on. */
  readonly idle?: true
  /** A sentence for the page and the command line. */
  readonly note?: string
}

/**
 * What a method sees that cuts in JavaScript, between two steps (`Method.cut`). These are copies: to change them
 * changes nothing.
 */
export interface CutView {
  readonly layout: Layout
  /** All parameters, [layout.length], with those of the method's own tensors (`UnitHook.tensors`). */
  readonly weights: Float32Array<ArrayBuffer>
  /** The mask so far, as in `Cut`. */
  readonly mask: Uint32Array<ArrayBuffer>
  /** The counts that the plan asks for: of weights, or of units where the granularity is units. */
  readonly groups: readonly Group[]
  /** The units of the method's granularity. */
  readonly units?: Units
  readonly seed: number
  /** Examples of a training batch. */
  readonly batch: number
  /** The cut is made after this 0-based training step; -1 before the first. */
  readonly step: number
  /** Lets messages in, if that is due: awaited in long work. @throws AbortError where the cut was given up */
  rest(): Promise<void>
  /**
   * Sums over the rows that enter the linear layers of these matrices over the first `batches` training batches, in
   * evaluation mode, by name; of the model as it is, or as the cut `behind` would leave it, so that a layer can see the
   * earlier layers cut.
   */
  inputs(
    names: readonly string[],
    moment: InputMoment,
    batches: number,
    behind?: Cut,
  ): Promise<ReadonlyMap<string, Float64Array>>
  /**
   * Hands over the gradient of the loss of each of the first `batches` training batches by each prunable matrix, in
   * evaluation mode, cut weights too; of the model as it is.
   */
  gradients(batches: number, take: (name: string, gradient: Float32Array) => void): Promise<void>
  /**
   * The mean over examples of |dL/dgate|, of a gate of 1 on what each head and neuron puts out, over the first
   * `batches` training batches in evaluation mode: [count] by layer of units (`UnitSlices.layer`); of the model that
   * `behind` would leave.
   */
  gateGradients(batches: number, behind: Cut): Promise<ReadonlyMap<string, Float64Array>>
  /**
   * Trains a gate b in [0, 1] for each unit of the kind, from 1/2 on, with all else frozen. b A + (1 - b) A~ takes the
   * place of the unit's output, A for images and A~ for their knockoffs, in evaluation mode: [count] by layer of units;
   * of the model that `behind` would leave.
   * @throws Problem where examples are no images
   */
  controlGates(options: ControlOptions, behind: Cut): Promise<ReadonlyMap<string, Float64Array>>
  /**
   * How the model that `behind` would leave answers the first `batches` training batches, in evaluation mode: never
   * held-out examples.
   */
  quality(behind: Cut, batches: number): Promise<{ readonly accuracy: number; readonly loss: number }>
}

/** The mask of the weights for which `keeps` says yes. @param keeps asked for every flat index of a prunable weight */
export function maskOf(
  { prunable, prunableLength }: Layout,
  keeps: (index: number) => boolean,
): Uint32Array<ArrayBuffer> {
  const mask = new Uint32Array(prunableLength / 32)
  for (const { offset, size } of prunable) {
    for (let i = offset; i < offset + size; i++) if (keeps(i)) setBit(mask, i, true)
  }
  return mask
}

/** A mask without the weights of some units. @param cut asked for every place of a unit in `units.layout` */
export function maskWithout(
  mask: Uint32Array,
  { spans, table, layout }: Units,
  cut: (unit: number) => boolean,
): Uint32Array<ArrayBuffer> {
  const left = Uint32Array.from(mask)
  for (const { offset, size } of layout.prunable) {
    for (let unit = offset; unit < offset + size; unit++) {
      if (!cut(unit)) continue
      const [first = 0, , end = 0] = table.subarray(4 * unit, 4 * unit + 3)
      for (let s = first; s < end; s++) clear(left, spans.subarray(4 * s, 4 * s + 4))
    }
  }
  return left
}

function clear(mask: Uint32Array, [start = 0, rows = 0, stride = 0, columns = 0]: Uint32Array): void {
  for (let k = 0; k < rows * columns; k++) {
    const i = start + Math.floor(k / columns) * stride + (k % columns)
    setBit(mask, i, false)
  }
}
