/**
 * A method's own numbers of each weight on the device (src/core/method.ts, `Statistics`), and a weight's next value
 * where it gives one.
 */
import * as shaders from '../../../shaders'
import { assignKernel } from '../../../shaders/formula/assign'
import { viewUniform, type ViewSettings } from '../../../shaders/formula/view'
import { storageBuffer, uniformBuffer, write } from '../../gpu/buffers'
import { createKernel, workgroups, type Dispatch } from '../../gpu/kernel'
import type { Blueprint } from '../executor/blueprint'
import { viewBuffer, type GpuArena } from './gpuArena'
import { assignmentsOf, atRest, isIdle, moments, numberKnobs, viewSettings, type Moment } from '../executor/settings'

/** What finds `x.largest`, and the table of tensors that it reads. */
interface Measure {
  readonly dispatch: Dispatch
  readonly places: GPUBuffer
}

/** Null where no formula reads it. */
async function measureOf(
  device: GPUDevice,
  { layout: { prunable } }: Blueprint,
  { weights, largest }: GpuArena,
): Promise<Measure | null> {
  if (!largest) return null
  const kernel = await createKernel(device, 'largest', shaders.largest)
  const places = await storageBuffer(device, 'places', 8 * prunable.length)
  write(device, places, Uint32Array.from(prunable.flatMap(({ offset, size }) => [offset, size])))
  return { dispatch: kernel.bind({ weights, places, largest }, [prunable.length]), places }
}

export class GpuStatistics {
  private constructor(
    private readonly device: GPUDevice,
    private readonly blueprint: Blueprint,
    private readonly uniform: GPUBuffer,
    private readonly passes: Readonly<Record<Moment, readonly Dispatch[]>>,
    private readonly measure: Measure | null,
  ) {}

  static async create(device: GPUDevice, blueprint: Blueprint, arena: GpuArena): Promise<GpuStatistics> {
    const { pruning } = blueprint
    const { values } = pruning
    const knobs = numberKnobs(values)
    const uniform = await uniformBuffer(
      device,
      'view',
      viewUniform(viewSettings(blueprint, atRest, 'all'), knobs, values).byteLength,
    )
    const passOf = async (moment: Moment): Promise<Dispatch[]> => {
      const pass = assignmentsOf(pruning, moment)
      if (isIdle(pass)) return []
      const { wgsl, buffers } = assignKernel(pass, knobs)
      const bound = Object.fromEntries(buffers.map((name) => [name, viewBuffer(arena, name)]))
      const kernel = await createKernel(device, moment, wgsl)
      return [
        kernel.bind(
          { view: uniform, control: arena.control, ...bound },
          workgroups(blueprint.layout.prunableLength, 256),
        ),
      ]
    }
    const [measure, ...passes] = await Promise.all([measureOf(device, blueprint, arena), ...moments.map(passOf)])
    return new GpuStatistics(
      device,
      blueprint,
      uniform,
      Object.fromEntries(moments.map((moment, i) => [moment, passes[i] ?? []])) as Record<Moment, Dispatch[]>,
      measure,
    )
  }

  /** Sets what formulas see of the step, for the commands submitted next. */
  prepare(settings: ViewSettings): void {
    const { values } = this.blueprint.pruning
    write(this.device, this.uniform, viewUniform(settings, numberKnobs(values), values))
  }

  /** What the method does at a moment; empty where it does nothing. */
  at(moment: Moment): readonly Dispatch[] {
    return this.measure && (moment === 'start' || moment === 'digest')
      ? [this.measure.dispatch, ...this.passes[moment]]
      : this.passes[moment]
  }

  dispose(): void {
    this.uniform.destroy()
    this.measure?.places.destroy()
  }
}
