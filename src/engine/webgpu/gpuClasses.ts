/**
 * Weight classes on the device (docs/algorithms.md 1.4): sentinels, temporary sentinels, and readings of single
 * weights.
 */
import { candidatesOf } from '../../core/candidates'
import type { Group } from '../../core/scope'
import type { ClassCounts } from '../../core/trainer'
import * as shaders from '../../../shaders'
import {
  rankedBytes,
  readingBytes,
  readRanked,
  readReadings,
  type RankedReading,
  type Reading,
} from '../../../shaders/show/gather'
import { classCountBytes, readClassCounts } from '../../../shaders/show/mark'
import { keptCounts } from '../../../shaders/select/select'
import { storageBuffer, write } from '../../gpu/buffers'
import { createKernel, encode, workgroups, type Dispatch } from '../../gpu/kernel'
import type { Readback } from '../../gpu/readback'
import type { Selection } from '../../gpu/selection'
import type { Blueprint } from '../executor/blueprint'
import { selectionOf } from '../executor/choosing'
import type { WeightSample } from '../executor/executor'
import type { GpuArena } from './gpuArena'
import { toSample } from '../executor/weightSample'

interface Sets {
  readonly sentinel: GPUBuffer
  readonly peaked: GPUBuffer
  readonly classes: GPUBuffer
  readonly classCounts: GPUBuffer
}

/** Weights that one dispatch reads. */
const readAtOnce = 512

/** Which weights are read, and what was read; with fewer weights than last time, the rest is old. */
interface Sampled {
  readonly indices: GPUBuffer
  readonly readings: GPUBuffer
  readonly ranked: GPUBuffer
}

export class GpuClasses {
  private constructor(
    private readonly device: GPUDevice,
    private readonly blueprint: Blueprint,
    private readonly sets: Sets,
    private readonly selection: Selection,
    private readonly look: readonly Dispatch[],
    private readonly sampled: Sampled,
    private readonly gather: readonly Dispatch[],
  ) {}

  /** @param groups tensors that share a budget; their counts come with each look */
  static async create(
    device: GPUDevice,
    blueprint: Blueprint,
    arena: GpuArena,
    groups: readonly Group[],
  ): Promise<GpuClasses> {
    const { layout, pruning } = blueprint
    const words = layout.prunableLength / 32
    const [sets, sampled] = [await createSets(device, words), await createSampled(device)]
    const [member, mark, gather, gatherRanked, selection] = await Promise.all([
      createKernel(device, 'member', shaders.member, { entryPoint: 'positive' }),
      createKernel(device, 'mark', shaders.mark, { entryPoint: pruning.pruned === 'free' ? 'free' : 'main' }),
      createKernel(device, 'gather', shaders.gather),
      createKernel(device, 'gatherRanked', shaders.gatherRanked),
      selectionOf(device, layout, candidatesOf(layout), groups),
    ])
    const { weights, grads, noiseMean, noiseSquare, steady, peak, sensed, scores, mask } = arena
    const { tiles, thresholds } = selection
    const grid = workgroups(words, 256)
    const best = (scores: GPUBuffer, members: GPUBuffer) => [
      ...selection.dispatches(scores),
      member.bind({ scores, tiles, thresholds, members }, grid),
    ]
    const look = [
      ...best(steady, sets.sentinel),
      ...best(peak, sets.peaked),
      mark.bind({ ...sets, tiles, mask, weights }, grid),
    ]
    const { indices, readings, ranked } = sampled
    const gathered = { indices, readings, weights, noiseMean, noiseSquare, steady, peak, classes: sets.classes }
    const each = workgroups(readAtOnce, 256)
    return new GpuClasses(device, blueprint, sets, selection, look, sampled, [
      gather.bind(gathered, each),
      gatherRanked.bind({ indices, ranked, sensed, scores, grads }, each),
    ])
  }

  /** 4 bits a weight; valid after `count`. */
  get classes(): GPUBuffer {
    return this.sets.classes
  }

  /** Looks at what was gathered, and counts. */
  async count(groups: readonly Group[], readback: Readback): Promise<ClassCounts> {
    this.selection.keep(keptCounts(groups))
    const encoder = this.device.createCommandEncoder({ label: 'classify' })
    encoder.clearBuffer(this.sets.classCounts)
    const pass = encoder.beginComputePass()
    encode(pass, this.look)
    pass.end()
    const copy = readback.encode(encoder, this.sets.classCounts, 0, classCountBytes)
    this.device.queue.submit([encoder.finish()])
    return readClassCounts(await copy.read())
  }

  async sample(indices: Uint32Array<ArrayBuffer>, statisticsStep: number, readback: Readback): Promise<WeightSample[]> {
    const starts = Array.from({ length: Math.ceil(indices.length / readAtOnce) }, (_, i) => i * readAtOnce)
    const parts = starts.map((start) => this.read(indices.subarray(start, start + readAtOnce), readback))
    return (await Promise.all(parts))
      .flat()
      .map(([reading, ranked]) => toSample(reading, ranked, this.blueprint.pruning.decay, statisticsStep))
  }

  /** Submits before it waits, so that the numbers are of the step that was submitted last. */
  private async read(
    indices: Uint32Array<ArrayBuffer>,
    readback: Readback,
  ): Promise<(readonly [Reading, RankedReading])[]> {
    write(this.device, this.sampled.indices, indices)
    const encoder = this.device.createCommandEncoder({ label: 'sample' })
    const pass = encoder.beginComputePass()
    encode(pass, this.gather)
    pass.end()
    const copy = readback.encode(encoder, this.sampled.readings, 0, indices.length * readingBytes)
    const more = readback.encode(encoder, this.sampled.ranked, 0, indices.length * rankedBytes)
    this.device.queue.submit([encoder.finish()])
    const [readings, ranked] = await Promise.all([copy.read().then(readReadings), more.read().then(readRanked)])
    return readings.map((reading, k) => [reading, ranked[k] as RankedReading] as const)
  }

  dispose(): void {
    this.selection.dispose()
    for (const buffer of Object.values<GPUBuffer>({ ...this.sets, ...this.sampled })) buffer.destroy()
  }
}

async function createSampled(device: GPUDevice): Promise<Sampled> {
  return {
    indices: await storageBuffer(device, 'indices', 4 * readAtOnce),
    readings: await storageBuffer(device, 'readings', readAtOnce * readingBytes),
    ranked: await storageBuffer(device, 'ranked', readAtOnce * rankedBytes),
  }
}

async function createSets(device: GPUDevice, words: number): Promise<Sets> {
  const set = (name: string) => storageBuffer(device, name, 4 * words)
  return {
    sentinel: await set('sentinel'),
    peaked: await set('peaked'),
    classes: await storageBuffer(device, 'classes', 16 * words),
    classCounts: await storageBuffer(device, 'classCounts', classCountBytes),
  }
}
