import { alignment } from '../../core/layout'
import type { InputSpec } from '../../core/model'
import type { Batch } from '../../data/batches'
import { motionLength } from '../../data/pixels'
import { write } from '../../gpu/buffers'
import type { ArenaBackend } from '../../tf/backend'
import { mapValues } from '../../tf/mapValues'
import { rawImages } from '../../tf/ops'
import type { Tensor } from '../../tf/tfjs'

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
  readonly places: Readonly<Record<Part | 'levels', Place>>
  private readonly views: readonly Tensor[]
  /** All that changes with every batch, in one buffer, so that a step uploads it at once. */
  private readonly batch: GPUBuffer
  private readonly levels: GPUBuffer
  /** What the next upload of `batch` brings, and its parts. */
  private readonly bytes: Uint8Array<ArrayBuffer>
  private written: Float32Array | null = null

  constructor(
    private readonly device: GPUDevice,
    backend: ArenaBackend,
    input: InputSpec,
    batch: number,
    labelCount = batch,
  ) {
    const size = batch * (input.task === 'image' ? input.shape[0] * input.shape[1] * input.shape[2] : input.length)
    const words = input.task === 'image' ? Math.ceil(size / 4) : size
    const channels = input.task === 'image' ? input.shape[2] : 1
    const lengths: Record<Part, number> = {
      labels: labelCount,
      random: 2,
      pressure: 1,
      motions: input.task === 'image' ? motionLength * batch : 1,
      x: words,
    }
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC
    const make = (label: string, bytes: number) => device.createBuffer({ label, size: bytes, usage })
    const { places, end } = beside(lengths)
    this.batch = make('inputs', end)
    this.levels = make('levels', 4 * 256 * channels)
    this.bytes = new Uint8Array(end)
    this.places = {
      ...mapValues(places, (place) => ({ ...place, buffer: this.batch })),
      levels: { buffer: this.levels, offset: 0, size: this.levels.size },
    }
    const view = (name: Part | 'levels', shape: readonly number[], dtype: 'float32' | 'int32' = 'int32') =>
      backend.view(this.places[name].buffer, this.places[name].offset, shape, dtype)
    this.labels = view('labels', [labelCount])
    this.random = view('random', [2])
    this.pressure = view('pressure', [], 'float32')
    if (input.task === 'text') {
      this.x = view('x', [batch, input.length])
      this.views = [this.x, this.labels, this.random, this.pressure]
      return
    }
    const pixels = view('x', [words])
    const motions = view('motions', [batch, motionLength])
    const levels = view('levels', [channels, 256], 'float32')
    this.x = rawImages({ shape: [batch, ...input.shape], pixels, motions, levels })
    this.views = [pixels, motions, levels, this.labels, this.random, this.pressure]
  }

  /** Writes a batch; commands that are submitted later read it. */
  feed(batch: Batch, seed: number, step: number, pressure = 1): void {
    const { device } = this
    this.set('labels', batch.labels)
    this.set('random', Int32Array.of(seed, step))
    this.set('pressure', Float32Array.of(pressure))
    this.set('x', batch.task === 'text' ? batch.ids : batch.pixels)
    if (batch.task === 'image') this.set('motions', batch.motions)
    write(device, this.batch, this.bytes)
    if (batch.task === 'text' || batch.levels === this.written) return
    write(device, this.levels, batch.levels)
    this.written = batch.levels
  }

  private set(part: Part, data: Int32Array | Float32Array | Uint8Array): void {
    this.bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), this.places[part].offset)
  }

  dispose(): void {
    for (const view of this.views) view.dispose()
    this.batch.destroy()
    this.levels.destroy()
  }
}

/** What changes with every batch. */
type Part = 'labels' | 'random' | 'pressure' | 'motions' | 'x'

/** Bytes of a buffer. */
interface Place {
  readonly buffer: GPUBuffer
  readonly offset: number
  readonly size: number
}

/** Parts of so many words side by side, each where a binding may begin; `end` is where the last one ends, in bytes. */
function beside(lengths: Readonly<Record<Part, number>>) {
  let end = 0
  const places = mapValues(lengths, (length) => {
    const offset = end
    end += 4 * Math.ceil(length / alignment) * alignment
    return { offset, size: 4 * length }
  })
  return { places, end }
}
