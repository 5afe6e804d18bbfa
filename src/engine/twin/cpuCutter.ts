/** A method's own numbers and mask changes over typed arrays: the twins of gpuStatistics.ts and gpuCutter.ts. */
import { assign } from '../../../shaders/formula/assign'
import { largest } from '../../../shaders/formula/largest'
import { loosen } from '../../../shaders/select/loosen'
import { member } from '../../../shaders/select/mask'
import { scoresOf } from '../../../shaders/select/select'
import type { Control } from '../../../shaders/train/norm'
import type { Ranked } from '../../../shaders/formula/view'
import type { Candidates } from '../../core/candidates'
import { formulaOf, type Criterion } from '../../core/pruning'
import type { Group } from '../../core/scope'
import type { Blueprint } from '../executor/blueprint'
import { candidatesFor, chosen } from '../executor/choosing'
import type { CpuArena } from './cpuArena'
import type { PruneEvent, StepInputs } from '../executor/executor'
import { extrasOf } from '../executor/extras'
import { assignmentsOf, isIdle, methodUniform, viewSettings, type Moment } from '../executor/settings'
import { plainTwins, type Twins } from './twins'

export class CpuCutter {
  private readonly candidates: Candidates
  /** Whether some formula reads `x.largest`. */
  private readonly measures: boolean
  /** (key, index) of each group at the last mask change. */
  private thresholds: Uint32Array = new Uint32Array(0)

  /** @param blueprint its method, layout and seed are what counts */
  constructor(
    private readonly blueprint: Pick<Blueprint, 'experiment' | 'pruning' | 'layout'>,
    private readonly arena: CpuArena,
    private readonly twins: Pick<Twins, 'score' | 'select' | 'mask'> = plainTwins,
  ) {
    this.measures = extrasOf(blueprint.pruning).includes('largest')
    this.candidates = candidatesFor(blueprint)
  }

  /** What the method does to its own numbers at a moment. */
  assign(moment: Moment, inputs: StepInputs, control: Control): void {
    const { pruning } = this.blueprint
    const pass = assignmentsOf(pruning, moment)
    if (this.measures && (moment === 'start' || moment === 'digest') && !control.halted)
      largest(this.arena.weights, this.blueprint.layout.prunable, this.arena.largest)
    if (isIdle(pass)) return
    assign(this.arena, pass, pruning.values, viewSettings(this.blueprint, inputs, 'all'), control, methodUniform)
  }

  /** Changes the mask. @param grads what `x.g` is in scores */
  cut(event: PruneEvent, inputs: StepInputs, grads: Float32Array, control: Control): void {
    if (control.halted) return
    this.assign('digest', inputs, control)
    if (event.survivors) {
      const first = this.rank(event.criterion, event.survivors, inputs, 'kept', grads)
      const survivors = new Uint32Array(this.arena.mask.length)
      member({ scores: this.arena.scores, ...first }, survivors)
      this.twins.mask(
        { ...this.arena, ...this.rank('grow', event.groups, inputs, 'pruned', grads, survivors) },
        control,
        event.kind,
      )
      return
    }
    const { thresholds, tiles } = this.rank(event.criterion, event.groups, inputs, event.nested ? 'kept' : 'all', grads)
    if (event.threshold !== undefined) loosen(thresholds, event.threshold)
    this.thresholds = thresholds
    this.twins.mask({ ...this.arena, tiles, thresholds }, control, event.kind)
  }

  /** The lowest score of each group that was kept last. */
  lowestKept(): number[] {
    return scoresOf(this.thresholds)
  }

  /** Forgets the last mask change. */
  forget(): void {
    this.thresholds = new Uint32Array(0)
  }

  /** Scores by a criterion, and the thresholds that keep the groups' counts. @param kept the set that counts as kept */
  private rank(
    criterion: Criterion,
    groups: readonly Group[],
    inputs: StepInputs,
    ranked: Ranked,
    grads: Float32Array,
    kept = this.arena.mask,
  ): ReturnType<typeof chosen> {
    this.score(criterion, inputs, ranked, grads, kept)
    return chosen(this.arena.scores, this.blueprint.layout, this.candidates, groups, this.twins.select)
  }

  /** Scores every weight. @param kept the set that counts as kept */
  score(criterion: Criterion, inputs: StepInputs, ranked: Ranked, grads: Float32Array, kept = this.arena.mask): void {
    const { arena, blueprint } = this
    const { values, names } = blueprint.pruning
    this.twins.score(
      { ...arena, grads, mask: kept },
      formulaOf(blueprint.pruning, criterion),
      values,
      viewSettings(blueprint, inputs, ranked),
      methodUniform,
      names,
    )
  }
}
