/** A parameter tensor as it is saved. */
export interface SavedTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
  /** 1 = kept; prunable tensors only. */
  readonly mask?: Uint8Array
}
