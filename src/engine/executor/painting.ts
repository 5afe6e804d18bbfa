import type { Layout } from '../../core/layout'
import { numberLooks, type MapRange, type NumberMode } from '../../core/mapModes'
import type { Colour } from '../../core/palette'
import type { Palette } from '../../../shaders/show/paint'
import { shownNumbers, spans, type Tint } from '../../../shaders/show/tint'
import { tileTable } from '../../../shaders/parts/tiles'
import type { MapColours, NumberOnMap } from './executor'
import { mapLayout, mapPixels } from '../../core/weightMap'

/** What both painters make once from a layout: the map and its lookup tables (shaders/show/paint.ts). */
export function paintTables(layout: Layout) {
  const map = mapLayout(layout.prunable)
  return {
    map,
    pixels: mapPixels(layout.prunable, map),
    tiles: tileTable(
      layout.prunableLength,
      layout.prunable.map((t) => [t]),
    ),
    places: Uint32Array.from(layout.prunable.flatMap((t) => [t.offset, t.size])),
  }
}

/** Pixels of the map, and pixels from row to row. */
export interface MapSize {
  readonly width: number
  readonly height: number
  readonly stride: number
}

/** The uniform block of the paint kernel. */
export function palette(size: MapSize, { classes, background }: MapColours): Palette {
  return {
    ...size,
    background: rgba(background),
    ordinary: rgba(classes.ordinary.kept),
    temporary: rgba(classes.temporary.kept),
    sentinel: rgba(classes.sentinel.kept),
    ordinaryCut: rgba(classes.ordinary.cut),
    temporaryCut: rgba(classes.temporary.cut),
    sentinelCut: rgba(classes.sentinel.cut),
  }
}

/** Arrays that the map's numbers come from: names of the arena's, and what notes when mask bits changed. */
export type Source = 'weights' | 'grads' | 'noiseMean' | 'noiseSquare' | 'steady' | 'scores' | 'changed'

/** Where the number of each mode comes from: one array, or two and what is made of them. */
export const numberSources: Readonly<
  Record<NumberMode, { readonly from: readonly [Source, Source?]; readonly number: keyof typeof shownNumbers }>
> = {
  value: { from: ['weights'], number: 'asItIs' },
  gradient: { from: ['grads'], number: 'asItIs' },
  sensitivity: { from: ['weights', 'grads'], number: 'product' },
  noise: { from: ['noiseMean', 'noiseSquare'], number: 'variation' },
  importance: { from: ['steady'], number: 'asItIs' },
  score: { from: ['scores'], number: 'asItIs' },
  age: { from: ['changed'], number: 'age' },
}

/** The uniform block of the kernels that show a number; cut weights lie on the ground of ordinary ones that are cut. */
export function tintOf(
  size: MapSize,
  { mode, step, classes: { ordinary }, background }: NumberOnMap,
  layout: Layout,
): Tint {
  const { span, root, cutToo = false } = numberLooks[mode]
  return {
    ...size,
    length: layout.prunableLength,
    number: shownNumbers[numberSources[mode].number],
    span: spans[span],
    root: root ? 1 : 0,
    background: rgba(background),
    cut: rgba(ordinary.cut),
    unknown: rgba(ordinary.kept),
    cutToo: cutToo ? 1 : 0,
    now: step,
  }
}

/** A scale as the kernels read it: RGBA bytes, red lowest. */
export function scaleBytes(scale: readonly Colour[]): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(scale, rgba)
}

/** The range as kernels leave it: low, high; null where it is empty. */
export function rangeOf([low = 0, high = 0]: Iterable<number>): MapRange | null {
  return low < high ? { low, high } : null
}

function rgba([red, green, blue]: Colour): number {
  return (red | (green << 8) | (blue << 16) | (255 << 24)) >>> 0
}

/** A 2d presenter: puts RGBA bytes, `stride` pixels a row, onto a canvas that is as large as the map. */
export type BytesPresenter = (image: Uint32Array<ArrayBuffer>, stride: number) => void

/** The context is asked for once: Firefox throws when a transferred canvas is asked twice. */
export function bytesPresenter(canvas: OffscreenCanvas): BytesPresenter {
  const context = canvas.getContext('2d')
  return (image, stride) => {
    if (!context || canvas.width === 0) return
    context.putImageData(
      new ImageData(new Uint8ClampedArray(image.buffer), stride, canvas.height),
      0,
      0,
      0,
      0,
      canvas.width,
      canvas.height,
    )
  }
}
