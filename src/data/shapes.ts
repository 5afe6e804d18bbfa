import { dataset, type LoadOptions } from '../core/dataset'
import { count } from '../core/figures'
import { integer, number } from '../core/knob'
import { randomStream, randomBits, streams, type RandomStream } from '../core/random'
import { imageExamples, type ImageSet } from './images'
import { breathe, meter, type Meter } from './meter'

/**
 * Ten outlines drawn on the spot. Place, size, turn, colours, clutter and noise differ from image to image and say
 * nothing about the class. Half are bright on dark and half dark on bright, so that on average no pixel says anything
 * either: a linear model on pixels gets about 20 % right, a small ViT 65 % after 600 steps of 32.
 */
export const shapes = dataset({
  label: 'Shapes (made here)',
  cite: 'Drawn by this page from the seed; no download.',
  task: 'image',
  knobs: {
    train: integer('Training images', 4096, [64, 65_536], {
      scale: 'log',
      unit: 'images',
      help: 'Images drawn for training.',
    }),
    held: integer('Test images', 1024, [64, 8192], {
      scale: 'log',
      unit: 'images',
      help: 'Other images, never trained on.',
    }),
    noise: number('Noise', 0.1, [0, 0.6], {
      step: 0.05,
      help: 'Deviation of the noise on every pixel, where 1 is black to white.',
    }),
    turn: integer('Turn', 20, [0, 180], {
      step: 10,
      unit: 'degrees',
      help: 'Outlines are turned by up to so much either way; more is harder.',
    }),
    size: integer('Size', 32, [8, 32], {
      step: 4,
      unit: 'pixels',
      help: 'Width and height of an image; small ones are quick and hard to tell apart.',
    }),
  },
  async load(values, options) {
    const counter = meter(options)
    counter.expect({ rows: values.train + values.held })
    counter.say('Drawing shapes')
    const train = await drawSet(values.train, 0, values, options, counter)
    const held = await drawSet(values.held, heldLane, values, options, counter)
    const text =
      `Shapes, ${count(values.train)} training and ${count(values.held)} test images drawn here from seed `
      + `${options.seed}.`
    return imageExamples(values.size, Object.keys(outlines), train, held, { kind: 'made', text })
  },
})

/** First random lane of test images; training images have the lanes below. */
const heldLane = 1 << 22
/** Random numbers of pixel noise come after those that lay out the image. */
const noiseCounter = 1 << 10

interface Style {
  readonly size: number
  readonly noise: number
  readonly turn: number
}

type Outline = (x: number, y: number) => number

/**
 * Signed distance to the outline, in units of its radius; negative inside. The image's class is the position in this
 * list.
 */
const outlines: Readonly<Record<string, Outline>> = {
  disc: (x, y) => Math.hypot(x, y) - 0.9,
  ring: (x, y) => Math.abs(Math.hypot(x, y) - 0.72) - 0.2,
  square: (x, y) => box(x, y, 0.78, 0.78),
  frame: (x, y) => Math.abs(box(x, y, 0.66, 0.66)) - 0.19,
  triangle: (x, y) => Math.max(Math.abs(x) * 0.866 - y * 0.5, y) - 0.5,
  plus: (x, y) => Math.min(box(x, y, 0.95, 0.27), box(x, y, 0.27, 0.95)),
  bar: (x, y) => box(x, y, 1, 0.3),
  bars: (x, y) => box(x, Math.abs(y) - 0.55, 0.9, 0.24),
  crescent: (x, y) => Math.max(Math.hypot(x, y) - 0.95, 0.72 - Math.hypot(x - 0.48, y)),
  corner: (x, y) => Math.min(box(x + 0.55, y, 0.27, 0.85), box(x, y - 0.58, 0.82, 0.27)),
}

const drawings = Object.values(outlines)

function box(x: number, y: number, halfWidth: number, halfHeight: number): number {
  return Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight)
}

