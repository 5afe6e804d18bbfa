/** Single kernels, as the engine runs them: taken from the commands of a real step. */
import { plugin } from '../config/registries'
import { placeTensors } from '../core/layout'
import { pruningOf } from '../core/pruning'
import type { Host } from '../core/host'
import { Problem } from '../core/problem'
import type { ProductSize } from '../core/product'
import { openDevices, openExecutor, type RuntimeOptions } from '../engine/run/runtime'
import { Pruner } from '../engine/cuts/pruner'
import { storageBuffer } from '../gpu/buffers'
import { createKernel, workgroups } from '../gpu/kernel'
import { timeInTurns, type Timed } from '../gpu/timing'
import type { ArenaBackend } from '../tf/backend'
import { productRate } from '../tf/productRate'
import { tf } from '../tf/tfjs'
import type { Meter } from './meter'
import { timeMultiplyAdds } from './multiplyAdds'
import type { KernelResults } from './result'
import type { Point } from './statistics'
import { openTask, type Task } from './workloads'

/** Sizes to time. */
export interface KernelSizes {
  /** Parameters of the update pass and the selection; the last one gives the bandwidth. */
  readonly parameters: readonly number[]
  readonly products: readonly ProductSize[]
}

const times = { rounds: 9, budgetMs: 3000 }

/** Times the update pass, selection and products; `growth` is the update pass by parameters. */
export async function timeKernels(
  sizes: KernelSizes,
  host: Host,
  runtime: RuntimeOptions,
  meter: Meter,
  say: (text: string) => void,
): Promise<{ kernels: KernelResults; growth: readonly Point[] }> {
  const task = await openTask(
    { name: 'mlp', batch: 1, model: { model: 'mlp' }, data: { pixels: 32 }, hardware: false },
    host,
  )
  const flat = []
  for (const parameters of sizes.parameters) {
    say(`update pass and selection of ${parameters} parameters`)
    flat.push(await timeFlat(parameters, task, runtime, meter))
  }
  const matmul = []
  for (const product of sizes.products) {
    say(`product ${product.m} x ${product.k} x ${product.n}`)
    const backend = tf.findBackend('webgpu') as unknown as ArenaBackend
    matmul.push({ ...product, gflops: await productRate(backend, product, times) })
  }
  say('multiply-adds alone')
  const peakGflops = await timeMultiplyAdds(openedDevice())
  const largest = flat.at(-1)
  if (!largest) throw new Problem('No sizes were given for the kernels.', 'Give at least one number of parameters.')
  return {
    kernels: { update: largest.update, peakGflops, matmul, select: flat.map((f) => f.select) },
    growth: flat.map((f) => ({ x: f.update.params, ms: f.updateMs })),
  }
}

/** An MLP of width w over images of 32 x 32 x 3 and ten classes has about 3,083 w parameters, nearly all prunable. */
const parametersPerUnit = 3083

/** Bytes that an update must move for a weight: seven buffers read, six written, and a bit of mask. */
const updateBytes = 52 + 1 / 8

async function timeFlat(
  wanted: number,
  { experiment: base, input, batch }: Task,
  runtime: RuntimeOptions,
  meter: Meter,
) {
  const values = { width: Math.max(1, Math.round(wanted / parametersPerUnit)) }
  const experiment = { ...base, model: { id: 'mlp', values } }
  const layout = placeTensors(plugin('model', 'mlp').tensors(values, input))
  const executor = await openExecutor(experiment, input, layout, runtime)
  const device = openedDevice()
  try {
    const weights = Float32Array.from({ length: layout.length }, (_, i) => Math.sin(i))
    await executor.setWeights({ weights, moments: 'fresh' })
    const event = new Pruner(pruningOf(plugin('method', 'sevenDyn'), experiment.method.values, 40), layout).training(0)
    const commands = meter.listen(() =>
      executor.train(batch(0), { step: 0, momentAge: 0, rate: 1e-6, statisticsStep: 0 }, event),
    )
    await executor.drain()
    const update = commands.find((c) => labelOf(c) === 'update')
    const select = commands.filter((c) => labelOf(c).startsWith('select'))
    if (!update || !select.length || !event || event.kept === 0)
      throw new TypeError('A step has no update or no selection.')
    const copy = await copyOf(device, layout.length)
    const [updateNs = NaN, copyNs = NaN, bufferCopyNs = NaN, ...selectNs] = await timeInTurns(
      device,
      [update, ...copy.commands, ...select],
      times,
    )
    copy.dispose()
    const { parameterCount: params, prunableCount } = layout
    return {
      update: {
        gbPerS: (layout.length * updateBytes) / updateNs,
        copyGbPerS: (8 * layout.length) / Math.min(copyNs, bufferCopyNs),
        params,
      },
      updateMs: updateNs / 1e6,
      select: { n: prunableCount, ms: selectNs.reduce((a, b) => a + b, 0) / 1e6, dispatches: select.length },
    }
  } finally {
    executor.dispose()
  }
}

/** The device that the engine opened. */
export function openedDevice(): GPUDevice {
  const [device] = openDevices()
  if (!device)
    throw new Problem('No WebGPU device is open.', 'Time a workload first; the benchmark runs on WebGPU only.')
  return device
}

/** The kernel behind a command, by its pipeline. */
function labelOf(command: Timed): string {
  return 'pipeline' in command ? command.pipeline.label : 'copy'
}

const copyText = `
@group(0) @binding(0) var<storage, read> source: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> copied: array<vec4f>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) thread: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = thread.y * groups.x * 256u + thread.x;
  if (i < arrayLength(&source)) { copied[i] = source[i]; }
}`

/**
 * A plain copy of so many floats, by a kernel and by the device's own command: the faster is what there is to reach.
 */
async function copyOf(device: GPUDevice, floats: number): Promise<{ commands: Timed[]; dispose(): void }> {
  const size = 4 * floats
  const [source, copied] = [await storageBuffer(device, 'source', size), await storageBuffer(device, 'copied', size)]
  const kernel = await createKernel(device, 'plainCopy', copyText)
  return {
    commands: [
      kernel.bind({ source, copied }, workgroups(floats / 4, 256)),
      { kind: 'copy', from: source, fromOffset: 0, to: copied, toOffset: 0, size },
    ],
    dispose: () => {
      source.destroy()
      copied.destroy()
    },
  }
}
