import { imageNumbers, type ImageBatch } from '../../data/pixels'
import { climb, start } from '../../../shaders/train/attack'
import type { Graph } from '../../tf/graph'
import { tf, type Tensor } from '../../tf/tfjs'
import { startUniform, type Attack } from '../executor/attack'

/**
 * Adversarial images [batch, height, width, channels] of a batch, in JavaScript but for the gradient; the caller tidies
 * them up.
 */
export function attackImages(
  graph: Graph,
  { settings, shape: [size, ...shape], steps }: Attack,
  batch: ImageBatch,
  seed: number,
  step: number,
): Tensor {
  const clean = imageNumbers(batch, shape)
  const images = new Float32Array(clean.length)
  const buffers = { levels: batch.levels, clean, images }
  const tensorOf = () => tf.tensor4d(images.slice(), [size, ...shape])
  start(buffers, settings, startUniform(seed, step))
  for (let i = 0; i < steps; i++) {
    climb(
      buffers,
      settings,
      tf.tidy(() => graph.towardsImages(tensorOf(), tf.tensor1d(batch.labels, 'int32')).dataSync()),
    )
  }
  return tensorOf()
}
