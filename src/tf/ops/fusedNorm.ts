import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { differentiable, run } from './differentiable'
import { slicedGradients, sumSlices } from './slices'
import { slicesOf, type Tiles } from './tiles'

/** `Nn.layerNorm` with one thread a row; the variance is that of the centred row, as in the composition. */
export function fusedNorm(backend: ArenaBackend, tiles: Tiles): Nn['layerNorm'] {
  return (x, scale, shift, epsilon) => differentiable([x, scale, shift], {
    forward() {
      const { output, moments } = normalise(backend, tiles, x, scale, shift, epsilon)
      return { value: output, keep: [x, scale, moments] }
    },
    backward(outputGrad, kept) {
      const [keptX, keptScale, moments] = kept as [Tensor, Tensor, Tensor]
      const xGrad = inputGradient(backend, tiles, keptX, keptScale, moments, outputGrad)
      return [xGrad, ...scaleGradients(backend, tiles, [scale, shift], keptX, moments, outputGrad)]
    },
  })
}

function sizeOf(x: Tensor): { rows: number; width: number } {
  const width = x.shape.at(-1) ?? 1
  return { rows: x.size / width, width }
}

function normalise(backend: ArenaBackend, { rowThreads }: Tiles, x: Tensor, scale: Tensor, shift: Tensor, epsilon: number) {
  const { rows, width } = sizeOf(x)
  return run(backend, {
    label: 'layerNorm',
    code: shaders.constants({ rowThreads }) + shaders.layerNorm,
    inputs: { x, scale, shift },
    outputs: { output: { shape: x.shape }, moments: { shape: [rows, 2] } },
    uniform: shaders.layerNormShape.write({ rows, width, epsilon }),
    grid: workgroups(rows, rowThreads),
  })
}

function inputGradient(
  backend: ArenaBackend, { rowThreads }: Tiles, x: Tensor, scale: Tensor, moments: Tensor, outputGrad: Tensor,
): Tensor {
  const { rows, width } = sizeOf(x)
  return run(backend, {
    label: 'layerNormInput',
    code: shaders.constants({ rowThreads }) + shaders.layerNormInput,
    inputs: { x, scale, moments, outputGrad },
    outputs: { xGrad: { shape: x.shape } },
    uniform: shaders.layerNormShape.write({ rows, width, epsilon: 0 }),
    grid: workgroups(rows, rowThreads),
  }).xGrad
}

function scaleGradients(
  backend: ArenaBackend, { rowThreads, groups }: Tiles, parameters: readonly [Tensor, Tensor], x: Tensor, moments: Tensor, outputGrad: Tensor,
): readonly Tensor[] {
  const { rows, width } = sizeOf(x)
  const across = Math.ceil(width / rowThreads)
  const { slices, sliceRows } = slicesOf(rows, across, groups)
  const outputs = slicedGradients(parameters, slices)
  const { scaleGrad, shiftGrad } = run(backend, {
    label: 'layerNormScale',
    code: shaders.constants({ rowThreads }) + shaders.layerNormScale,
    inputs: { x, moments, outputGrad },
    outputs: { scaleGrad: outputs[0], shiftGrad: outputs[1] },
    uniform: shaders.layerNormScaleShape.write({ rows, width, sliceRows }),
    grid: [across, slices, 1],
  })
  return slices === 1 ? [scaleGrad, shiftGrad] : sumSlices(backend, [scaleGrad, shiftGrad], parameters.map((p) => [p]))
}
