import type { LinearOptions, Nn } from '../../core/model'
import { Problem } from '../../core/problem'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { differentiable, isWithoutGradient, run } from './differentiable'
import { dropoutDraw, drops, type OpsState } from './dropout'
import { drop } from './fusedDropout'
import { keptOutput } from './kept'
import { gridOf, productOf } from './product'
import { slicedGradients, sumSlices } from './slices'
import { spanOf, type Span } from './span'
import { slicesOf, type Tiles } from './tiles'

/** What the calls of an `Nn` have in common. */
interface Context {
  readonly backend: ArenaBackend
  readonly tiles: Tiles
  readonly state: OpsState
}

/** One call: layers of one size on the same x, and what follows them. */
interface Call extends Context {
  readonly weights: readonly Tensor[]
  readonly biases: readonly Tensor[]
  /** `width` is that of all outputs beside each other. */
  readonly size: { readonly rows: number; readonly fanIn: number; readonly fanOut: number; readonly width: number }
  readonly options: LinearOptions
}

/** The most layers that `Nn.linears` puts beside each other: their gradients are six of a kernel's eight bindings. */
const mostLayers = 3

/**
 * `Nn.linear` and `Nn.linears`: one kernel forwards, one for the gradient of x, one or two for those of the parameters.
 */
export function fusedLinear(backend: ArenaBackend, tiles: Tiles, state: OpsState): Pick<Nn, 'linear' | 'linears'> {
  const context = { backend, tiles, state }
  return {
    linear: (x, weights, bias, options = {}) => apply(callOf(context, x, [weights], [bias], options), x),
    linears: (x, weights, biases) => apply(callOf(context, x, weights, biases, {}), x),
  }
}

function callOf(
  context: Context,
  x: Tensor,
  weights: readonly Tensor[],
  biases: readonly Tensor[],
  options: LinearOptions,
): Call {
  const layers = weights.length
  if (layers !== 1 && layers !== mostLayers) {
    throw new Problem(
      `Linear layers side by side come in threes; the model asks for ${layers}.`,
      'Call linear() for each of them.',
    )
  }
  const [fanIn = 1, fanOut = 1] = weights[0]?.shape ?? []
  const { dropout, ...others } = options
  const size = { rows: x.size / fanIn, fanIn, fanOut, width: layers * fanOut }
  return {
    ...context,
    weights,
    biases,
    size,
    options: dropout !== undefined && drops(context.state) ? options : others,
  }
}

function apply(call: Call, x: Tensor): Tensor {
  const {
    backend,
    weights,
    biases,
    options: { residual },
  } = call
  const constant = isWithoutGradient(x)
  const frozen = call.state.towards === 'images'
  const inputs = [...(constant ? [] : [x]), ...(frozen ? [] : [...weights, ...biases]), ...(residual ? [residual] : [])]
  return differentiable(inputs, {
    forward(wanted) {
      const { output, slope } = forward(call, x, wanted)
      return { value: output, keep: [x, ...weights, ...(slope ? [slope] : [])] }
    },
    backward(outputGrad, [keptX, ...kept]) {
      const keptWeights = kept.slice(0, weights.length)
      const grad = beforeEpilogue(call, outputGrad, kept[weights.length])
      const xGrad = constant ? [] : [inputGradient(call, x.shape, spanOf(backend, keptWeights), grad)]
      const own = frozen ? [] : parameterGradients(call, keptX as Tensor, grad)
      if (grad !== outputGrad) grad.dispose()
      return [...xGrad, ...own, ...(residual ? [outputGrad.clone()] : [])]
    },
  })
}

function forward(call: Call, x: Tensor, wanted: boolean): { output: Tensor; slope?: Tensor } {
  const {
    backend,
    tiles,
    state,
    size,
    options: { activation, dropout, residual },
  } = call
  const { precision = 'f32' } = state
  const [weights, bias] = [spanOf(backend, call.weights), spanOf(backend, call.biases)]
  const masked = maskOf(call, weights)
  const gelu = activation !== 'gelu' ? null : wanted ? 'kept' : 'alone'
  const output = { shape: [...x.shape.slice(0, -1), size.width] }
  const role = shaders.linearForward(
    { gelu, dropout: dropout !== undefined, residual: residual !== undefined },
    masked !== null,
  )
  const program = {
    label: 'linear',
    ...productOf(
      role,
      { rows: size.rows, columns: size.fanOut, count: call.weights.length },
      tiles.products,
      gelu === 'kept' ? shaders.keptType[precision] : '',
    ),
    inputs: {
      x,
      weights: weights.tensor,
      bias: bias.tensor,
      ...masked?.inputs,
      ...(dropout === undefined ? {} : { random: state.random }),
      ...(residual ? { residual } : {}),
    },
    uniform: uniformOf(call, { weights, bias, maskStart: masked?.start ?? 0 }),
  }
  if (gelu !== 'kept') return run(backend, { ...program, outputs: { output } })
  return run(backend, { ...program, outputs: { output, slope: keptOutput(output.shape, precision) } })
}

