/** What tfjs's own operations, as far as models use them, are in calls of our kernels. */
import { tf, type TensorInfo } from '../tfjs'
import { Recorder, recorderName, Unrecordable } from './recorder'
import { broadcast, reduction, rowsOf, swapping } from './shapes'

interface Asked {
  readonly recorder: Recorder
  readonly inputs: Readonly<Record<string, TensorInfo | TensorInfo[]>>
  readonly attrs: Readonly<Record<string, unknown>>
}

type Operation = (asked: Asked) => TensorInfo

/** In the order of `Pair` in src/wasm/assembly/shapes.ts. */
const pairOperations = ['Add', 'Sub', 'Multiply', 'RealDiv']
/** In the order of `Single` in src/wasm/assembly/shapes.ts. */
const singleOperations = ['Square', 'Neg', 'Relu', 'Step', 'Abs', 'Sign', 'Tanh', 'Sigmoid', 'Side']

const operations: Readonly<Record<string, Operation>> = {
  ...Object.fromEntries(pairOperations.map((name, i) => [name, pairwise(i)])),
  ...Object.fromEntries(singleOperations.map((name, i) => [name, each(i)])),
  Step: step,
  Identity: ({ recorder, inputs }) => {
    const x = input(inputs, 'x')
    return recorder.same(x, x.shape, x.dtype)
  },
  Cast({ recorder, inputs, attrs }) {
    const x = input(inputs, 'x')
    if (attrs.dtype === x.dtype) return recorder.same(x, x.shape, x.dtype)
    if (x.dtype !== 'int32' || attrs.dtype !== 'float32') throw new Unrecordable('Another type of numbers.')
    const to = recorder.info(x.shape)
    recorder.kernels.toFloats(recorder.at(x), recorder.at(to), sizeOf(x.shape))
    return to
  },
  Reshape: ({ recorder, inputs, attrs }) => reshaped(recorder, input(inputs, 'x'), attrs.shape as number[]),
  ExpandDims: ({ recorder, inputs, attrs }) => {
    const x = input(inputs, 'input')
    const dim = attrs.dim as number
    return recorder.same(x, x.shape.toSpliced(dim < 0 ? x.shape.length + 1 + dim : dim, 0, 1), x.dtype)
  },
  Sum: (asked) => reduced(asked, () => 1),
  Mean: (asked) => reduced(asked, (count) => 1 / count),
  Transpose({ recorder, inputs, attrs }) {
    const x = floats(input(inputs, 'x'))
    const perm = attrs.perm as number[]
    const lengths = known(swapping(x.shape, perm), 'Transpose')
    const to = recorder.info(perm.map((i) => x.shape[i] ?? 1))
    recorder.kernels.swap(recorder.at(x), recorder.at(to), ...lengths)
    return to
  },
  Slice({ recorder, inputs, attrs }) {
    const x = input(inputs, 'x')
    const begin = attrs.begin as number[]
    const shape = x.shape.map((length, i) => {
      const size = (attrs.size as number[])[i] ?? -1
      return size < 0 ? length - (begin[i] ?? 0) : size
    })
    const rows = known(rowsOf(x.shape, shape, begin), 'Slice')
    const to = recorder.info(shape, x.dtype)
    const from = recorder.at(x) + 4 * rows.begin
    recorder.kernels.copyRows(from, 4 * rows.stride, recorder.at(to), 4 * rows.width, rows.count, 4 * rows.width)
    return to
  },
  PadV2({ recorder, inputs, attrs }) {
    const x = floats(input(inputs, 'x'))
    const paddings = attrs.paddings as [number, number][]
    const shape = x.shape.map((length, i) => length + (paddings[i]?.[0] ?? 0) + (paddings[i]?.[1] ?? 0))
    const begin = paddings.map(([before]) => before)
    const rows = known(attrs.constantValue === 0 ? rowsOf(shape, x.shape, begin) : null, 'PadV2')
    const to = recorder.info(shape)
    const at = recorder.at(to)
    recorder.kernels.clear(at, 4 * sizeOf(shape))
    const first = at + 4 * rows.begin
    recorder.kernels.copyRows(recorder.at(x), 4 * rows.width, first, 4 * rows.stride, rows.count, 4 * rows.width)
    return to
  },
}

function pairwise(operation: number): Operation {
  return ({ recorder, inputs }) => {
    const [a, b] = [floats(input(inputs, 'a')), floats(input(inputs, 'b'))]
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape)
    const ways = known(broadcast(a.shape, b.shape, shape), 'A sum or product')
    const to = recorder.info(shape)
    const bytes = (strides: readonly [number, number, number]) =>
      strides.map((stride) => 4 * stride) as [number, number, number]
    const operands = [recorder.at(a), ...bytes(ways.a), recorder.at(b), ...bytes(ways.b)] as const
    recorder.kernels.pairwise(operation, ...operands, recorder.at(to), ...ways.lengths)
    return to
  }
}

/** 1 above 0, elsewhere `alpha`: -1 is the slope of a size. */
function step({ attrs, ...asked }: Asked): TensorInfo {
  const name = attrs.alpha === -1 ? 'Side' : attrs.alpha === 0 ? 'Step' : null
  if (name === null) throw new Unrecordable(`Steps from ${String(attrs.alpha)}.`)
  return each(singleOperations.indexOf(name))({ attrs, ...asked })
}

function each(operation: number): Operation {
  return ({ recorder, inputs }) => {
    const x = floats(input(inputs, 'x'))
    const to = recorder.info(x.shape)
    recorder.kernels.each(operation, recorder.at(x), recorder.at(to), sizeOf(x.shape))
    return to
  }
}

function reduced({ recorder, inputs, attrs }: Asked, factor: (count: number) => number): TensorInfo {
  const x = floats(input(inputs, 'x'))
  const axes = tf.util.parseAxisParam(attrs.axis as number | number[], x.shape)
  const lengths = known(reduction(x.shape, axes), 'A sum')
  const whole = x.shape.map((length, i) => (axes.includes(i) ? 1 : length))
  const to = recorder.info(attrs.keepDims ? whole : x.shape.filter((_, i) => !axes.includes(i)))
  recorder.kernels.sumOver(recorder.at(x), recorder.at(to), ...lengths, factor(lengths[1]))
  return to
}

function reshaped(recorder: Recorder, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const size = sizeOf(x.shape)
  return recorder.same(x, tf.util.inferFromImplicitShape([...shape], size), x.dtype)
}

function input(inputs: Asked['inputs'], name: string): TensorInfo {
  return inputs[name] as TensorInfo
}

function floats(x: TensorInfo): TensorInfo {
  if (x.dtype !== 'float32') throw new Unrecordable(`Numbers of the type ${x.dtype}.`)
  return x
}

function known<Shape>(shape: Shape | null, what: string): Shape {
  if (!shape) throw new Unrecordable(`${what} along more dimensions than our kernels know.`)
  return shape
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1)
}

/** Registers them once; what tfjs-wasm can do beside them says that it cannot be recorded. */
export function registerOperations(): void {
  if (tf.getKernelsForBackend(recorderName).length > 0) return
  for (const { kernelName } of [...tf.getKernelsForBackend('wasm')]) {
    const operation = operations[kernelName]
    tf.registerKernel({
      kernelName,
      backendName: recorderName,
      kernelFunc: ({ inputs, attrs, backend }) => {
        if (!operation || !(backend instanceof Recorder)) throw new Unrecordable(`tfjs's operation ${kernelName}.`)
        return operation({ recorder: backend, inputs: inputs as Asked['inputs'], attrs: attrs as Asked['attrs'] })
      },
    })
  }
}
