/** Weight classes over typed arrays: the twins of what gpuClasses.ts runs on the device. */
import type { Group } from '../../core/scope'
import type { ClassCounts } from '../../core/trainer'
import { gather, gatherRanked } from '../../../shaders/show/gather'
import { classCountBytes, mark, readClassCounts } from '../../../shaders/show/mark'
import { positiveMembers } from '../../../shaders/select/mask'
import { selectionTables, type SelectionTables } from '../../../shaders/select/select'
import type { Blueprint } from '../executor/blueprint'
import type { CpuArena } from './cpuArena'
import type { WeightSample } from '../executor/executor'
import type { Twins } from './twins'
import { toSample } from '../executor/weightSample'

export class CpuClasses {
  /** 4 bits a weight; valid after `count`. */
  readonly classes: Uint32Array

  constructor(
    private readonly blueprint: Blueprint,
    private readonly arena: CpuArena,
    private readonly twins: Pick<Twins, 'select'>,
  ) {
    this.classes = new Uint32Array(blueprint.layout.prunableLength / 8)
  }

  count(groups: readonly Group[]): ClassCounts {
    const { pruning, layout } = this.blueprint
    const { mask, weights, steady, peak } = this.arena
    const tables = selectionTables(layout, groups)
    const classCounts = new Uint32Array(classCountBytes / 4)
    const sets = { sentinel: this.best(steady, tables), peaked: this.best(peak, tables) }
    mark({ tiles: tables.tiles, mask, weights, ...sets, classes: this.classes, classCounts }, pruning.pruned === 'free')
    return readClassCounts(classCounts.buffer)
  }

  sample(indices: Uint32Array, statisticsStep: number): WeightSample[] {
    const { decay } = this.blueprint.pruning
    const ranked = gatherRanked({ ...this.arena, indices })
    return gather({ ...this.arena, indices, classes: this.classes }).flatMap((reading, k) => {
      const more = ranked[k]
      return more ? toSample(reading, more, decay, statisticsStep) : []
    })
  }

  /** The best of each group, bit-packed. @param values one a weight of the prunable part */
  private best(values: Float32Array, tables: SelectionTables): Uint32Array {
    const scores = new Uint32Array(values.buffer, values.byteOffset, values.length)
    const members = new Uint32Array(values.length / 32)
    positiveMembers({ scores, tiles: tables.tiles, thresholds: this.twins.select(scores, tables) }, members)
    return members
  }
}
