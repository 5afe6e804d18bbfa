import type { Candidates } from '../../core/candidates'
import type { Formula } from '../../core/view'
import type { Group } from '../../core/scope'
import { scoreKernel } from '../../../shaders/formula/score'
import { keptCounts } from '../../../shaders/select/select'
import { viewUniform, type ViewSettings } from '../../../shaders/formula/view'
import { uniformBuffer, write } from '../../gpu/buffers'
import { createKernel, workgroups, type Dispatch, type Kernel } from '../../gpu/kernel'
import type { Selection } from '../../gpu/selection'
import type { Blueprint } from '../executor/blueprint'
import { selectionOf } from '../executor/choosing'
import { viewBuffer, type GpuArena } from './gpuArena'
import { atRest, numberKnobs, viewSettings } from '../executor/settings'

/** Where a formula's `x.g` comes from: this step's gradients, or the mean that scoring keeps in `moment1`. */
export type GradientSource = 'grads' | 'moment1'

/** Scores by one formula, and then exact selection. */
export class Ranker {
  /** Binding costs JavaScript time, and some methods cut at every step. */
  private readonly bound = new Map<GradientSource, Map<GPUBuffer, readonly Dispatch[]>>()

  private constructor(
    private readonly device: GPUDevice,
    private readonly blueprint: Blueprint,
    private readonly arena: GpuArena,
    private readonly kernel: Kernel,
    private readonly buffers: readonly string[],
    private readonly uniform: GPUBuffer,
    readonly selection: Selection,
  ) {}

  /** @param candidates what is ranked */
  static async create(
    device: GPUDevice,
    blueprint: Blueprint,
    arena: GpuArena,
    formula: Formula,
    candidates: Candidates,
    groups: readonly Group[],
  ): Promise<Ranker> {
    const { values, names } = blueprint.pruning
    const knobs = numberKnobs(values)
    const { wgsl, buffers } = scoreKernel(formula.wgsl, knobs, names)
    const [kernel, uniform, selection] = await Promise.all([
      createKernel(device, 'score', wgsl),
      uniformBuffer(device, 'view', viewUniform(viewSettings(blueprint, atRest, 'kept'), knobs, values).byteLength),
      selectionOf(device, blueprint.layout, candidates, groups),
    ])
    return new Ranker(device, blueprint, arena, kernel, buffers, uniform, selection)
  }

  /** Sets counts and what formulas see of the step, for the commands submitted next. */
  prepare(groups: readonly Group[], settings: ViewSettings): void {
    const { values } = this.blueprint.pruning
    write(this.device, this.uniform, viewUniform(settings, numberKnobs(values), values))
    this.selection.keep(keptCounts(groups))
  }

  /** Score and selection; afterwards the thresholds are valid. @param mask the set that counts as kept */
  dispatches(source: GradientSource, mask = this.arena.mask): readonly Dispatch[] {
    const known = this.bound.get(source)?.get(mask)
    if (known) return known
    const made = this.bind(source, mask)
    this.bound.set(source, (this.bound.get(source) ?? new Map<GPUBuffer, readonly Dispatch[]>()).set(mask, made))
    return made
  }

  private bind(source: GradientSource, mask: GPUBuffer): Dispatch[] {
    const bound = Object.fromEntries(
      this.buffers.map((name) => [name, viewBuffer(this.arena, name === 'grads' ? source : name)]),
    )
    const score = this.kernel.bind(
      { view: this.uniform, ...bound, mask },
      workgroups(this.blueprint.layout.prunableLength, 256),
    )
    return [score, ...this.selection.dispatches(this.arena.scores)]
  }

  dispose(): void {
    this.uniform.destroy()
    this.selection.dispose()
  }
}
