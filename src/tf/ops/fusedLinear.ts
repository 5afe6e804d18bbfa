import type { LinearOptions, Nn } from '../../core/model'
import { Problem } from '../../core/problem'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { differentiable, ended, isWithoutGradient, run } from './differentiable'
import { drops, type OpsState } from './dropout'
import { drop } from './fusedDropout'
import { keptOutput } from './kept'
import { maskOf, uniformOf, type Call, type Context } from './linearCall'
import { linearGradient } from './linearGradient'
import { productOf } from './product'
import { spanOf } from './span'
import type { Tiles } from './tiles'

/** The most layers that `Nn.linears` puts beside each other: `Shape` holds the starts of three. */
const mostLayers = 3

/**
 * `Nn.linear` and `Nn.linears`: one kernel forwards and one backwards; slices of gradients are added up at the end of
 * a pass.
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
      const gradients = linearGradient(call, {
        outputGrad: grad,
        input: constant ? null : { shape: x.shape, weights: spanOf(backend, keptWeights) },
        own: frozen ? null : { x: keptX as Tensor },
      })
      if (grad !== outputGrad) grad.dispose()
      return [...gradients, ...(residual ? [outputGrad.clone()] : [])]
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
  const { precision = 'f32', factors = 'f32' } = state
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
    ...productOf([{ rows: size.rows, columns: size.fanOut, count: call.weights.length }], tiles.products, (schedule) =>
      shaders.product(role, schedule, { factors, ...(gelu === 'kept' ? { kept: precision } : {}) }),
    ),
    inputs: {
      x,
      weights: weights.tensor,
      bias: bias.tensor,
      ...masked?.inputs,
      ...(dropout === undefined ? {} : { random: state.random }),
      ...(residual ? { residual } : {}),
    },
    uniform: uniformOf(call, { weights, bias, maskStart: masked?.start }),
  }
  if (gelu !== 'kept') return run(backend, { ...program, outputs: { output } })
  return run(backend, { ...program, outputs: { output, slope: keptOutput(output.shape, precision) } })
}

/** The gradient of what the epilogue reads. The gradient of the residual is that of the output. */
function beforeEpilogue(
  { backend, state, options: { dropout, residual } }: Call,
  outputGrad: Tensor,
  slope: Tensor | undefined,
): Tensor {
  const kept = dropout === undefined ? outputGrad : drop(backend, state, outputGrad, dropout)
  if (!slope) return kept
  const sloped = residual ? undefined : ended(backend, kept, 'slope', slope)
  if (sloped) return sloped
  const { inputGrad } = run(backend, {
    label: 'slopeGradient',
    code: shaders.stored({ kept: state.precision ?? 'f32' }) + shaders.slopeGradient,
    inputs: { outputGrad: kept, slope },
    outputs: { inputGrad: { shape: outputGrad.shape } },
    grid: workgroups(outputGrad.size, 256),
  })
  if (kept !== outputGrad) kept.dispose()
  return inputGrad
}