async function drawSet(
  count: number,
  lane: number,
  style: Style,
  { seed, signal }: LoadOptions,
  counter: Meter,
): Promise<ImageSet> {
  const bytes = style.size * style.size * 3
  const set = { pixels: new Uint8Array(count * bytes), labels: new Uint8Array(count) }
  const canvas = new Float32Array(bytes)
  for (let i = 0; i < count; i++) {
    const label = i % drawings.length
    set.labels[i] = label
    drawImage(canvas, label, style, randomStream(seed, 'data', lane + i))
    develop(canvas, style.noise, seed, lane + i, set.pixels.subarray(i * bytes, (i + 1) * bytes))
    counter.done({ rows: 1 })
    if (i % 256 === 255) await breathe(signal)
  }
  return set
}

type Colour = readonly [number, number, number]

/**
 * A background running from colour to colour, a few scraps of clutter, then the outline, bright on dark or dark on
 * bright.
 */
function drawImage(canvas: Float32Array, label: number, { size, turn }: Style, random: RandomStream): void {
  const dark = random.next() < 0.5
  const ground = () => (dark ? colour(random, 0, 0.4) : colour(random, 0.6, 1))
  const [from, to] = [ground(), ground()]
  const across = random.next() < 0.5
  for (let i = 0; i < size * size; i++) {
    const t = (across ? i % size : Math.floor(i / size)) / (size - 1)
    for (let c = 0; c < 3; c++) canvas[i * 3 + c] = (from[c] as number) * (1 - t) + (to[c] as number) * t
  }
  const scraps = Math.round((size * 3) / 32)
  for (let i = 0; i < scraps; i++) {
    const thin = between(random, 0.2, 0.5)
    stamp(canvas, size, (x, y) => box(x, y, 1, thin), colour(random, 0.3, 0.7), placed(random, size, 0.06, 0.14, 180))
  }
  stamp(
    canvas,
    size,
    drawings[label] as Outline,
    dark ? colour(random, 0.6, 1) : colour(random, 0, 0.4),
    placed(random, size, 0.28, 0.45, turn),
  )
}

/** Centre and radius in pixels, turn in radians. */
interface Placement {
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly turn: number
}

/**
 * Somewhere inside the image, with a radius that is a share of its size, turned by up to so many degrees either way.
 */
function placed(random: RandomStream, size: number, smallest: number, largest: number, degrees: number): Placement {
  const radius = Math.max(1.5, size * between(random, smallest, largest))
  const centre = () => between(random, Math.min(radius, size / 2), Math.max(size - radius, size / 2))
  return { x: centre(), y: centre(), radius, turn: (between(random, -degrees, degrees) * Math.PI) / 180 }
}

/** Lays a figure over the canvas; its edge is one pixel soft. */
function stamp(
  canvas: Float32Array,
  size: number,
  outline: Outline,
  ink: Colour,
  { x, y, radius, turn }: Placement,
): void {
  const cos = Math.cos(turn) / radius
  const sin = Math.sin(turn) / radius
  for (let i = 0; i < size * size; i++) {
    const dx = (i % size) + 0.5 - x
    const dy = Math.floor(i / size) + 0.5 - y
    const cover = Math.min(1, Math.max(0, 0.5 - outline(dx * cos + dy * sin, dy * cos - dx * sin) * radius))
    if (cover === 0) continue
    for (let c = 0; c < 3; c++)
      canvas[i * 3 + c] = (canvas[i * 3 + c] as number) * (1 - cover) + (ink[c] as number) * cover
  }
}

/**
 * To bytes, with noise of the given deviation: two uniform numbers of 10 bits make a triangle of deviation 1/sqrt(6).
 */
function develop(canvas: Float32Array, noise: number, seed: number, lane: number, into: Uint8Array): void {
  const stream = (streams.data | (lane << 8)) >>> 0
  const scale = noise * Math.sqrt(6)
  for (let i = 0; i < canvas.length; i++) {
    const bits = noise > 0 ? randomBits(seed, stream, noiseCounter + i) : 0
    const grain = noise > 0 ? ((bits & 1023) + ((bits >>> 10) & 1023)) / 1023 - 1 : 0
    into[i] = Math.max(0, Math.min(255, Math.round(((canvas[i] as number) + grain * scale) * 255)))
  }
}

function between(random: RandomStream, low: number, high: number): number {
  return low + (high - low) * random.next()
}

function colour(random: RandomStream, low: number, high: number): Colour {
  return [between(random, low, high), between(random, low, high), between(random, low, high)]
}
