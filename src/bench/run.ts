/** The whole benchmark: what is run on which kind of adapter, and in which order. */
import type { Host } from '../core/host'
import type { RuntimeOptions } from '../engine/run/runtime'
import { describe } from '../gpu/device'
import { Problem } from '../core/problem'
import { byLabel, timeCommands } from '../gpu/timing'
import { timeGrowth, type GrowthRange } from './growth'
import { openedDevice, timeKernels, type KernelSizes } from './kernels'
import { meterWebGpu, type Meter } from './meter'
import { openJax } from './peers/jax'
import { openOurs } from './peers/ours'
import { portablePeers, type PeerName } from './peers/peer'
import { keepOriginalKernels, openTfjs, openTfjsWasm } from './peers/tfjs'
import type { BenchResult, KernelShare, WorkloadResult } from './result'
import { exponentOf } from './statistics'
import { timePeers, type Effort, type Entrant } from './turns'
import { openTask, workloadOf, workloads, type Task, type Workload } from './workloads'

export interface BenchOptions {
  readonly host: Host
  /** `navigator.gpu`, or Dawn's in Node, where `navigator.gpu` must be the same: jax-js looks there. */
  readonly gpu: GPU | undefined
  /** Where the binaries of tfjs-wasm lie. */
  readonly wasm: RuntimeOptions['wasm']
  /** Names of workloads; empty for those that suit the adapter, `none` for kernels and growth alone. */
  readonly workloads: readonly string[]
  /** Peers to run beside this engine. */
  readonly peers: readonly PeerName[]
  /** One small workload and few rounds: a look at whether it runs, not at how fast. */
  readonly quick: boolean
  /** Kernels alone, and growth. */
  readonly kernels: boolean
  readonly growth: boolean
  /** Seconds for the compared steps of a peer; one that takes longer is left out. 100 unless given. */
  readonly patience?: number
  /** How it was asked for, for the report. */
  readonly command: string
  readonly versions: Readonly<Record<string, string>>
  /** Hears what is being done. */
  readonly say: (text: string) => void
}

/** Without WebGPU what needs none is timed. @throws Problem where that is nothing, and for an unknown workload */
export async function runBenchmark(options: BenchOptions): Promise<BenchResult> {
  const { gpu, host, say, command, versions } = options
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' })
  const { device, software } = adapter ? describe(adapter) : { device: noAdapter, software: true }
  const plan = planOf(options, software)
  // Chosen before anything is timed, so that what cannot be timed costs nothing.
  const chosen = plan.workloads.map((workload) => {
    if (!adapter) return { workload, suited: withoutGpu(options, `There is ${noAdapter} here`) }
    const slow = `A step of ${workload.name} takes too long on an adapter that computes on the processor`
    return { workload, suited: software && workload.hardware ? withoutGpu(options, slow) : options }
  })
  const runtime = { gpu, backend: 'webgpu', allowSoftware: true, wasm: '' } as const
  if (adapter) keepOriginalKernels()
  const meter = meterWebGpu()
  try {
    const timed: WorkloadResult[] = []
    for (const { workload, suited } of chosen) timed.push(await timeWorkload(workload, suited, plan.effort, meter))
    const flat = adapter && plan.kernels ? await timeKernels(plan.kernels, host, runtime, meter, say) : null
    const grown = adapter && plan.growth ? await timeGrowth(plan.growth, host, runtime, say) : []
    return {
      device,
      software,
      date: new Date().toISOString(),
      command,
      versions,
      workloads: timed,
      kernels: flat ? flat.kernels : null,
      growth: flat ? [...grown, { axis: 'parameters', points: flat.growth, exponent: exponentOf(flat.growth) }] : grown,
    }
  } finally {
    meter.remove()
  }
}

const noAdapter = 'no WebGPU adapter'

/** What of the options needs no WebGPU. @param why it cannot be used @throws Problem when nothing is left */
function withoutGpu(options: BenchOptions, why: string): BenchOptions {
  const peers = options.peers.filter((name) => portablePeers.includes(name))
  if (peers.length === 0)
    throw new Problem(
      `${why}, and no peer was asked for that needs none.`,
      `Add one of these peers: ${portablePeers.join(', ')}.`,
    )
  return { ...options, gpu: undefined, peers }
}

