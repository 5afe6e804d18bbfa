/**
 * Mask changes on the device: score, exact selection, mask. An exchange ranks twice; a threshold keeps more than the
 * counts ask for.
 */
import type { Formula } from '../../core/view'
import type { Criterion } from '../../core/pruning'
import type { Group } from '../../core/scope'
import * as shaders from '../../../shaders'
import { limitStruct } from '../../../shaders/select/loosen'
import type { CutKind } from '../../../shaders/select/mask'
import { scoresOf, selectBytes } from '../../../shaders/select/select'
import { storageBuffer, uniformBuffer, write } from '../../gpu/buffers'
import { createKernel, workgroups, type Dispatch, type Kernel } from '../../gpu/kernel'
import type { Readback } from '../../gpu/readback'
import type { Blueprint } from '../executor/blueprint'
import { candidatesFor } from '../executor/choosing'
import type { PruneEvent, StepInputs } from '../executor/executor'
import type { GpuArena } from './gpuArena'
import { Ranker, type GradientSource } from './gpuRanker'
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
  /** Whether some weights were ranked by the method's score. */
  private hasRanked = false

  private constructor(
    private readonly device: GPUDevice,
    private readonly blueprint: Blueprint,
    private readonly rankings: Readonly<Partial<Record<Criterion, Followers>>>,
    private readonly survivors: GPUBuffer,
    private readonly limit: GPUBuffer,
    /** How many there are in a ranking. */
    private readonly groups: number,
  ) {}

  /** @param groups tensors that share a budget where weights are ranked; counts come with each event */
  static async create(
    device: GPUDevice,
    blueprint: Blueprint,
    arena: GpuArena,
    groups: readonly Group[],
  ): Promise<GpuCutter> {
    const { pruning } = blueprint
    const candidates = candidatesFor(blueprint)
    const ranked = candidates.units ? candidates.groups(pruning.scope, 0) : groups
    // Cuts that are made in JavaScript rank nothing here.
    const formulas =
      pruning.plan.calibration !== undefined || pruning.cut !== undefined
        ? []
        : Object.entries<Formula>({ ...pruning.criteria })
    const [held, free, latent, member, loosen, survivors, limit, rankers] = await Promise.all([
      createKernel(device, 'mask', shaders.mask),
      createKernel(device, 'mask', shaders.mask, { entryPoint: 'free' }),
      createKernel(device, 'mask', shaders.mask, { entryPoint: 'latent' }),
      createKernel(device, 'member', shaders.member),
      createKernel(device, 'loosen', shaders.loosen),
      storageBuffer(device, 'survivors', blueprint.layout.prunableLength / 8),
      uniformBuffer(device, 'limit', limitStruct.bytes),
      Promise.all(formulas.map(([, formula]) => Ranker.create(device, blueprint, arena, formula, candidates, ranked))),
    ])
    const kernels = { cuts: { held, free, latent }, member, loosen }
    const rankings = Object.fromEntries(
      rankers.map((ranker, i) => [formulas[i]?.[0], followersOf(blueprint, arena, kernels, ranker, survivors, limit)]),
    ) as Partial<Record<Criterion, Followers>>
    return new GpuCutter(device, blueprint, rankings, survivors, limit, ranked.length)
  }

  /** The dispatches of a mask change; sets what they read for the commands submitted next. */
  dispatches(event: PruneEvent, inputs: StepInputs, source: GradientSource): Dispatch[] {
    const { survivors, threshold } = event
    const first = this.ranking(event.criterion)
    this.hasRanked = event.survivors === undefined
    first.ranker.prepare(
      survivors ?? event.groups,
      viewSettings(this.blueprint, inputs, survivors || event.nested ? 'kept' : 'all'),
    )
    if (threshold !== undefined) write(this.device, this.limit, limitStruct.write({ score: threshold }))
    if (!survivors)
      return [
        ...first.ranker.dispatches(source),
        ...(threshold === undefined ? [] : [first.loosen]),
        first.cuts[event.kind],
      ]
    const second = this.ranking('grow')
    second.ranker.prepare(event.groups, viewSettings(this.blueprint, inputs, 'pruned'))
    return [
      ...first.ranker.dispatches(source),
      first.member,
      ...second.ranker.dispatches(source, this.survivors),
      second.cuts[event.kind],
    ]
  }

  /** The lowest score of each group that was kept last. */
  async lowestKept(readback: Readback): Promise<number[]> {
    const thresholds = this.rankings.score?.ranker.selection.thresholds
    if (!this.hasRanked || !thresholds) return []
    // A buffer may be larger than what is in it.
    const bytes = Math.min(thresholds.size, selectBytes.threshold * this.groups)
    return scoresOf(new Uint32Array(await readback.read(thresholds, 0, bytes)))
  }

  /** Forgets the last mask change. */
  forget(): void {
    this.hasRanked = false
  }

  dispose(): void {
    for (const { ranker } of Object.values(this.rankings)) ranker.dispose()
    this.survivors.destroy()
    this.limit.destroy()
  }

  private ranking(criterion: Criterion): Followers {
    const found = this.rankings[criterion] ?? this.rankings.score
    if (!found) throw new TypeError("The method's cuts are made in JavaScript: nothing ranks weights on the device.")
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
