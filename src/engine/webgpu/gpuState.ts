import type { Layout } from '../../core/layout'
import { prunedScore } from '../../../shaders/formula/score'
import { controlBytes, freshControl, readControl, writeControl } from '../../../shaders/train/norm'
import { write } from '../../gpu/buffers'
import type { Readback } from '../../gpu/readback'
import { metricsLength, viewBuffer, type GpuArena } from './gpuArena'
import type { Drained, LatestNumbers } from '../executor/executor'
import type { ExecutorState } from '../executor/executorState'
import { lastingArray, savedArray } from '../executor/lasting'
import { fullMask, masked } from '../executor/settings'
import { withMask } from '../measures/visited'

/**
 * Weights, mask and moments on the device, read and written between steps. `Executor`'s methods are made of its own.
 */
export class GpuState {
  constructor(
    private readonly device: GPUDevice,
    private readonly layout: Layout,
    private readonly arena: GpuArena,
    private readonly readback: Readback,
  ) {}

  async weights(): Promise<Float32Array> {
    return new Float32Array(await this.readback.read(this.arena.weights, 0, 4 * this.layout.length))
  }

  async gates(): Promise<Float32Array> {
    const { gatesFrom, length } = this.layout
    return gatesFrom < length
      ? new Float32Array(await this.readback.read(this.arena.weights, 4 * gatesFrom, 4 * (length - gatesFrom)))
      : new Float32Array(0)
  }

  async scores(): Promise<Uint32Array<ArrayBuffer>> {
    return new Uint32Array(await this.readback.read(this.arena.scores, 0, 4 * this.layout.prunableLength))
  }

  mask(): Promise<Uint32Array> {
    return this.bits(this.arena.mask)
  }

  async visited(): Promise<Uint32Array | null> {
    const { visited } = this.arena
    if (!visited) return null
    const [ever, mask] = await Promise.all([this.bits(visited), this.mask()])
    return withMask(ever, mask)
  }

  async withWeights<T>(weights: Float32Array<ArrayBuffer>, look: () => Promise<T>): Promise<T> {
    const own = new Float32Array(await this.weights())
    write(this.device, this.arena.weights, weights)
    try {
      return await look()
    } finally {
      write(this.device, this.arena.weights, own)
    }
  }

  /** Moments and statistics stay. @param weights those of the device where left out */
  place(mask: Uint32Array<ArrayBuffer>, weights?: Float32Array<ArrayBuffer>): void {
    if (weights) write(this.device, this.arena.weights, masked(weights, mask, this.layout))
    write(this.device, this.arena.mask, mask)
  }

  /** Zeroes the moments of pruned weights. */
  async maskMoments(mask: Uint32Array<ArrayBuffer>): Promise<void> {
    const moments = [this.arena.moment1, this.arena.moment2]
    const read = await Promise.all(moments.map((buffer) => this.readback.read(buffer)))
    moments.forEach((buffer, i) => {
      write(this.device, buffer, masked(new Float32Array(read[i] ?? new ArrayBuffer()), mask, this.layout))
    })
  }

  /** As before the first step; statistics and moments are zeroed apart. @param judged what tells sentinels stays */
  begin(weights: Float32Array<ArrayBuffer>, judged: boolean): void {
    const { grads, initial, curvature, visited, steady, peak, sensed, mask, control, scores } = this.arena
    write(this.device, this.arena.weights, weights)
    if (initial) write(this.device, initial, weights.subarray(0, this.layout.prunableLength))
    this.clear([grads, curvature, visited, ...(judged ? [] : [steady, peak, sensed])])
    write(this.device, mask, fullMask(this.layout))
    write(this.device, scores, new Uint32Array(this.layout.prunableLength).fill(prunedScore))
    write(this.device, control, writeControl(freshControl))
  }

  resetMoments(): void {
    this.clear([this.arena.moment1, this.arena.moment2])
  }

  /** Zeroes the buffers that there are. */
  clear(buffers: readonly (GPUBuffer | undefined)[]): void {
    const encoder = this.device.createCommandEncoder({ label: 'clear' })
    for (const buffer of buffers) if (buffer) encoder.clearBuffer(buffer)
    this.device.queue.submit([encoder.finish()])
  }

  /** The buffers of these names, in one copy on the device. */
  async save(names: readonly (keyof GpuArena)[]): Promise<ExecutorState['arrays']> {
    const held = names.map((name) => [name, viewBuffer(this.arena, name)] as const)
    const copies = await this.readback.copy(held.map(([, buffer]) => buffer))
    return Object.fromEntries(held.map(([name], i) => [name, lastingArray(name, copies[i] ?? new ArrayBuffer())]))
  }

  load(names: readonly (keyof GpuArena)[], saved: ExecutorState): void {
    const found = names.map((name) => {
      const buffer = viewBuffer(this.arena, name)
      return [buffer, savedArray(saved, name, buffer.size)] as const
    })
    for (const [buffer, array] of found) write(this.device, buffer, array)
  }

  /** Numbers of those of these steps that the device has done. @param steps 0-based, submitted since the last call */
  async drain(steps: readonly number[]): Promise<Drained> {
    const encoder = this.device.createCommandEncoder({ label: 'drain' })
    const metrics = this.readback.encode(encoder, this.arena.metrics)
    const control = this.readback.encode(encoder, this.arena.control, 0, controlBytes)
    this.device.queue.submit([encoder.finish()])
    const ring = new Float32Array(await metrics.read())
    const { halted, haltedStep } = readControl(await control.read())
    const number = (step: number, k: number) => ring[2 * (step % metricsLength) + k] ?? NaN
    const done = halted ? steps.filter((step) => step < haltedStep) : steps
    return {
      steps: done.map((step) => ({ step, loss: number(step, 0), gradientNorm: number(step, 1) })),
      haltedAt: halted ? haltedStep : null,
    }
  }

  /** Submits before it waits, so that the numbers are of the step that was submitted last. */
  async latest(index: number, changed: GPUBuffer | null): Promise<LatestNumbers> {
    const { grads, scores, control } = this.arena
    const encoder = this.device.createCommandEncoder({ label: 'latest' })
    const held = [grads, scores, ...(changed ? [changed] : [])]
    const [gradient, score, noted] = held.map((buffer) => this.readback.encode(encoder, buffer, 4 * index, 4))
    const controlled = this.readback.encode(encoder, control, 0, controlBytes)
    this.device.queue.submit([encoder.finish()])
    const [read, ranked, step, { norm }] = await Promise.all([
      gradient?.read(),
      score?.read(),
      noted?.read(),
      controlled.read().then(readControl),
    ])
    const float = (bytes = new ArrayBuffer()) => new Float32Array(bytes)[0] ?? NaN
    return { gradient: float(read), norm, score: float(ranked), changed: float(step) }
  }

  /** A buffer of a bit for each prunable weight. */
  private async bits(buffer: GPUBuffer): Promise<Uint32Array<ArrayBuffer>> {
    return new Uint32Array(await this.readback.read(buffer, 0, this.layout.prunableLength / 8))
  }
}
