import { uniformStruct } from '../parts/uniformStruct'

/** How images are attacked; all lengths are shares of a channel's range. */
export interface AttackSettings {
  /** How far a number may move at most. */
  readonly radius: number
  /** How far a step goes. */
  readonly stride: number
  /** How far a random start lies away at most; 0 starts at the image. */
  readonly spread: number
  /** How many numbers all images have, and how many a pixel has. */
  readonly length: number
  readonly channels: number
  /** Of the random start. */
  readonly stream: number
}

/** The uniform block `shape` of the kernel. */
export const attackStruct = uniformStruct('AttackShape', {
  length: 'u32',
  channels: 'u32',
  stream: 'u32',
  radius: 'f32',
  stride: 'f32',
  spread: 'f32',
})

/** Batches as the kernel sees them. */
export interface AttackBuffers {
  /** Numbers of the bytes, [channels, 256]. */
  readonly levels: Float32Array
  /** The original images and the adversarial ones, [images, height, width, channels]. */
  readonly clean: Float32Array
  readonly images: Float32Array
}

/**
 * Twin of entry point `start`.
 * @param uniform hash of a counter to [0, 1), keyed by seed and step
 */
export function start(b: AttackBuffers, s: AttackSettings, uniform: (counter: number) => number): void {
  for (let i = 0; i < s.length; i++) {
    const place = 2 * uniform(i) - 1
    b.images[i] = projected(b, s, i, (b.clean[i] as number) + place * s.spread * rangeOf(b, s, i))
  }
}

/** Twin of entry point `climb`. @param gradient of the loss, of the images' shape */
export function climb(b: AttackBuffers, s: AttackSettings, gradient: ArrayLike<number>): void {
  for (let i = 0; i < s.length; i++) {
    b.images[i] = projected(
      b,
      s,
      i,
      (b.images[i] as number) + Math.sign(gradient[i] as number) * s.stride * rangeOf(b, s, i),
    )
  }
}

/** The nearest number within the radius and the range of its channel. */
function projected({ levels, clean }: AttackBuffers, s: AttackSettings, i: number, x: number): number {
  const first = (i % s.channels) * 256
  const reach = s.radius * rangeOf({ levels }, s, i)
  const near = Math.min(Math.max(x, (clean[i] as number) - reach), (clean[i] as number) + reach)
  return Math.min(Math.max(near, levels[first] as number), levels[first + 255] as number)
}

function rangeOf({ levels }: Pick<AttackBuffers, 'levels'>, { channels }: AttackSettings, i: number): number {
  const first = (i % channels) * 256
  return (levels[first + 255] as number) - (levels[first] as number)
}
