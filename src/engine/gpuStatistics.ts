/** A method's own numbers of each weight on the device (src/core/method.ts, `Statistics`), and a weight's next value where it gives one. */
import { plugin } from '../config/registries'
import { assignKernel } from '../../shaders/assign'
import { viewUniform, type ViewSettings } from '../../shaders/view'
import { uniformBuffer, write } from '../gpu/buffers'
import { createKernel, workgroups, type Dispatch } from '../gpu/kernel'
import type { Blueprint } from './blueprint'
import { viewBuffer, type GpuArena } from './gpuArena'
import { assignmentsOf, atRest, moments, numberKnobs, viewSettings, type Moment } from './settings'

export class GpuStatistics {
  private constructor(
    private readonly device: GPUDevice, private readonly blueprint: Blueprint, private readonly uniform: GPUBuffer,
    private readonly passes: Readonly<Record<Moment, readonly Dispatch[]>>,
  ) {}

  static async create(device: GPUDevice, blueprint: Blueprint, arena: GpuArena): Promise<GpuStatistics> {
    const { values, id } = blueprint.experiment.method
    const knobs = numberKnobs(values)
    const uniform = await uniformBuffer(device, 'view', viewUniform(viewSettings(blueprint, atRest, 'all'), knobs, values).byteLength)
    const passOf = async (moment: Moment): Promise<Dispatch[]> => {
      const pass = assignmentsOf(plugin('method', id), moment)
      if (Object.keys(pass.assignments).length === 0 && !pass.step) return []
      const { wgsl, buffers } = assignKernel(pass, knobs)
      const bound = Object.fromEntries(buffers.map((name) => [name, viewBuffer(arena, name)]))
      const kernel = await createKernel(device, moment, wgsl)
      return [kernel.bind({ view: uniform, control: arena.control, ...bound }, workgroups(blueprint.layout.prunableLength, 256))]
    }
    const passes = await Promise.all(moments.map(passOf))
    return new GpuStatistics(device, blueprint, uniform, Object.fromEntries(moments.map((moment, i) => [moment, passes[i] ?? []])) as Record<Moment, Dispatch[]>)
  }

  /** Sets what formulas see of the step, for the commands submitted next. */
  prepare(settings: ViewSettings): void {
    const { values } = this.blueprint.experiment.method
    write(this.device, this.uniform, viewUniform(settings, numberKnobs(values), values))
  }

  /** What the method does at a moment; empty where it does nothing. */
  at(moment: Moment): readonly Dispatch[] {
    return this.passes[moment]
  }

  dispose(): void {
    this.uniform.destroy()
  }
}
