/**
 * jax-js as its users write it: the whole step, optimizer, statistics and mask included, is one function under `jit`,
 * and the state goes in and comes out. It makes its own device, from `navigator.gpu`.
 */
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad, type Array as JaxArray } from '@jax-js/jax'
import { Problem } from '../../core/problem'
import { inputShape } from '../../tf/graph'
import type { Task } from '../workloads'
import { jaxForward, type JaxForward, type JaxParams } from './jaxModel'
import type { Peer } from './peer'

/** All state of training; the last three are SEVEN's statistics, of prunable tensors only. */
type State = Record<'weights' | 'moment1' | 'moment2' | 'mean' | 'square' | 'importance', JaxParams>

/** What differs from step to step; `corrections` undo the four running means' start at 0. */
type Inputs = Record<'x' | 'real' | 'labels' | 'corrections' | 'kept', JaxArray>

/** Weights and optimizer of a task in jax-js. @throws Problem where it finds no WebGPU */
export async function openJax(task: Task): Promise<Peer> {
  if (!(await init('webgpu')).includes('webgpu'))
    throw new Problem('jax-js finds no WebGPU here.', 'Leave this peer out, or run on another browser.')
  defaultDevice('webgpu')
  const { experiment } = task
  const run = jit(stepOf(task, jaxForward(experiment.model.id, experiment.model.values)))
  let state = initialState(task)
  let last: JaxArray | null = null
  return {
    name: 'jaxjs',
    step(step) {
      last?.dispose()
      const [next, loss] = run(state, inputsOf(task, step))
      state = next
      last = loss
      // Dispatches what `jit` has queued: in the first step after its pipelines, which compile in parallel, then at
      // once.
      if (step === 0) return loss.blockUntilReady().then(() => undefined)
      loss.ref.gpuBufferSync()
      return undefined
    },
    async loss() {
      const data = last ? ((await last.ref.data()) as Float32Array) : []
      return data[0] ?? NaN
    },
    dispose() {
      last?.dispose()
      tree.dispose(state)
      run.dispose()
    },
  }
}

function initialState({ layout, weights }: Task): State {
  const all = (make: (t: (typeof layout.tensors)[number]) => JaxArray, tensors = layout.tensors): JaxParams =>
    Object.fromEntries(tensors.map((t) => [t.name, make(t)]))
  const zeros = (tensors = layout.tensors) => all((t) => np.zeros([...t.shape]), tensors)
  return {
    weights: all((t) => np.array(weights.slice(t.offset, t.offset + t.size), { shape: [...t.shape] })),
    moment1: zeros(),
    moment2: zeros(),
    mean: zeros(layout.prunable),
    square: zeros(layout.prunable),
    importance: zeros(layout.prunable),
  }
}

function inputsOf({ experiment, input, batch, numbers, kept }: Task, step: number): Inputs {
  const [inputs, { labels }] = [numbers(step), batch(step)]
  const { training, method } = experiment
  const { alpha1, alpha2 } = method.values as { alpha1: number; alpha2: number }
  const correction = (decay: number) => 1 / (1 - decay ** (step + 1))
  const shape = inputShape(input, labels.length)
  const text = inputs instanceof Int32Array
  return {
    x: text ? np.array(inputs.slice(), { shape, dtype: np.int32 }) : np.array(Float32Array.from(inputs), { shape }),
    real: text
      ? np.array(
          Float32Array.from(inputs, (id) => Math.min(id, 1)),
          { shape },
        )
      : np.zeros([1]),
    labels: np.array(labels.slice(), { dtype: np.int32 }),
    corrections: np.array([training.beta1, training.beta2, alpha1, alpha2].map(correction)),
    kept: np.array([kept(step)], { dtype: np.int32 }),
  }
}

/** The step as a pure function. Every argument is consumed, as jax-js asks. */
function stepOf(
  { experiment, layout, input }: Task,
  forward: JaxForward,
): (state: State, inputs: Inputs) => [State, JaxArray] {
  const names = layout.prunable.map((t) => t.name)
  const lossOf = (weights: JaxParams, x: JaxArray, real: JaxArray, labels: JaxArray) =>
    crossEntropy(forward(weights, x, real), labels, input.classes)
  return (state, { x, real, labels, corrections, kept }) => {
    const [loss, grads] = valueAndGrad(lossOf)(tree.ref(state.weights), x, real, labels) as [JaxArray, JaxParams]
    const optimized = adam(state, tree.ref(grads), experiment.training, corrections.ref)
    const sizes = each((g) => np.abs(g), prunable(names, grads))
    tree.dispose(grads)
    const observed = observe(
      state,
      sizes,
      prunable(names, optimized.weights),
      experiment.method.values as unknown as Alphas,
      corrections,
    )
    const threshold = thresholdOf(tree.ref(observed.importance), kept)
    const stays = each((i) => i.greaterEqual(threshold.ref), tree.ref(observed.importance))
    threshold.dispose()
    const importance = each((i, stay) => np.where(stay, i, 0), observed.importance, tree.ref(stays))
    const masked = each((w, stay) => np.where(stay, w, 0), prunable(names, optimized.weights), stays)
    tree.dispose(prunable(names, optimized.weights, false))
    return [{ ...optimized, ...observed, importance, weights: { ...optimized.weights, ...masked } }, loss]
  }
}

