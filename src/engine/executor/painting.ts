import type { Layout } from '../../core/layout'
import type { Colour } from '../../core/palette'
import type { Palette } from '../../../shaders/show/paint'
import { tileTable } from '../../../shaders/parts/tiles'
import type { MapColours } from './executor'
import { mapLayout, mapPixels } from './weightMap'

/** What both painters make once from a layout: the map and its lookup tables (shaders/show/paint.ts). */
export function paintTables(layout: Layout) {
  const map = mapLayout(layout)
  return {
    map,
    pixels: mapPixels(layout, map, map.width),
    tiles: tileTable(
      layout.prunableLength,
      layout.prunable.map((t) => [t]),
    ),
    places: Uint32Array.from(layout.prunable.flatMap((t) => [t.offset, t.size])),
  }
}

/** The uniform block of the paint kernel; `stride` is pixels from row to row. */
export function palette(width: number, height: number, stride: number, { classes, background }: MapColours): Palette {
  return {
    width,
    height,
    stride,
    background: rgba(background),
    ordinary: rgba(classes.ordinary.kept),
    temporary: rgba(classes.temporary.kept),
    sentinel: rgba(classes.sentinel.kept),
    ordinaryCut: rgba(classes.ordinary.cut),
    temporaryCut: rgba(classes.temporary.cut),
    sentinelCut: rgba(classes.sentinel.cut),
  }
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
