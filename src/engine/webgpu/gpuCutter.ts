/**
 * Mask changes on the device: score, exact selection, mask. An exchange ranks twice; a threshold keeps more than the
 * counts ask for.
 */
import { plugin } from '../../config/registries'
import type { Formula } from '../../core/method'
import type { Group } from '../../core/scope'
import * as shaders from '../../../shaders'
import { limitStruct } from '../../../shaders/select/loosen'
import type { CutKind } from '../../../shaders/select/mask'
import { storageBuffer, uniformBuffer, write } from '../../gpu/buffers'
import { createKernel, workgroups, type Dispatch, type Kernel } from '../../gpu/kernel'
import type { Blueprint } from '../executor/blueprint'
import { candidatesFor } from '../executor/choosing'
import type { Criterion, PruneEvent, StepInputs } from '../executor/executor'
import type { GpuArena } from './gpuArena'
import { Ranker, type GradientSource } from './gpuRanker'
import { criteriaOf } from '../executor/criteria'
import { viewSettings } from '../executor/settings'

interface Kernels {
  readonly cuts: Readonly<Record<CutKind, Kernel>>
  readonly member: Kernel
  readonly loosen: Kernel
}

/** The kernels that follow a ranking, bound to its thresholds. */
interface Followers {
  readonly ranker: Ranker
  readonly cuts: Readonly<Record<CutKind, Dispatch>>
  readonly member: Dispatch
  readonly loosen: Dispatch
}

export class GpuCutter {
  private constructor(
    private readonly device: GPUDevice,
    private readonly blueprint: Blueprint,
    private readonly rankings: ReadonlyMap<Formula, Followers>,
    private readonly survivors: GPUBuffer,
    private readonly limit: GPUBuffer,
  ) {}

  /** @param groups tensors that share a budget where weights are ranked; counts come with each event */
  static async create(
    device: GPUDevice,
    blueprint: Blueprint,
    arena: GpuArena,
    groups: readonly Group[],
  ): Promise<GpuCutter> {
    const { method } = blueprint.experiment
    const candidates = candidatesFor(method, blueprint.layout)
    const ranked = candidates.units ? candidates.groups(plugin('method', method.id).scope(method.values), 0) : groups
    const rankerOf = async (criterion: Criterion) =>
      [criterion.formula, await Ranker.create(device, blueprint, arena, criterion, candidates, ranked)] as const
    const [held, free, latent, member, loosen, survivors, limit, rankers] = await Promise.all([
      createKernel(device, 'mask', shaders.mask),
      createKernel(device, 'mask', shaders.mask, { entryPoint: 'free' }),
      createKernel(device, 'mask', shaders.mask, { entryPoint: 'latent' }),
      createKernel(device, 'member', shaders.member),
      createKernel(device, 'loosen', shaders.loosen),
      storageBuffer(device, 'survivors', blueprint.layout.prunableLength / 8),
      uniformBuffer(device, 'limit', limitStruct.bytes),
      Promise.all(criteriaOf(method).map(rankerOf)),
    ])
    const kernels = { cuts: { held, free, latent }, member, loosen }
    const rankings = rankers.map(
      ([formula, ranker]) => [formula, followersOf(blueprint, arena, kernels, ranker, survivors, limit)] as const,
    )
    return new GpuCutter(device, blueprint, new Map(rankings), survivors, limit)
  }

  /** The dispatches of a mask change; sets what they read for the commands submitted next. */
  dispatches(event: PruneEvent, inputs: StepInputs, source: GradientSource): Dispatch[] {
    const { exchange, threshold } = event
    const first = this.ranking(event.criterion)
    first.ranker.prepare(
      exchange ? exchange.survivors : event.groups,
      viewSettings(this.blueprint, inputs, exchange || event.nested ? 'kept' : 'all'),
    )
    if (threshold !== undefined) write(this.device, this.limit, limitStruct.write({ score: threshold }))
    if (!exchange)
      return [
        ...first.ranker.dispatches(source),
        ...(threshold === undefined ? [] : [first.loosen]),
        first.cuts[event.kind],
      ]
    const second = this.ranking(exchange.grow)
    second.ranker.prepare(event.groups, viewSettings(this.blueprint, inputs, 'pruned'))
    return [
      ...first.ranker.dispatches(source),
      first.member,
      ...second.ranker.dispatches(source, this.survivors),
      second.cuts[event.kind],
    ]
  }

  dispose(): void {
    for (const { ranker } of this.rankings.values()) ranker.dispose()
    this.survivors.destroy()
    this.limit.destroy()
  }

  private ranking({ formula }: Criterion): Followers {
    const found = this.rankings.get(formula)
    if (!found) throw new TypeError(`No kernel was compiled for the score ${formula.wgsl}.`)
    return found
  }
}

function followersOf(
  { layout }: Blueprint,
  arena: GpuArena,
  kernels: Kernels,
  ranker: Ranker,
  survivors: GPUBuffer,
  limit: GPUBuffer,
): Followers {
  const { control, scores, mask, weights, moment1, moment2, importance } = arena
  const { tiles, thresholds } = ranker.selection
  const words = workgroups(layout.prunableLength / 32, 256)
  const cut = { control, scores, tiles, thresholds, mask, weights, moment1, moment2, importance }
  return {
    ranker,
    cuts: {
      held: kernels.cuts.held.bind(cut, words),
      free: kernels.cuts.free.bind(cut, words),
      latent: kernels.cuts.latent.bind(cut, words),
    },
    member: kernels.member.bind({ scores, tiles, thresholds, members: survivors }, words),
    loosen: kernels.loosen.bind({ limit, thresholds }, workgroups(thresholds.size / 8, 256)),
  }
}
