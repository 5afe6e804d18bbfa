import type { LinearOptions, Nn } from '../../core/model'
import type { Tensor } from '../tfjs'
import type { Heap } from '../wasmHeap'
import { differentiable, isWithoutGradient } from './differentiable'
import type { OpsState } from './dropout'

/** One call: layers of one size on the same x, what follows them, and the width of all outputs beside each other. */
interface Call {
  readonly heap: Heap
  /** Whether the parameters are data. */
  readonly frozen: boolean
  readonly x: Tensor
  readonly weights: readonly Tensor[]
  readonly biases: readonly Tensor[]
  readonly options: Omit<LinearOptions, 'dropout'>
  readonly rows: number
  readonly fanIn: number
  readonly fanOut: number
  readonly width: number
}

/** `Nn.linear` and `Nn.linears` over a dropout; the products read either side in the layout that it has. */
export function wasmLinear(
  heap: Heap,
  dropout: Nn['dropout'],
  { towards }: Pick<OpsState, 'towards'> = {},
): Pick<Nn, 'linear' | 'linears'> {
  const context = { heap, frozen: towards === 'images' }
  return {
    linear(x, weights, bias, { dropout: site, residual, ...options } = {}) {
      const end = residual ? { residual } : {}
      if (site === undefined) return apply(callOf(context, x, [weights], [bias], { ...options, ...end }))
      const dropped = dropout(apply(callOf(context, x, [weights], [bias], options)), site)
      return residual ? residual.add(dropped) : dropped
    },
    linears: (x, weights, biases) => apply(callOf(context, x, weights, biases, {})),
  }
}

function callOf(
  context: Pick<Call, 'heap' | 'frozen'>,
  x: Tensor,
  weights: readonly Tensor[],
  biases: readonly Tensor[],
  options: Call['options'],
): Call {
  const [fanIn = 1, fanOut = 1] = weights[0]?.shape ?? []
  const size = { rows: x.size / fanIn, fanIn, fanOut, width: weights.length * fanOut }
  return { ...context, ...size, x, weights, biases, options }
}

function apply(call: Call): Tensor {
  const { frozen, x, weights, biases, options } = call
  const constant = isWithoutGradient(x)
  const { residual } = options
  const inputs = [...(constant ? [] : [x]), ...(frozen ? [] : [...weights, ...biases]), ...(residual ? [residual] : [])]
  return differentiable(inputs, {
    forward(wanted) {
      const { value, slope } = forward(call, wanted)
      return { value, keep: [x, ...weights, ...(slope ? [slope] : [])] }
    },
    backward(valueGrad, [keptX, ...kept]) {
      const slope = kept[weights.length]
      const grad = slope ? times(call.heap, valueGrad, slope) : valueGrad
      const xGrad = constant ? [] : [inputGradient(call, kept, grad)]
      const own = frozen ? [] : parameterGradients(call, keptX as Tensor, grad)
      if (slope) grad.dispose()
      return [...xGrad, ...own, ...(residual ? [valueGrad.clone()] : [])]
    },
  })
}

function forward(call: Call, wanted: boolean): { value: Tensor; slope?: Tensor } {
  const { heap, x, weights, biases, rows, fanIn, fanOut, width } = call
  const { activation, residual } = call.options
  const { kernels } = heap
  const value = heap.tensor([...x.shape.slice(0, -1), width])
  const [atX, to] = [heap.at(x), heap.at(value)]
  const start = residual && !activation ? heap.at(residual) : 0
  weights.forEach((matrix, i) => {
    const part = to + 4 * i * fanOut
    kernels.addRows(heap.at(biases[i] as Tensor), start, part, 4 * width, rows, fanOut)
    kernels.product(
      ...([atX, 4 * fanIn, 4, heap.at(matrix), 4 * fanOut, 4, part, 4 * width] as const),
      ...([rows, fanOut, fanIn, true, heap.scratch(kernels.productScratch)] as const),
    )
  })
  if (!activation) return { value }
  const slope = wanted ? heap.tensor(value.shape) : null
  if (slope) kernels.geluSlope(to, to, heap.at(slope), value.size)
  else kernels.gelu(to, to, value.size)
  if (residual) kernels.add(to, heap.at(residual), to, value.size)
  return slope ? { value, slope } : { value }
}

function times(heap: Heap, a: Tensor, b: Tensor): Tensor {
  const value = heap.tensor(a.shape)
  heap.kernels.multiply(...heap.all(a, b, value), a.size)
  return value
}

/** The gradient of x: that of each layer's output times its matrix transposed, added up. */
function inputGradient(call: Call, weights: readonly Tensor[], grad: Tensor): Tensor {
  const { heap, x, rows, fanIn, fanOut, width } = call
  const { kernels } = heap
  const value = heap.tensor(x.shape)
  call.weights.forEach((_, i) => {
    kernels.product(
      ...([heap.at(grad) + 4 * i * fanOut, 4 * width, 4, heap.at(weights[i] as Tensor), 4, 4 * fanOut] as const),
      ...([heap.at(value), 4 * fanIn, rows, fanIn, fanOut, i > 0, heap.scratch(kernels.productScratch)] as const),
    )
  })
  return value
}

/** Gradients of the matrices, then those of the biases. */
function parameterGradients(call: Call, x: Tensor, grad: Tensor): Tensor[] {
  const { heap, weights, biases, rows, fanIn, fanOut, width } = call
  const { kernels } = heap
  const part = (i: number) => heap.at(grad) + 4 * i * fanOut
  const matrices = weights.map((matrix, i) => {
    const value = heap.tensor(matrix.shape)
    kernels.product(
      ...([heap.at(x), 4, 4 * fanIn, part(i), 4 * width, 4, heap.at(value), 4 * fanOut] as const),
      ...([fanIn, fanOut, rows, false, heap.scratch(kernels.productScratch)] as const),
    )
    return value
  })
  const sums = biases.map((bias, i) => {
    const value = heap.tensor(bias.shape)
    kernels.columnSums(part(i), 4 * width, heap.at(value), rows, fanOut)
    return value
  })
  return [...matrices, ...sums]
}
