import type { Tensor } from '@tensorflow/tfjs'
import type { Values } from './knob'
import type { InputSpec, Model, Nn, TensorSpec } from './model'
import type { RandomStream } from './random'

/** The model that learns an objective, as it is set, and what it reads. */
export interface Learner {
  readonly model: Model
  readonly values: Values
  readonly input: InputSpec
}

/** What the loss of an objective is made of. */
export interface Pass {
  readonly nn: Nn
  /** Mean cross-entropy of logits [rows, classes] and classes [rows] (int32); rows of class -1 count nothing. */
  readonly crossEntropy: (logits: Tensor, classes: Tensor) => Tensor
  readonly params: Readonly<Record<string, Tensor>>
  /** As in `Model.forward`. */
  readonly input: Tensor
  /** What `hide` wrote, int32 [batch * words]. */
  readonly hidden: Tensor
}

/** A batch that an objective may change. */
export interface OpenBatch {
  /** Token ids [batch, length], of texts. */
  readonly ids?: Int32Array
  /** Bytes [batch, height, width, channels], of images. */
  readonly pixels?: Uint8Array
  /** [batch * words]: whatever the loss has to know. */
  readonly labels: Int32Array
}

/** What a model learns before its task, from the examples alone. */
export interface Objective {
  /** Tensors beside the model's own; they are gone when the task begins. */
  tensors(learner: Learner): TensorSpec[]
  /** 32-bit numbers that the loss has to know of an example, beside the input. */
  words(learner: Learner): number
  /** Hides a part of every example, and writes what it hid. @param random of this step alone */
  hide(batch: OpenBatch, learner: Learner, random: RandomStream): void
  /** A scalar, the mean over the batch. */
  loss(pass: Pass, learner: Learner): Tensor
}
