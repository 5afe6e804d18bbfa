import type { Nn } from '../../core/model'
import { workgroups } from '../../gpu/kernel'
import * as shaders from '../../../shaders/transformer'
import type { ArenaBackend } from '../backend'
import type { Tensor } from '../tfjs'
import { compositions } from './compositions'
import { run, withoutGradient } from './differentiable'
import type { OpsState } from './dropout'

/** Raw images: what src/data/pixels.ts calls a batch, as tensors. */
export interface RawImages {
  /** [batch, height, width, channels]. */
  readonly shape: readonly [number, number, number, number]
  /** Bytes of the images, four a word (int32). */
  readonly pixels: Tensor
  /** int32 [batch, 3]: down, right, mirror. */
  readonly motions: Tensor
  /** Numbers of bytes, [channels, 256]. */
  readonly levels: Tensor
}

const known = new WeakMap<Tensor, RawImages>()

/** The tensor that stands for raw images as a model's input. */
export function rawImages(images: RawImages): Tensor {
  known.set(images.pixels, images)
  return images.pixels
}

/**
 * `Nn.patches` and `Nn.pixels` of raw images in one kernel, which moves and normalises them as well. Nobody trains
 * images: the results have no gradient, and asking for one is an error of tfjs. Images that are floats are only cut,
 * and have a gradient where they are what is differentiated by.
 */
export function fusedImages(
  backend: ArenaBackend,
  { towards }: Pick<OpsState, 'towards'> = {},
): Pick<Nn, 'patches' | 'pixels'> {
  if (towards === 'images') return { patches: compositions.patches, pixels: compositions.pixels }
  return {
    patches(images, size, side) {
      const raw = known.get(images)
      if (!raw) return withoutGradient(compositions.patches(images, size, side))
      return withoutGradient(cut(backend, raw, { height: size, width: size }, side))
    },
    pixels(images) {
      const raw = known.get(images)
      if (!raw) return withoutGradient(compositions.pixels(images))
      const [batch, height, width, channels] = raw.shape
      return withoutGradient(cut(backend, raw, { height, width }).reshape([batch, height * width * channels]))
    },
  }
}

/** @param side scales the images to side x side first */
function cut(
  backend: ArenaBackend,
  { shape, ...inputs }: RawImages,
  patch: { readonly height: number; readonly width: number },
  side?: number,
): Tensor {
  const [batch, height, width, channels] = shape
  const [scaledHeight, scaledWidth] = [side ?? height, side ?? width]
  const [patchHeight, patchWidth] = [patch.height, patch.width]
  const patches = (scaledHeight / patchHeight) * (scaledWidth / patchWidth)
  return run(backend, {
    label: 'imagePatches',
    code: shaders.imagePatches,
    inputs,
    outputs: { output: { shape: [batch, patches, patchHeight * patchWidth * channels] } },
    uniform: shaders.imagePatchesShape.write({
      height,
      width,
      channels,
      patchHeight,
      patchWidth,
      scaledHeight,
      scaledWidth,
    }),
    grid: workgroups(batch * scaledHeight * scaledWidth * channels, 256),
  }).output
}