interface Alphas {
  readonly alpha1: number
  readonly alpha2: number
}

/** Adam with bias correction; decoupled decay is 0 in the benchmark. */
function adam(
  state: State,
  grads: JaxParams,
  { rate, beta1, beta2 }: Task['experiment']['training'],
  corrections: JaxArray,
): Pick<State, 'weights' | 'moment1' | 'moment2'> {
  const [fix1, fix2] = [corrections.ref.slice(0), corrections.slice(1)]
  const moment1 = blend(beta1, state.moment1, tree.ref(grads))
  const moment2 = blend(
    beta2,
    state.moment2,
    each((g) => np.square(g), grads),
  )
  const weights = each(
    (w, m, v) =>
      w.sub(
        m
          .mul(fix1.ref)
          .mul(rate)
          .div(np.sqrt(v.mul(fix2.ref)).add(1e-8)),
      ),
    state.weights,
    tree.ref(moment1),
    tree.ref(moment2),
  )
  tree.dispose([fix1, fix2])
  return { weights, moment1, moment2 }
}

/** docs/algorithms.md 1.2, for the weights after the step. @param sizes |g| */
function observe(
  state: State,
  sizes: JaxParams,
  weights: JaxParams,
  { alpha1, alpha2 }: Alphas,
  corrections: JaxArray,
): Pick<State, 'mean' | 'square' | 'importance'> {
  const [fixMean, fixSquare] = [corrections.ref.slice(2), corrections.slice(3)]
  const mean = blend(alpha1, state.mean, tree.ref(sizes))
  const square = blend(
    alpha2,
    state.square,
    each((a) => np.square(a), tree.ref(sizes)),
  )
  const discount = each(
    (m, v) => m.mul(fixMean.ref).div(np.sqrt(v.mul(fixSquare.ref)).add(1e-9)),
    tree.ref(mean),
    tree.ref(square),
  )
  const importance = each((i, w, a, d) => i.add(np.abs(w.mul(a)).mul(d)), state.importance, weights, sizes, discount)
  tree.dispose([fixMean, fixSquare])
  return { mean, square, importance }
}

/** The prunable ones, as references of their own. */
function prunable(names: readonly string[], params: JaxParams, own = true): JaxParams {
  return Object.fromEntries(
    names.map((name) => [name, own ? (params[name] as JaxArray).ref : (params[name] as JaxArray)]),
  )
}

/** A function of the tensors of the same name. */
function each(
  f: (...tensors: [JaxArray, JaxArray, JaxArray, JaxArray]) => JaxArray,
  ...params: [JaxParams, ...JaxParams[]]
): JaxParams {
  return Object.fromEntries(
    Object.keys(params[0]).map((name) => [
      name,
      f(...(params.map((p) => p[name]) as [JaxArray, JaxArray, JaxArray, JaxArray])),
    ]),
  )
}

/** decay * mean + (1 - decay) * value, tensor by tensor. */
function blend(decay: number, means: JaxParams, values: JaxParams): JaxParams {
  return each((mean, value) => mean.mul(decay).add(value.mul(1 - decay)), means, values)
}

/**
 * The `kept`-th largest importance of all tensors, by a full sort: `lax.topK` wants a constant count and would be
 * compiled anew for each.
 */
function thresholdOf(importance: JaxParams, kept: JaxArray): JaxArray {
  const all = np.concatenate(Object.values(importance).map((i) => i.ravel()))
  const size = all.shape[0] ?? 0
  return np.take(np.sort(all), kept.mul(-1).add(size))
}

/** Mean over the batch. */
function crossEntropy(logits: JaxArray, labels: JaxArray, classes: number): JaxArray {
  return nn.logSoftmax(logits).mul(nn.oneHot(labels, classes)).sum(-1).mean().neg()
}
