import { sitesOf } from '../../config/modelOf'
import type { ControlOptions } from '../../core/cut'
import { knockoffOf, principalAxes, type PrincipalAxes } from '../../maths/knockoffs'
import type { InputSpec, UnitSite } from '../../core/model'
import { Problem } from '../../core/problem'
import { randomStream } from '../../core/random'
import type { Batch } from '../../data/batches'
import { motionLength, type ImageBatch } from '../../data/pixels'
import { inputShape } from '../../tf/graph'
import { mixedGradient } from '../../tf/mixedGates'
import type { Executor } from '../executor/executor'
import type { Descent } from '../executor/descent'

/** Training images of which principal components are computed: for so many it takes a moment. */
const sampled = 128

/**
 * Trains the gates of scientific control on batches [images; knockoffs]; only the first half has a loss.
 * @param read the training batch of a step, valid until the next call
 * @param rest lets messages in before a step; it may throw to give up
 * @returns gates in [0, 1] by layer
 */
export async function trainControlGates(
  executor: Pick<Executor, 'layout' | 'input' | 'descend'>,
  options: ControlOptions,
  read: (step: number) => Batch,
  seed: number,
  rest: (step: number) => Promise<void>,
): Promise<Map<string, Float64Array>> {
  const sites = sitesOf(executor.layout.tensors).filter(({ kind }) => kind === options.kind)
  const adam = new BoundedAdam(
    sites.reduce((sum, { count }) => sum + count, 0),
    options.rate,
  )
  const first = images(read(0))
  const axes = axesOf(read, first.labels.length, executor.input, options.components)
  const batches = async function* () {
    for (let step = 0; step < options.batches; step++) {
      await rest(step)
      yield withKnockoffs(images(read(step)), axes, options.distance, randomStream(seed, 'knockoffs', step))
    }
  }
  await executor.descend(batches(), descentOf(sites, adam, 2 * first.labels.length))
  let at = 0
  return new Map(sites.map(({ layer, count }) => [layer, Float64Array.from(adam.numbers.subarray(at, (at += count)))]))
}

function descentOf(sites: readonly UnitSite[], adam: BoundedAdam, examples: number): Descent {
  return {
    numbers: adam.numbers,
    examples,
    move: (slope) => adam.move(slope),
    slope: ({ blueprint: { experiment, model, input }, ops, params, x, labels }, gates) =>
      mixedGradient(ops.nn, sites, gates, (nn) =>
        ops.crossEntropy(
          model.forward(nn, params, x, experiment.model.values, input),
          labels,
          experiment.training.labelSmoothing,
        ),
      ),
  }
}

function images(batch: Batch): ImageBatch {
  if (batch.task === 'image') return batch
  throw new Problem(
    'There are no knockoffs of texts: token ids have no covariance.',
    'Choose images, or another method.',
  )
}

/** Of the first training images as they are stored, without augmentation. */
function axesOf(read: (step: number) => Batch, batch: number, input: InputSpec, components: number): PrincipalAxes {
  const size = inputShape(input, 1).reduce((a, b) => a * b, 1)
  const steps = Array.from({ length: Math.ceil(sampled / batch) }, (_, step) => step)
  const rows = steps.flatMap((step) => imagesOf(images(read(step)), size).map((row) => row.slice()))
  return principalAxes(rows.slice(0, sampled), size, components)
}

function imagesOf({ pixels, labels }: ImageBatch, size: number): Uint8Array[] {
  return Array.from(labels, (_, i) => pixels.subarray(i * size, (i + 1) * size))
}

/**
 * Images, and after them their knockoffs: as bytes, augmented in the same way, and without labels, so that they have no
 * loss.
 */
export function withKnockoffs(
  batch: ImageBatch,
  axes: PrincipalAxes,
  distance: number,
  lot: { normal(): number },
): ImageBatch {
  const size = axes.mean.length
  const rows = imagesOf(batch, size)
  const pixels = new Uint8ClampedArray(Math.ceil((2 * rows.length * size) / 4) * 4)
  rows.forEach((row, i) => {
    pixels.set(row, i * size)
    pixels.set(
      knockoffOf(row, axes, distance, () => lot.normal()),
      (rows.length + i) * size,
    )
  })
  const motions = batch.motions.subarray(0, rows.length * motionLength)
  return {
    task: 'image',
    pixels: new Uint8Array(pixels.buffer),
    levels: batch.levels,
    motions: Int32Array.of(...motions, ...motions),
    labels: Int32Array.of(...batch.labels, ...rows.map(() => -1)),
  }
}

/** Adam's rates of decay in the released code of SCOP. */
const [decay, squareDecay] = [0.5, 0.9]

/** Adam on numbers that begin at 1/2 and stay in [0, 1]. */
export class BoundedAdam {
  readonly numbers: Float32Array<ArrayBuffer>
  private readonly mean: Float64Array
  private readonly square: Float64Array
  private steps = 0

  constructor(
    length: number,
    private readonly rate: number,
  ) {
    this.numbers = new Float32Array(length).fill(0.5)
    this.mean = new Float64Array(length)
    this.square = new Float64Array(length)
  }

  move(slope: Float32Array): void {
    this.steps++
    const [meanBias, squareBias] = [1 - decay ** this.steps, 1 - squareDecay ** this.steps]
    slope.forEach((g, i) => {
      const mean = (this.mean[i] = decay * (this.mean[i] ?? 0) + (1 - decay) * g)
      const square = (this.square[i] = squareDecay * (this.square[i] ?? 0) + (1 - squareDecay) * g * g)
      const next = (this.numbers[i] ?? 0) - (this.rate * (mean / meanBias)) / (Math.sqrt(square / squareBias) + 1e-8)
      this.numbers[i] = Math.min(1, Math.max(0, next))
    })
  }
}