interface Plan {
  readonly workloads: readonly Workload[]
  readonly effort: Effort
  readonly kernels: KernelSizes | null
  readonly growth: GrowthRange | null
}

/** Software adapters get fewer rounds and smaller sizes: the whole has to end within minutes. */
function planOf({ workloads: names, quick, kernels, growth, patience = 100 }: BenchOptions, software: boolean): Plan {
  const suitable = workloads.filter((w) => !w.name.endsWith('-toy') && (!w.hardware || !software))
  const named = names.filter((name) => name !== 'none').map(workloadOf)
  const chosen = names.length ? named : quick ? [workloadOf('vit-toy')] : suitable
  const sizes = quick ? quickSizes : software ? softwareSizes : hardwareSizes
  return {
    workloads: chosen,
    effort: { ...sizes.effort, patienceMs: 1000 * patience },
    kernels: kernels ? sizes.kernels : null,
    growth: growth ? sizes.growth : null,
  }
}

type Sizes = {
  readonly effort: Omit<Effort, 'patienceMs'>
  readonly kernels: KernelSizes
  readonly growth: GrowthRange
}

/** ViT nano with patches of 4, whose axes grow one at a time. */
const base = workloadOf('vit-nano')
const axes = { batch: [8, 16, 32, 64, 128], depth: [1, 2, 4, 8, 12], width: [32, 64, 128, 256, 384] }
const parameters = [1e4, 1e5, 1e6, 4e6, 16e6]
const cube = (n: number) => ({ m: n, k: n, n })

const hardwareSizes: Sizes = {
  effort: { rounds: 15, turnMs: 200, budgetMs: 60_000 },
  kernels: {
    parameters,
    products: [{ m: 2048, k: 64, n: 64 }, { m: 2048, k: 192, n: 768 }, cube(1024), cube(2048), cube(4096)],
  },
  growth: { ...axes, base },
}

const softwareSizes: Sizes = {
  effort: { rounds: 9, turnMs: 600, budgetMs: 60_000 },
  kernels: { parameters, products: [{ m: 2048, k: 64, n: 64 }, { m: 2048, k: 64, n: 256 }, cube(256), cube(512)] },
  growth: { ...axes, base: { ...base, model: { ...base.model, 'model.patch': 8 } } },
}

const quickSizes: Sizes = {
  effort: { rounds: 3, turnMs: 50, budgetMs: 5000 },
  kernels: { parameters: [1e4, 1e5], products: [cube(64)] },
  growth: { base: workloadOf('vit-toy'), batch: [8, 16], depth: [1, 2], width: [16, 32] },
}

async function timeWorkload(
  workload: Workload,
  options: BenchOptions,
  effort: Effort,
  meter: Meter,
): Promise<WorkloadResult> {
  const task = await openTask(workload, options.host)
  let kernels: KernelShare[] = []
  const { peers, absent, losses } = await timePeers(
    workload.name,
    entrantsOf(task, options),
    meter,
    effort,
    options.say,
    async (ours, step) => {
      if (!options.gpu) return
      options.say(`${workload.name}: kernel by kernel`)
      const commands = meter.listen(() => {
        void ours.step(step)
      })
      await ours.loss()
      kernels = byLabel(await timeCommands(openedDevice(), commands))
    },
  )
  const params = task.layout.parameterCount
  return { name: workload.name, batch: workload.batch, params, losses, peers, absent, kernels }
}

function entrantsOf(task: Task, { gpu, peers, wasm, host }: BenchOptions): Entrant[] {
  const runtime = { gpu, backend: 'webgpu', allowSoftware: true, wasm } as const
  const portable = { ...runtime, backend: 'wasm' } as const
  const { threads } = host
  const all: Entrant[] = [
    ...(gpu ? [{ name: 'ours', open: () => openOurs(task, runtime) } as const] : []),
    { name: 'tfjs', open: () => openTfjs(task, gpu) },
    { name: 'jaxjs', open: () => openJax(task) },
    ...(threads
      ? [{ name: 'wasmThreads', open: () => openOurs(task, { ...portable, threads }, 'wasmThreads') } as const]
      : []),
    { name: 'wasm', open: () => openOurs(task, portable, 'wasm') },
    { name: 'tfjsWasm', open: () => openTfjsWasm(task, wasm) },
  ]
  return all.filter(({ name }) => name === 'ours' || peers.includes(name))
}
