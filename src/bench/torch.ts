/** PyTorch's column: what it needs of a task (scripts/bench_torch.py), and its times beside ours. */
import { Problem } from '../core/problem'
import { comparedSteps, requireAgreement } from './agreement'
import type { BenchResult, PeerResult, WorkloadResult } from './result'
import type { Task } from './workloads'

/** What scripts/bench_torch.py prints. */
export interface TorchResult {
  readonly device: string
  readonly torch: string
  readonly workloads: readonly {
    readonly name: string
    readonly runs: Readonly<Partial<Record<TorchPeer, TorchRun>>>
  }[]
}

type TorchPeer = 'torchEager' | 'torchCompiled'

type TorchRun = { readonly losses: readonly number[]; readonly times: PeerResult } | { readonly error: string }

/** A tensor of an exported task; ids and labels are whole numbers as floats. */
export interface Exported {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** Steps whose cuts are exported; later steps cut as the last of them. */
const exportedCuts = 64

/** Weights and batches of a task, and as text what else PyTorch must know. */
export function exportTask({ name, experiment, input, layout, weights, batch, numbers, kept, batches }: Task): {
  tensors: Exported[]
  plan: string
} {
  const { model, training, method } = experiment
  const shape = (count: number) => (input.task === 'image' ? [count, ...input.shape] : [count, input.length])
  const plan = {
    name,
    model: model.id,
    values: model.values,
    batches,
    tensors: layout.tensors.map((t) => t.name),
    prunable: layout.prunable.map((t) => t.name),
    rate: training.rate,
    beta1: training.beta1,
    beta2: training.beta2,
    alpha1: method.values.alpha1,
    alpha2: method.values.alpha2,
    kept: Array.from({ length: exportedCuts }, (_, step) => kept(step)),
  }
  const parameters = layout.tensors.map((t): Exported => ({
    name: t.name,
    shape: t.shape,
    values: weights.slice(t.offset, t.offset + t.size),
  }))
  const inputs = Array.from({ length: batches }, (_, i): Exported[] => {
    const { labels } = batch(i)
    return [
      { name: `batch${i}/inputs`, shape: shape(labels.length), values: Float32Array.from(numbers(i)) },
      { name: `batch${i}/labels`, shape: [labels.length], values: Float32Array.from(labels) },
    ]
  }).flat()
  return { tensors: [...parameters, ...inputs], plan: JSON.stringify(plan) }
}

/** The result with PyTorch's columns; one whose losses do not agree to four digits is left out, and says why. */
export function withTorch(result: BenchResult, torch: TorchResult): BenchResult {
  const workloads = result.workloads.map((workload) => withRuns(workload, torch))
  return { ...result, workloads, versions: { ...result.versions, [`PyTorch on ${torch.device}`]: torch.torch } }
}

function withRuns(workload: WorkloadResult, torch: TorchResult): WorkloadResult {
  const runs = torch.workloads.find((w) => w.name === workload.name)?.runs ?? {}
  const peers: Partial<Record<TorchPeer, PeerResult>> = {}
  const absent: Partial<Record<TorchPeer, string>> = {}
  for (const [peer, run] of Object.entries(runs) as [TorchPeer, TorchRun][]) {
    try {
      peers[peer] = timesOf(workload, peer, run)
    } catch (error) {
      absent[peer] = Problem.from(error).message
    }
  }
  return { ...workload, peers: { ...workload.peers, ...peers }, absent: { ...workload.absent, ...absent } }
}

/** @throws Problem where PyTorch failed or computed something else */
function timesOf({ name, losses }: WorkloadResult, peer: TorchPeer, run: TorchRun): PeerResult {
  if ('error' in run) throw new Problem(`It failed: ${run.error}.`, 'Run scripts/bench_torch.py by itself.')
  if (run.losses.length !== comparedSteps)
    throw new Problem(
      `PyTorch gave ${run.losses.length} losses of ${name}; ${comparedSteps} are compared.`,
      'Run scripts/bench_torch.py again.',
    )
  requireAgreement(name, { ours: losses, [peer]: run.losses })
  return run.times
}
