/** Weight classes on the device (docs/algorithms.md 1.4): sentinels, temporary sentinels, and readings of single weights. */
import { plugin } from '../config/registries'
import { candidatesOf } from '../core/candidates'
import type { Group } from '../core/scope'
import * as shaders from '../../shaders'
import { readingBytes, readReadings } from '../../shaders/gather'
import { classCountBytes, readClassCounts } from '../../shaders/mark'
import { storageBuffer, write } from '../gpu/buffers'
import { createKernel, encode, workgroups, type Dispatch, type Kernel } from '../gpu/kernel'
import type { Readback } from '../gpu/readback'
import type { Blueprint } from './blueprint'
import { importanceCriterion, sensitivityCriterion } from './criteria'
import type { ClassCounts, WeightSample } from './executor'
import type { GpuArena } from './gpuArena'
import { Ranker } from './gpuRanker'
import { atRest, viewSettings } from './settings'
import { toSample } from './weightSample'

interface Sets {
  readonly sentinel: GPUBuffer
  readonly batchTop: GPUBuffer
  readonly everTop: GPUBuffer
  readonly classes: GPUBuffer
  readonly classCounts: GPUBuffer
}

export class GpuClasses {
  private constructor(
    private readonly device: GPUDevice, private readonly blueprint: Blueprint, private readonly arena: GpuArena, private readonly sets: Sets,
    private readonly rankers: readonly Ranker[], private readonly look: readonly Dispatch[], private readonly gather: Kernel,
  ) {}

  /** @param groups tensors that share a budget; their counts come with each look */
  static async create(device: GPUDevice, blueprint: Blueprint, arena: GpuArena, groups: readonly Group[]): Promise<GpuClasses> {
    const { layout } = blueprint
    const words = layout.prunableLength / 32
    const sets = await createSets(device, words)
    const [member, mark, gather, importance, sensitivity] = await Promise.all([
      createKernel(device, 'member', shaders.member),
      createKernel(device, 'mark', shaders.mark),
      createKernel(device, 'gather', shaders.gather),
      Ranker.create(device, blueprint, arena, importanceCriterion, candidatesOf(layout), groups),
      Ranker.create(device, blueprint, arena, sensitivityCriterion, candidatesOf(layout), groups),
    ])
    const grid = workgroups(words, 256)
    const membersOf = (ranker: Ranker, members: GPUBuffer) => {
      const { tiles, thresholds } = ranker.selection
      return [...ranker.dispatches('grads'), member.bind({ scores: arena.scores, tiles, thresholds, members }, grid)]
    }
    const look = [
      ...membersOf(importance, sets.sentinel),
      ...membersOf(sensitivity, sets.batchTop),
      mark.bind({ ...sets, tiles: importance.selection.tiles, mask: arena.mask }, grid),
    ]
    return new GpuClasses(device, blueprint, arena, sets, [importance, sensitivity], look, gather)
  }

  /** 2 bits a weight; valid after `count`. */
  get classes(): GPUBuffer {
    return this.sets.classes
  }

  /** Looks at the latest gradient and counts. */
  async count(groups: readonly Group[], readback: Readback): Promise<ClassCounts> {
    for (const ranker of this.rankers) ranker.prepare(groups, viewSettings(this.blueprint, atRest, 'kept'))
    const encoder = this.device.createCommandEncoder({ label: 'classify' })
    encoder.clearBuffer(this.sets.classCounts)
    const pass = encoder.beginComputePass()
    encode(pass, this.look)
    pass.end()
    const copy = readback.encode(encoder, this.sets.classCounts, 0, classCountBytes)
    this.device.queue.submit([encoder.finish()])
    const { temporaryNow, ...counts } = readClassCounts(await copy.read())
    return { counts, temporaryNow }
  }

  async sample(indices: Uint32Array<ArrayBuffer>, statisticsStep: number, readback: Readback): Promise<WeightSample[]> {
    const list = await storageBuffer(this.device, 'indices', indices.byteLength)
    const readings = await storageBuffer(this.device, 'readings', indices.length * readingBytes)
    write(this.device, list, indices)
    const { weights, noiseMean, noiseSquare, importance } = this.arena
    const buffers = { indices: list, weights, noiseMean, noiseSquare, importance, classes: this.sets.classes, readings }
    const encoder = this.device.createCommandEncoder({ label: 'sample' })
    const pass = encoder.beginComputePass()
    encode(pass, [this.gather.bind(buffers, workgroups(indices.length, 256))])
    pass.end()
    const copy = readback.encode(encoder, readings, 0, indices.length * readingBytes)
    this.device.queue.submit([encoder.finish()])
    const read = readReadings(await copy.read())
    list.destroy()
    readings.destroy()
    return read.map((reading) => toSample(reading, this.decay, statisticsStep))
  }

  /** Nobody was a temporary sentinel. */
  forget(): void {
    const encoder = this.device.createCommandEncoder({ label: 'forget' })
    encoder.clearBuffer(this.sets.everTop)
    this.device.queue.submit([encoder.finish()])
  }

  dispose(): void {
    for (const ranker of this.rankers) ranker.dispose()
    for (const buffer of Object.values(this.sets) as GPUBuffer[]) buffer.destroy()
  }

  private get decay() {
    const { method } = this.blueprint.experiment
    return plugin('method', method.id).noiseDecay(method.values)
  }
}

async function createSets(device: GPUDevice, words: number): Promise<Sets> {
  const set = (name: string) => storageBuffer(device, name, 4 * words)
  return {
    sentinel: await set('sentinel'), batchTop: await set('batchTop'), everTop: await set('everTop'),
    classes: await storageBuffer(device, 'classes', 8 * words),
    classCounts: await storageBuffer(device, 'classCounts', classCountBytes),
  }
}
