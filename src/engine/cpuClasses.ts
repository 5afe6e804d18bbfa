/** Weight classes over typed arrays: the twins of what gpuClasses.ts runs on the device. */
import { plugin } from '../config/registries'
import type { Group } from '../core/scope'
import { gather } from '../../shaders/gather'
import { mark, readClassCounts } from '../../shaders/mark'
import { positiveMembers } from '../../shaders/mask'
import { score } from '../../shaders/score'
import { select, selectionTables, type SelectionTables } from '../../shaders/select'
import type { Blueprint } from './blueprint'
import type { CpuArena } from './cpuArena'
import { importanceCriterion, sensitivityCriterion } from './criteria'
import type { ClassCounts, Criterion, WeightSample } from './executor'
import { atRest, methodUniform, viewSettings } from './settings'
import { toSample } from './weightSample'

export class CpuClasses {
  /** 2 bits a weight; valid after `count`. */
  readonly classes: Uint32Array
  private readonly everTop: Uint32Array

  constructor(private readonly blueprint: Blueprint, private readonly arena: CpuArena) {
    const words = blueprint.layout.prunableLength / 32
    this.classes = new Uint32Array(2 * words)
    this.everTop = new Uint32Array(words)
  }

  count(groups: readonly Group[]): ClassCounts {
    const tables = selectionTables(this.blueprint.layout, groups)
    const classCounts = new Uint32Array(5)
    mark({
      tiles: tables.tiles, mask: this.arena.mask, everTop: this.everTop, classes: this.classes, classCounts,
      sentinel: this.top(importanceCriterion, tables), batchTop: this.top(sensitivityCriterion, tables),
    })
    const { temporaryNow, ...counts } = readClassCounts(classCounts.buffer)
    return { counts, temporaryNow }
  }

  sample(indices: Uint32Array, statisticsStep: number): WeightSample[] {
    const { method } = this.blueprint.experiment
    const decay = plugin('method', method.id).noiseDecay(method.values)
    return gather({ ...this.arena, indices, classes: this.classes }).map((reading) => toSample(reading, decay, statisticsStep))
  }

  forget(): void {
    this.everTop.fill(0)
  }

  /** The best of each group, bit-packed. */
  private top({ formula }: Criterion, tables: SelectionTables): Uint32Array {
    score(this.arena, (x) => formula.js(x, {}), viewSettings(this.blueprint, atRest, 'kept'), methodUniform)
    const members = new Uint32Array(this.blueprint.layout.prunableLength / 32)
    positiveMembers({ scores: this.arena.scores, tiles: tables.tiles, thresholds: select(this.arena.scores, tables) }, members)
    return members
  }
}
