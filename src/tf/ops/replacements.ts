/** Kernels of tfjs's WebGPU backend that ours replace, in place, for every operation that uses them. */
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import { tf, type TensorInfo } from '../tfjs'
import type { Tiles } from './tiles'

interface Arguments<Attributes, Name extends string = 'x'> {
  readonly inputs: Readonly<Record<Name, TensorInfo>>
  readonly backend: ArenaBackend
  readonly attrs: Attributes
}

interface Reduction {
  readonly axis?: number | number[]
  readonly keepDims?: boolean
}

const replaced = new WeakSet<object>()

/** Replaces the kernels, once. */
export function replaceKernels(tiles: Tiles): void {
  replace('Cast', toFloat)
  replace('Add', addGradients)
  replace('Slice', firstRows)
  replace('Sum', (args: Arguments<Reduction>) => columnSums(args, tiles, false))
  replace('Mean', (args: Arguments<Reduction>) => columnSums(args, tiles, true))
}

/** Tries ours first; what it leaves undefined goes to tfjs. */
function replace<Attributes, Name extends string>(
  name: string,
  ours: (args: Arguments<Attributes, Name>) => TensorInfo | undefined,
): void {
  const theirs = tf.getKernel(name, 'webgpu')
  if (replaced.has(theirs.kernelFunc)) return
  const kernelFunc = ((args: Arguments<Attributes, Name>) =>
    ours(args) ?? theirs.kernelFunc(args as never)) as unknown as tf.KernelFunc
  replaced.add(kernelFunc)
  tf.unregisterKernel(name, 'webgpu')
  tf.registerKernel({ ...theirs, kernelFunc })
}

/**
 * tfjs 4.22 casts whole numbers to float32 by renaming the type and leaving the bits, and then transposes the result
 * with a shader that does not compile. May go when its `cast` converts.
 */
function toFloat({ inputs, backend, attrs }: Arguments<{ readonly dtype: string }>): TensorInfo | undefined {
  const { shape, dtype } = inputs.x
  if (attrs.dtype !== 'float32' || (dtype !== 'int32' && dtype !== 'bool')) return undefined
  const grid = workgroups(product(shape), 256)
  return backend.run({ label: 'toFloat', code: shaders.toFloat, inputs, outputs: { output: { shape } }, grid }).output
}

/** The first rows of a parameter lie where it lies: no copy. */
function firstRows({
  inputs: { x },
  backend,
  attrs: { begin, size },
}: Arguments<{ readonly begin: number | number[]; readonly size: number | number[] }>): TensorInfo | undefined {
  const [starts = [], sizes = []] = tf.slice_util.parseSliceParams(x, begin, size)
  const whole = starts.every((start) => start === 0) && sizes.every((n, i) => i === 0 || n === x.shape[i])
  return whole ? backend.firstRows(x, sizes) : undefined
}

/** tfjs adds up the gradients of a tensor that is read twice: the kernel of the second can do that by itself. */
function addGradients({ inputs: { a, b }, backend }: Arguments<unknown, 'a' | 'b'>): TensorInfo | undefined {
  return backend.end(b, 'other', a) ?? backend.end(a, 'other', b)
}

/**
 * Sums and means over leading or middle axes, as in pooling and in the gradient of a broadcast sum. tfjs copies the
 * tensor into transposed order first and reduces with barriers: on lavapipe 25 ms for the two of a small ViT's step,
 * here 1 ms. Reductions of last axes stay with tfjs.
 */
function columnSums(
  { inputs, backend, attrs }: Arguments<Reduction>,
  { rowThreads }: Tiles,
  mean: boolean,
): TensorInfo | undefined {
  const axes = middleAxis(inputs.x, attrs)
  if (!axes) return undefined
  const { length, inner, shape } = axes
  return backend.run({
    label: 'columnSums',
    code: shaders.constants({ rowThreads }) + shaders.columnSums,
    inputs,
    outputs: { output: { shape } },
    uniform: shaders.columnSumsShape.write({ length, inner, factor: mean ? 1 / length : 1 }),
    grid: workgroups(product(shape), rowThreads),
  }).output
}

/** The reduced axes as one, if they are neighbours with something behind them, and the shape of the result. */
function middleAxis(
  { shape, dtype }: TensorInfo,
  { axis, keepDims }: Reduction,
): { length: number; inner: number; shape: number[] } | undefined {
  const axes = tf.util.parseAxisParam(axis ?? shape.map((_, i) => i), shape).sort((a, b) => a - b)
  const [first = 0, last = first] = [axes[0], axes.at(-1)]
  if (dtype !== 'float32' || axes.length === 0 || last - first + 1 !== axes.length || last === shape.length - 1)
    return undefined
  const kept = keepDims ? axes.map(() => 1) : []
  return {
    length: product(shape.slice(first, last + 1)),
    inner: product(shape.slice(last + 1)),
    shape: [...shape.slice(0, first), ...kept, ...shape.slice(last + 1)],
  }
}

function product(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a * b, 1)
}
