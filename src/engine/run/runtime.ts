/**
 * Which device runs a session. Devices outlive sessions: opening one costs a second, and tfjs has one backend at a
 * time. The code of either side is loaded when it is first asked for: a page needs one of them.
 */
import { modelOf } from '../../config/modelOf'
import { pruningFor } from '../../config/pruningFor'
import type { Experiment } from '../../core/experiment'
import type { Host, Threads } from '../../core/host'
import type { Layout } from '../../core/layout'
import type { InputSpec } from '../../core/model'
import type { Objective } from '../../core/objective'
import { Problem } from '../../core/problem'
import type { BackendChoice, BackendReport, CompileProgress } from '../../core/trainer'
import { watchCompilations } from '../../gpu/compiling'
import { openDevice } from '../../gpu/device'
import { openTuner, type Tuner } from '../../gpu/tuner'
import { hasRefused } from '../../gpu/watch'
import type { ArenaBackend } from '../../tf/backend'
import type { PortableBackend } from '../../tf/portable'
import type { Blueprint } from '../executor/blueprint'
import type { Executor } from '../executor/executor'

/** Where the engine may run. */
export interface RuntimeOptions {
  /** `navigator.gpu`, or Dawn's in Node. */
  readonly gpu: GPU | undefined
  readonly backend: BackendChoice
  readonly allowSoftware: boolean
  /**
   * Where the wasm backend finds its binaries: a folder, a URL for each file name, or '' to let tfjs find its own
   * (Node).
   */
  readonly wasm: string | Readonly<Record<string, string>>
  /** Times the variants of kernels on the device and takes the fastest; results are the same with each. */
  readonly tune?: boolean
  /** Threads for the kernels of wasm; one alone if left out. */
  readonly threads?: Threads
  /** Where choices are remembered. */
  readonly cache?: Host['cache']
  /** Called with the number of kernels compiled or timed so far. */
  readonly progress?: (progress: CompileProgress) => void
  /** Gives up opening. */
  readonly signal?: AbortSignal
}

type Model = Omit<Blueprint, 'report'>

interface OpenGpu {
  readonly device: GPUDevice
  readonly backend: ArenaBackend
  readonly name: string
  readonly software: boolean
  tuner: Tuner | null
  /** Why a software adapter runs that nobody asked for. */
  reason: string | null
}

let opened: OpenGpu | null = null

/** The device that sessions run on, if one is open. */
export function openDevices(): GPUDevice[] {
  return opened ? [opened.device] : []
}

/** Why a software adapter was not taken, once it has been timed beside wasm. */
let slower: string | null = null

/**
 * The executor that the options ask for. `auto` takes WebGPU on a real adapter. Where there is only a software one that
 * was not asked for, it takes that or wasm, whichever a second's timing says is faster. The report says why.
 * @param objective what the model learns in the place of its task
 * @throws Problem when the asked-for backend cannot run here or the model does not fit
 */
export async function openExecutor(
  experiment: Experiment,
  input: InputSpec,
  layout: Layout,
  options: RuntimeOptions,
  objective?: Objective,
): Promise<Executor> {
  const model: Model = {
    experiment,
    pruning: pruningFor(experiment),
    model: modelOf(experiment),
    ...(objective ? { objective } : {}),
    input,
    layout,
  }
  if (options.backend === 'webgpu' || options.backend === 'auto') {
    const gpu = await (options.backend === 'auto' && !options.allowSoftware ? openFaster(options) : openGpu(options))
    if (!(gpu instanceof Problem)) {
      const reason =
        gpu.reason
        ?? (gpu.software
          ? 'A software adapter was allowed.'
          : options.backend === 'auto'
            ? 'WebGPU is available.'
            : 'WebGPU was chosen.')
      const { precision } = experiment.training
      const report: BackendReport = {
        backend: 'webgpu',
        device: gpu.name,
        software: gpu.software,
        reason,
        ...(precision !== 'f32' && gpu.device.features.has('shader-f16') ? { precision } : {}),
      }
      return openOn(gpu, { ...model, report }, options)
    }
    if (options.backend === 'webgpu') throw gpu
    return openPortable('wasm', gpu.what, model, options)
  }
  return openPortable(
    options.backend,
    `The ${options.backend === 'cpu' ? 'JavaScript' : 'WebAssembly'} backend was chosen.`,
    model,
    options,
  )
}

