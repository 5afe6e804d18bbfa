import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { EndingStep } from '../program'
import type { Tensor } from '../tfjs'
import { differentiable, run } from './differentiable'
import type { OpsState } from './dropout'
import { sharedRows } from './sharedRows'
import { slicesOf, type Tiles } from './tiles'

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
        const own = { x: keptX, scale: keptScale, moments, outputGrad }
        return gradients(backend, tiles, { scale, shift }, own, towards !== 'images')
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
    ...sharedRows(backend.device, norm, workgroups(rows, norm.threads / norm.lanes), shaders.layerNorm),
    inputs: { x, scale, shift },
    outputs: { output: { shape: x.shape }, moments: { shape: [rows, 2] } },
    uniform: shaders.layerNormShape.write({ rows, width, epsilon }),
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
  parameters: { readonly scale: Tensor; readonly shift: Tensor },
  kept: Kept,
  wanted: boolean,
): readonly Tensor[] {
  const { rows, width } = sizeOf(kept.x)
  const { slices, sliceRows } = slicesOf(rows, 1, tiles.groups)
  const code = (steps: ReadonlySet<EndingStep>) =>
    sharedRows(backend.device, tiles.norm, [slices, 1, 1], (owner) =>
      shaders.layerNormGradient(owner, steps.has('other')),
    )
  const { xGrad, scale, shift } = run(backend, {
    label: 'layerNormGradient',
    ...code(new Set()),
    inputs: { ...kept },
    outputs: { xGrad: { shape: kept.x.shape } },
    sums: {
      parameters,
      slices,
      wanted,
      uniform: ({ starts: [scaleGrad = 0, shiftGrad = 0], stride }) =>
        shaders.layerNormGradientShape.write({ rows, width, sliceRows, scaleGrad, shiftGrad, gradStride: stride }),
    },
    ending: { of: 'xGrad', steps: ['other'], code },
  })
  return wanted ? [xGrad, scale, shift] : [xGrad]
}
