import { Readback } from '../../gpu/readback'
import type { ArenaBackend } from '../../tf/backend'
import type { Blueprint } from '../executor/blueprint'
import { groupsOf } from '../executor/choosing'
import type { Executor } from '../executor/executor'
import { createArena, destroyArena } from './gpuArena'
import { GpuClasses } from './gpuClasses'
import { GpuCurvature } from './gpuCurvature'
import { GpuCutter } from './gpuCutter'
import { GpuExecutor } from './gpuExecutor'
import { createFlatKernels } from './gpuKernels'
import { openModel } from './gpuModel'
import { GpuPainter } from './gpuPainter'
import { createReadWeights, type ReadWeights } from './gpuReadWeights'
import { GpuState } from './gpuState'
import { GpuStatistics } from './gpuStatistics'
import { allOrNone } from './allOrNone'
import { extrasOf } from '../executor/extras'
import { rateRanges } from '../executor/rates'

/**
 * Compiles the kernels and records the model.
 * @throws Problem when the model does not fit or a kernel does not compile; AbortError when the signal fires meanwhile
 */
export async function openGpuExecutor(
  blueprint: Blueprint,
  device: GPUDevice,
  backend: ArenaBackend,
  tuned: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<Executor> {
  const { layout, experiment } = blueprint
  const groups = groupsOf(blueprint)
  const arena = await createArena(device, layout, extrasOf(blueprint.pruning))
  const readback = new Readback(device)
  let read: ReadWeights | undefined
  try {
    read = await createReadWeights(device, blueprint, arena)
    // All at once, so that their kernels compile side by side.
    const model = openModel(blueprint, device, backend, { ...arena, weights: read.buffer }, tuned, signal)
    const classes = GpuClasses.create(device, blueprint, arena, groups)
    const [made, kernels, cutter, statistics, curvature, told, painter] = await allOrNone([
      model,
      createFlatKernels(
        device,
        layout,
        arena,
        model.then(({ loss }) => loss),
        experiment.training.optimizer,
        rateRanges(layout, experiment.training),
      ),
      GpuCutter.create(device, blueprint, arena, groups),
      GpuStatistics.create(device, blueprint, arena),
      GpuCurvature.create(device, layout, arena),
      classes,
      classes.then((found) =>
        GpuPainter.create(device, layout, arena, found.classes, readback, blueprint.report.software),
      ),
    ])
    const state = new GpuState(device, layout, arena, readback)
    const shared = { blueprint, device, backend, arena, readback, state, read }
    return new GpuExecutor({ ...shared, model: made, kernels, cutter, statistics, curvature, classes: told, painter })
  } catch (error) {
    readback.dispose()
    read?.dispose()
    destroyArena(arena)
    throw error
  }
}
