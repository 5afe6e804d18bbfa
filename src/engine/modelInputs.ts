import type { InputSpec } from '../core/model'
import type { Batch } from '../data/batches'
import { motionLength } from '../data/pixels'
import { write } from '../gpu/buffers'
import type { ArenaBackend } from '../tf/backend'
import { rawImages } from '../tf/ops'
import type { Tensor } from '../tf/tfjs'

/**
 * What a recorded model reads at each replay: buffers that are filled before it, and the tensors that stand for them.
 */
export class ModelInputs {
  /** Token ids, or raw images. */
  readonly x: Tensor
  readonly labels: Tensor
  /** Seed and step. */
  readonly random: Tensor
  /** Factor on the gradient of the method's penalty. */
  readonly pressure: Tensor
  /** Where they lie: raw pixels or ids as `x`. */
  readonly buffers: Readonly<Record<'x' | 'labels' | 'random' | 'pressure' | 'motions' | 'levels', GPUBuffer>>
  private readonly views: readonly Tensor[]
  private levels: Float32Array | null = null

  constructor(
    private readonly device: GPUDevice,
    backend: ArenaBackend,
    input: InputSpec,
    batch: number,
  ) {
    const size = batch * (input.task === 'image' ? input.shape[0] * input.shape[1] * input.shape[2] : input.length)
    const words = input.task === 'image' ? Math.ceil(size / 4) : size
    const channels = input.task === 'image' ? input.shape[2] : 1
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
    const make = (label: string, length: number) => device.createBuffer({ label, size: 4 * length, usage })
    this.buffers = {
      x: make('inputs', words),
      labels: make('labels', batch),
      random: make('random', 2),
      pressure: make('pressure', 1),
      motions: make('motions', motionLength * batch),
      levels: make('levels', 256 * channels),
    }
    const { buffers } = this
    this.labels = backend.view(buffers.labels, 0, [batch], 'int32')
    this.random = backend.view(buffers.random, 0, [2], 'int32')
    this.pressure = backend.view(buffers.pressure, 0, [])
    if (input.task === 'text') {
      this.x = backend.view(buffers.x, 0, [batch, input.length], 'int32')
      this.views = [this.x, this.labels, this.random, this.pressure]
      return
    }
    const pixels = backend.view(buffers.x, 0, [words], 'int32')
    const motions = backend.view(buffers.motions, 0, [batch, motionLength], 'int32')
    const levels = backend.view(buffers.levels, 0, [channels, 256])
    this.x = rawImages({ shape: [batch, ...input.shape], pixels, motions, levels })
    this.views = [pixels, motions, levels, this.labels, this.random, this.pressure]
  }

  /** Writes a batch; commands that are submitted later read it. */
  feed(batch: Batch, seed: number, step: number, pressure = 1): void {
    const { device, buffers } = this
    write(device, buffers.labels, batch.labels)
    write(device, buffers.random, Int32Array.of(seed, step))
    write(device, buffers.pressure, Float32Array.of(pressure))
    write(device, buffers.x, batch.task === 'text' ? batch.ids : batch.pixels)
    if (batch.task === 'text') return
    write(device, buffers.motions, batch.motions)
    if (batch.levels === this.levels) return
    write(device, buffers.levels, batch.levels)
    this.levels = batch.levels
  }

  dispose(): void {
    for (const view of this.views) view.dispose()
    for (const buffer of Object.values(this.buffers)) buffer.destroy()
  }
}