/** The gradient of what the epilogue reads. The gradient of the residual is that of the output. */
function beforeEpilogue(
  { backend, state, options: { dropout } }: Call,
  outputGrad: Tensor,
  slope: Tensor | undefined,
): Tensor {
  const kept = dropout === undefined ? outputGrad : drop(backend, state, outputGrad, dropout)
  if (!slope) return kept
  const { inputGrad } = run(backend, {
    label: 'slopeGradient',
    code: shaders.keptType[state.precision ?? 'f32'] + shaders.slopeGradient,
    inputs: { outputGrad: kept, slope },
    outputs: { inputGrad: { shape: outputGrad.shape } },
    grid: workgroups(outputGrad.size, 256),
  })
  if (kept !== outputGrad) kept.dispose()
  return inputGrad
}

function inputGradient(call: Call, shape: number[], weights: Span, outputGrad: Tensor): Tensor {
  const { backend, tiles, size } = call
  const masked = maskOf(call, weights)
  return run(backend, {
    label: 'linearInput',
    ...productOf(
      shaders.linearInput(masked !== null),
      { rows: size.rows, columns: size.fanIn, count: 1 },
      tiles.products,
    ),
    inputs: { outputGrad, weights: weights.tensor, ...masked?.inputs },
    outputs: { xGrad: { shape } },
    uniform: uniformOf(call, { weights, maskStart: masked?.start ?? 0 }),
  }).xGrad
}

/** Gradients of all weights, then of all biases. */
function parameterGradients(call: Call, x: Tensor, outputGrad: Tensor): readonly Tensor[] {
  const {
    backend,
    tiles,
    size: { rows, fanIn, fanOut },
    weights,
    biases,
  } = call
  const layers = weights.length
  const [across, down, count] = gridOf({ rows: fanIn, columns: fanOut, count: layers }, tiles.products[0])
  const { slices, sliceRows } = slicesOf(rows, across * down * count, tiles.groups)
  const direct = slices * layers === 1
  const outputs = slicedGradients([weights[0] as Tensor, biases[0] as Tensor], slices * layers)
  const { weightsGrad, biasGrad } = run(backend, {
    label: 'linearWeights',
    ...productOf(shaders.linearWeights, { rows: fanIn, columns: fanOut, count: slices * layers }, tiles.products),
    inputs: { x, outputGrad },
    outputs: { weightsGrad: outputs[0], biasGrad: outputs[1] },
    uniform: uniformOf(call, { sliceRows }),
  })
  return direct ? [weightsGrad, biasGrad] : sumSlices(backend, [weightsGrad, biasGrad], [weights, biases])
}

/** The mask of these weights, if there is one and they lie under it. */
function maskOf(
  { backend, state: { masked } }: Call,
  { tensor }: Span,
): { inputs: { mask: Tensor }; start: number } | null {
  const { buffer, offset, size } = backend.binding(tensor)
  if (!masked || buffer !== masked.weights || offset + size > 128 * masked.mask.size) return null
  return { inputs: { mask: masked.mask }, start: offset / 128 }
}

function uniformOf(
  { size, state, options: { dropout } }: Call,
  parts: { weights?: Span; bias?: Span; maskStart?: number; sliceRows?: number },
): ArrayBuffer {
  const [weights0 = 0, weights1 = 0, weights2 = 0] = parts.weights?.starts ?? []
  const [bias0 = 0, bias1 = 0, bias2 = 0] = parts.bias?.starts ?? []
  return shaders.linearShape.write({
    ...size,
    sliceRows: parts.sliceRows ?? 0,
    maskStart: parts.maskStart ?? 0,
    weights0,
    weights1,
    weights2,
    bias0,
    bias1,
    bias2,
    ...(dropout === undefined ? { stream: 0, threshold: 0, kept: 1 } : dropoutDraw(state.dropoutRate, dropout)),
  })
}
