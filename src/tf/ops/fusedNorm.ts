import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend, Output } from '../backend'
import type { Tensor } from '../tfjs'
import { differentiable, run } from './differentiable'
import type { OpsState } from './dropout'
import { slicedGradients, sumSlices } from './slices'
import { ownerOf, slicesOf, type Tiles } from './tiles'

/** `Nn.layerNorm`; the variance is that of the centred row, as in the composition. */
export function fusedNorm(
  backend: ArenaBackend,
  tiles: Tiles,
  { towards }: Pick<OpsState, 'towards'> = {},
): Nn['layerNorm'] {
  return (x, scale, shift, epsilon) =>
    differentiable(towards === 'images' ? [x] : [x, scale, shift], {
      forward() {
        const { output, moments } = normalise(backend, tiles, x, scale, shift, epsilon)
        return { value: output, keep: [x, scale, moments] }
      },
      backward(outputGrad, kept) {
        const [keptX, keptScale, moments] = kept as [Tensor, Tensor, Tensor]
        return gradients(backend, tiles, towards === 'images' ? null : [scale, shift], {
          x: keptX,
          scale: keptScale,
          moments,
          outputGrad,
        })
      },
    })
}

function sizeOf(x: Tensor): { rows: number; width: number } {
  const width = x.shape.at(-1) ?? 1
  return { rows: x.size / width, width }
}

function normalise(backend: ArenaBackend, tiles: Tiles, x: Tensor, scale: Tensor, shift: Tensor, epsilon: number) {
  const { rows, width } = sizeOf(x)
  const { norm } = tiles
  return run(backend, {
    label: 'layerNorm',
    code: shaders.constants({ ...norm }) + shaders.layerNorm[ownerOf(tiles.norm)],
    inputs: { x, scale, shift },
    outputs: { output: { shape: x.shape }, moments: { shape: [rows, 2] } },
    uniform: shaders.layerNormShape.write({ rows, width, epsilon }),
    grid: workgroups(rows, norm.threads / norm.lanes),
  })
}

interface Kept {
  readonly x: Tensor
  readonly scale: Tensor
  readonly moments: Tensor
  readonly outputGrad: Tensor
}

/** Gradients of x and of the parameters; without those, of x alone. */
function gradients(
  backend: ArenaBackend,
  tiles: Tiles,
  parameters: readonly [Tensor, Tensor] | null,
  kept: Kept,
): readonly Tensor[] {
  const { rows, width } = sizeOf(kept.x)
  const { slices, sliceRows } = slicesOf(rows, 1, tiles.groups)
  const outputs = parameters ? slicedGradients(parameters, slices) : unkept(slices, width)
  const { xGrad, scaleGrad, shiftGrad } = run(backend, {
    label: 'layerNormGradient',
    code: shaders.constants({ ...tiles.norm }) + shaders.layerNormGradient[ownerOf(tiles.norm)],
    inputs: { ...kept },
    outputs: { xGrad: { shape: kept.x.shape }, scaleGrad: outputs[0], shiftGrad: outputs[1] },
    uniform: shaders.layerNormGradientShape.write({ rows, width, sliceRows }),
    grid: [slices, 1, 1],
  })
  if (!parameters) {
    scaleGrad.dispose()
    shiftGrad.dispose()
    return [xGrad]
  }
  if (slices === 1) return [xGrad, scaleGrad, shiftGrad]
  return [
    xGrad,
    ...sumSlices(
      backend,
      [scaleGrad, shiftGrad],
      parameters.map((parameter) => [parameter]),
    ),
  ]
}

/** Outputs for gradients that nobody asks for. */
function unkept(slices: number, width: number): readonly [Output, Output] {
  return [{ shape: [slices, width] }, { shape: [slices, width] }]
}
