import type { Tensor } from '@tensorflow/tfjs'
import type { Nn, TensorSpec, UnitSite, UnitSlices } from './model'

/** What an optimizer step leaves of a gate, in this order. */
export interface GateRule {
  /** Soft threshold: |gate| shrinks by this times the gates' learning rate. */
  readonly shrink?: number
  readonly bounds?: readonly [low: number, high: number]
  /** A gate that is no larger becomes 0 for good. */
  readonly dead?: number
}

/**
 * What a method does within the forward pass, where outputs of heads and neurons go into the next matrix. It may have
 * parameters of its own.
 */
export interface UnitHook {
  /** Tensors of a layer of units, beside the model's; never prunable, their names begin with the layer's. */
  tensors?(site: UnitSite): readonly TensorSpec[]
  /**
   * True where every unit is treated by itself, or where the method chooses only among units that are left, and where
   * its tensors say how they hold units (`TensorSpec.units`). Units that are cut whole can then be taken out of the
   * model (src/core/compact.ts).
   */
  readonly separate?: true
  /**
   * @param x [..., count * size] @returns the same shape
   * @param params every tensor, the hook's own among them
   * @param input [..., width], what entered the layer
   */
  forward(nn: Nn, x: Tensor, site: UnitSite, params: Readonly<Record<string, Tensor>>, input: Tensor): Tensor
  /**
   * Share of a layer's kept units that take part in the result of one token, where they enter and where they leave; 1
   * unless given.
   * @param read values of a tensor of the hook's own, by name
   */
  active?(site: UnitSite, read: (name: string) => ArrayLike<number>): Partial<Record<UnitSlices['side'], number>>
  /**
   * A scalar whose gradient, times `plan.pressure`, is added to the loss's. The loss that is shown does not contain it.
   */
  readonly penalty?: (params: Readonly<Record<string, Tensor>>) => Tensor
  /** Tensors beside a prunable matrix; never prunable, their names begin with the matrix's. */
  beside?(matrix: TensorSpec): readonly TensorSpec[]
  /** What the model reads in the place of its parameters, by name; gradients flow through it. */
  readonly read?: (params: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>
  /**
   * What `read` makes of a trained matrix; without need of the tensors `beside` it. @param values of a tensor by name
   * @returns [matrix]
   */
  fold?(matrix: TensorSpec, values: (name: string) => Float32Array): Float32Array
  /** What holds for tensors that are gates. */
  readonly rule?: GateRule
}
