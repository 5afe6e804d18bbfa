import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend, Output } from '../backend'
import type { Tensor } from '../tfjs'
import { differentiable, isWithoutGradient, run } from './differentiable'
import { slicesOf, type Tiles } from './tiles'

interface Size {
  readonly rows: number
  readonly fanIn: number
  readonly fanOut: number
}

/** `Nn.linear` as tiled kernels without barriers; GELU and its gradient are exact. */
export function fusedLinear(backend: ArenaBackend, tiles: Tiles): Nn['linear'] {
  return (x, weights, bias, activation) => {
    const size = sizeOf(x, weights)
    const constant = isWithoutGradient(x)
    return differentiable(constant ? [weights, bias] : [x, weights, bias], {
      forward() {
        const { output, before } = product(backend, tiles, size, x, weights, bias, activation)
        return { value: output, keep: before ? [x, weights, before] : [x, weights] }
      },
      backward(outputGrad, kept) {
        const [keptX, keptWeights, before] = kept as [Tensor, Tensor, Tensor?]
        const grad = before ? geluGradient(backend, before, outputGrad) : outputGrad
        const xGrad = constant ? [] : [inputGradient(backend, tiles, size, x.shape, grad, keptWeights)]
        const own = weightGradients(backend, tiles, size, [weights, bias], keptX, grad)
        if (before) grad.dispose()
        return [...xGrad, ...own]
      },
    })
  }
}

function sizeOf(x: Tensor, weights: Tensor): Size {
  const [fanIn = 1, fanOut = 1] = weights.shape
  return { rows: x.size / fanIn, fanIn, fanOut }
}

/** Workgroups that cover a [rows, columns] result. */
function gridOf(rows: number, columns: number, { matrix: m }: Tiles, slices = 1): readonly [number, number, number] {
  return [Math.ceil(columns / (m.lanes * m.tileColumns)), Math.ceil(rows / (m.layers * m.tileRows)), slices]
}

function product(
  backend: ArenaBackend, tiles: Tiles, size: Size, x: Tensor, weights: Tensor, bias: Tensor, activation: 'gelu' | undefined,
): { output: Tensor; before?: Tensor } {
  const output = { shape: [...x.shape.slice(0, -1), size.fanOut] }
  const common = {
    inputs: { x, weights, bias },
    uniform: shaders.linearShape.write({ ...size }),
    grid: gridOf(size.rows, size.fanOut, tiles),
  }
  if (activation === 'gelu') {
    const code = shaders.specialise(shaders.linearGelu, tiles.matrix)
    return run(backend, { label: 'linearGelu', code, outputs: { output, before: output }, ...common })
  }
  return run(backend, { label: 'linear', code: shaders.specialise(shaders.linear, tiles.matrix), outputs: { output }, ...common })
}

function geluGradient(backend: ArenaBackend, before: Tensor, outputGrad: Tensor): Tensor {
  return run(backend, {
    label: 'geluGradient',
    code: shaders.geluGradient,
    inputs: { before, outputGrad },
    outputs: { beforeGrad: { shape: before.shape } },
    grid: workgroups(before.size, 256),
  }).beforeGrad
}

function inputGradient(
  backend: ArenaBackend, tiles: Tiles, size: Size, shape: number[], outputGrad: Tensor, weights: Tensor,
): Tensor {
  return run(backend, {
    label: 'linearInput',
    code: shaders.specialise(shaders.linearInput, tiles.matrix),
    inputs: { outputGrad, weights },
    outputs: { xGrad: { shape } },
    uniform: shaders.linearShape.write({ ...size }),
    grid: gridOf(size.rows, size.fanIn, tiles),
  }).xGrad
}

function weightGradients(
  backend: ArenaBackend, tiles: Tiles, size: Size, parameters: readonly [Tensor, Tensor], x: Tensor, outputGrad: Tensor,
): readonly Tensor[] {
  const [across, down] = gridOf(size.fanIn, size.fanOut, tiles)
  const { slices, sliceRows } = slicesOf(size.rows, across * down, tiles.groups)
  const outputs = slicedGradients(parameters, slices)
  const { weightsGrad, biasGrad } = run(backend, {
    label: 'linearWeights',
    code: shaders.specialise(shaders.linearWeights, tiles.matrix),
    inputs: { x, outputGrad },
    outputs: { weightsGrad: outputs[0], biasGrad: outputs[1] },
    uniform: shaders.linearWeightsShape.write({ ...size, sliceRows }),
    grid: gridOf(size.fanIn, size.fanOut, tiles, slices),
  })
  return slices === 1 ? [weightsGrad, biasGrad] : sumSlices(backend, [weightsGrad, biasGrad], parameters)
}

/** Outputs for the gradients of two parameters: as they are, or in slices that `sumSlices` adds up. */
export function slicedGradients([first, second]: readonly [Tensor, Tensor], slices: number): readonly [Output, Output] {
  const output = (parameter: Tensor): Output => {
    return slices === 1 ? { shape: parameter.shape, gradientOf: parameter } : { shape: [slices, ...parameter.shape] }
  }
  return [output(first), output(second)]
}

/** The gradients of two parameters from their slices, which are added up in order and freed. */
export function sumSlices(
  backend: ArenaBackend, [firstSlices, secondSlices]: readonly [Tensor, Tensor], [first, second]: readonly [Tensor, Tensor],
): readonly Tensor[] {
  const sums = run(backend, {
    label: 'sumSlices',
    code: shaders.sumSlices,
    inputs: { firstSlices, secondSlices },
    outputs: { first: { shape: first.shape, gradientOf: first }, second: { shape: second.shape, gradientOf: second } },
    grid: workgroups(first.size + second.size, 256),
  })
  firstSlices.dispose()
  secondSlices.dispose()
  return [sums.first, sums.second]
}
