/**
 * tfjs 4.22 as its users write it: operations run one by one, its own Adam, statistics and mask in its operations
 * tensor by tensor. On WebGPU it gets a plain backend on a device of its own, with tfjs's own kernels: the engine
 * replaces some.
 */
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { RuntimeOptions } from '../../engine/run/runtime'
import { openDevice } from '../../gpu/device'
import { inputShape } from '../../tf/graph'
import { tf, type Tensor, type Variable } from '../../tf/tfjs'
import type { Task } from '../workloads'
import type { Peer, PeerName } from './peer'
import { tfForward } from './tfjsModel'

const webGpuBackend = 'tfjs'

/** SEVEN's statistics of one tensor. */
interface Statistics {
  readonly mean: Variable
  readonly square: Variable
  readonly importance: Variable
}

/** Takes tfjs's kernels as they are. Call before the engine opens, which replaces some of them. */
export function keepOriginalKernels(): void {
  if (tf.getKernelsForBackend(webGpuBackend).length === 0) tf.copyRegisteredKernels('webgpu', webGpuBackend)
}

/** tfjs on WebGPU. */
export async function openTfjs(task: Task, gpu: GPU | undefined): Promise<Peer> {
  // tfjs's typings promise a factory for every name.
  const registered: unknown = tf.findBackendFactory(webGpuBackend)
  if (!registered) {
    const { device, adapter } = await openDevice(gpu, { allowSoftware: true })
    const backend = new WebGPUBackend(device, adapter.info)
    tf.registerBackend(webGpuBackend, () => backend)
  }
  return openOn(webGpuBackend, 'tfjs', task)
}

/** tfjs on WebAssembly, in one thread. @param wasm where its binaries lie, as in `RuntimeOptions` */
export async function openTfjsWasm(task: Task, wasm: RuntimeOptions['wasm']): Promise<Peer> {
  const { startPortableBackend } = await import('../../tf/portable')
  await startPortableBackend('wasm', wasm)
  return openOn('wasm', 'tfjsWasm', task)
}

/** Weights and optimizer of a task in tfjs. */
async function openOn(backendName: string, name: PeerName, task: Task): Promise<Peer> {
  await tf.setBackend(backendName)
  const { layout, experiment } = task
  const { rate, beta1, beta2 } = experiment.training
  const variables = layout.tensors.map((t) =>
    tf.variable(tf.tensor(task.weights.slice(t.offset, t.offset + t.size), [...t.shape])),
  )
  const prunable = variables.slice(0, layout.prunable.length)
  const statistics = prunable.map(statisticsOf)
  const adam = tf.train.adam(rate, beta1, beta2, 1e-8)
  let last: Tensor | null = null
  return {
    name,
    activate: async () => {
      await tf.setBackend(backendName)
    },
    step(step) {
      last?.dispose()
      last = tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => lossOf(task, variables, step), variables)
        adam.applyGradients(grads as never)
        observe(task, step, prunable, grads, statistics)
        cut(task, step, prunable, statistics)
        return value
      })
      if (backendName === webGpuBackend) flush()
      return undefined
    },
    async loss() {
      const [value = NaN] = last ? await last.data() : []
      return value
    },
    dispose() {
      last?.dispose()
      tf.dispose(variables)
      tf.dispose(statistics.flatMap((s) => Object.values(s) as Variable[]))
      adam.dispose()
    },
  }
}

function statisticsOf({ shape }: Variable): Statistics {
  const zeros = () => tf.variable(tf.zeros(shape))
  return { mean: zeros(), square: zeros(), importance: zeros() }
}

/** Mean cross-entropy; labels enter one-hot. */
function lossOf(
  { layout, experiment, input, batch, numbers }: Task,
  variables: readonly Variable[],
  step: number,
): tf.Scalar {
  const [inputs, { labels }] = [numbers(step), batch(step)]
  const named = Object.fromEntries(layout.tensors.map((t, i) => [t.name, variables[i] as Variable]))
  const x = tf.tensor(inputs, inputShape(input, labels.length), input.task === 'text' ? 'int32' : 'float32')
  const logits = tfForward(experiment.model.id, experiment.model.values, inputs)(named, x)
  return tf.losses.softmaxCrossEntropy(
    tf.tensor2d(oneHot(labels, input.classes), [labels.length, input.classes]),
    logits,
  )
}

function oneHot(labels: Int32Array, classes: number): Float32Array {
  const rows = new Float32Array(labels.length * classes)
  labels.forEach((label, i) => {
    rows[i * classes + label] = 1
  })
  return rows
}

/** docs/algorithms.md 1.2, for the weights after the step; a pruned weight's importance is held at 0 by `cut`. */
function observe(
  { experiment }: Task,
  step: number,
  weights: readonly Variable[],
  grads: tf.NamedTensorMap,
  statistics: readonly Statistics[],
): void {
  const { alpha1, alpha2 } = experiment.method.values as { alpha1: number; alpha2: number }
  weights.forEach((w, i) => {
    const { mean, square, importance } = statistics[i] as Statistics
    const a = (grads[w.name] as Tensor).abs()
    mean.assign(mean.mul(alpha1).add(a.mul(1 - alpha1)))
    square.assign(square.mul(alpha2).add(a.square().mul(1 - alpha2)))
    const noise = square
      .mul(1 / (1 - alpha2 ** (step + 1)))
      .sqrt()
      .add(1e-9)
    const discount = mean.mul(1 / (1 - alpha1 ** (step + 1))).div(noise)
    importance.assign(importance.add(w.mul(a).abs().mul(discount)))
  })
}

/** Exact global top-K of the importance; the rest, and its importance, becomes 0, so that masks nest. */
function cut(task: Task, step: number, weights: readonly Variable[], statistics: readonly Statistics[]): void {
  const kept = task.kept(step)
  const all = tf.concat(statistics.map(({ importance }) => importance.flatten()))
  const threshold = tf.topk(all, kept).values.slice([kept - 1], [1])
  weights.forEach((w, i) => {
    const { importance } = statistics[i] as Statistics
    const stays = importance.greaterEqual(threshold)
    const zeros = tf.zerosLike(w)
    w.assign(tf.where(stays, w, zeros))
    importance.assign(tf.where(stays, importance, zeros))
  })
}

/** Submits what is encoded but not yet submitted, as every read does. */
function flush(): void {
  const backend = tf.backend() as unknown as Record<
    'ensureCommandEncoderReady' | 'endComputePassEncoder' | 'submitQueue',
    () => void
  >
  backend.ensureCommandEncoderReady()
  backend.endComputePassEncoder()
  backend.submitQueue()
}