async function openOn(
  gpu: OpenGpu,
  blueprint: Blueprint,
  { progress = () => undefined, signal, tune, cache }: RuntimeOptions,
): Promise<Executor> {
  const { openGpuExecutor } = await loadGpuExecutor()
  const { device, backend } = gpu
  gpu.tuner ??= tune && cache ? await openTuner(device, cache) : null
  backend.tuner = tune ? gpu.tuner : null
  const end = watchCompilations(device, (done, total) => progress({ text: 'Compiling kernels', done, total }))
  const tuned = (done: number, total: number) => progress({ text: 'Timing kernels', done, total })
  try {
    return await openGpuExecutor(blueprint, device, backend, tuned, signal)
  } finally {
    end()
  }
}

async function openGpu({ gpu, allowSoftware }: RuntimeOptions): Promise<OpenGpu | Problem> {
  if (opened && hasRefused(opened.device)) {
    opened.device.destroy()
    opened = null
  }
  const last = opened
  if (last && (!last.software || allowSoftware)) {
    await last.backend.activate()
    // It may have been lost meanwhile.
    if (opened === last) return last
  }
  let device: GPUDevice | null = null
  try {
    const { adapter, report, ...found } = await openDevice(gpu, { allowSoftware })
    device = found.device
    const [{ installBackend }] = await Promise.all([import('../../tf/installBackend'), loadGpuExecutor()])
    const mine: OpenGpu = {
      device,
      backend: await installBackend(device, adapter.info),
      name: report.device,
      software: report.software,
      tuner: null,
      reason: null,
    }
    opened = mine
    void device.lost.then(() => {
      if (opened === mine) opened = null
    })
    return mine
  } catch (error) {
    device?.destroy()
    return Problem.from(error)
  }
}

/** Asked for early, so that it is on its way while a backend is installed. */
const loadGpuExecutor = () => import('../webgpu/openGpuExecutor')

const takeWasm = 'Take the wasm backend, or allow software adapters.'

/** A real GPU, or a software one that is faster than wasm. */
async function openFaster(options: RuntimeOptions): Promise<OpenGpu | Problem> {
  if (slower !== null) return new Problem(slower, takeWasm)
  const before = opened
  const gpu = await openGpu({ ...options, allowSoftware: true })
  if (gpu instanceof Problem || !gpu.software || gpu.reason !== null) return gpu
  const { ratesOf, reasonFor } = await import('./softwareOrWasm')
  try {
    const rates = await ratesOf(gpu.backend, options.threads)
    if (rates.gpu > rates.wasm) {
      gpu.reason = reasonFor(gpu.name, rates)
      return gpu
    }
    slower = reasonFor(gpu.name, rates)
  } catch (error) {
    const { what } = Problem.from(error)
    slower = `The only WebGPU adapter here, ${gpu.name}, computes on the processor and failed: ${what}`
  }
  if (gpu !== before) {
    opened = null
    gpu.device.destroy()
  }
  return new Problem(slower, takeWasm)
}

async function openPortable(
  kind: PortableBackend,
  reason: string,
  model: Model,
  { wasm, threads }: RuntimeOptions,
): Promise<Executor> {
  const [{ startPortableBackend }, { CpuExecutor }] = await Promise.all([
    import('../../tf/portable'),
    import('../twin/cpuExecutor'),
  ])
  const device = await startPortableBackend(kind, wasm, threads?.count)
  const report: BackendReport = { backend: kind, device, software: false, reason }
  return new CpuExecutor({ ...model, report }, threads)
}
