import { mapBackground, type Colour } from '../../src/core/palette'
import type { MapLayout } from '../../src/core/trainer'
import { layerName } from './layerName'

/** What a picture of the map says beside the map. */
export interface Caption {
  readonly title: string
  /** What its colours say. */
  readonly legend: readonly (readonly [text: string, colour: Colour])[]
  /** A line below; absent where there is none. */
  readonly foot?: string
}

/** How a map is drawn: one picture, or many of one size. */
export interface Easel {
  readonly canvas: OffscreenCanvas
  readonly draw: (map: CanvasImageSource, caption: Caption) => void
}

const margin = 16
const line = 22
const letters = { title: '600 16px', text: '400 14px', layer: '400 12px' }

/**
 * A canvas for pictures of a map, about `wanted` pixels wide: weights are squares of whole pixels, unless the map is
 * wider than that.
 */
export function easelOf(layout: MapLayout, dark: boolean, wanted: number, legendLines = 2): Easel {
  const fitting = wanted / layout.width
  const scale = fitting < 1 ? fitting : Math.floor(fitting)
  const [width, height] = [Math.round(layout.width * scale), Math.round(layout.height * scale)]
  const top = margin + line + 8
  const canvas = new OffscreenCanvas(
    Math.max(width, 520) + 2 * margin,
    top + height + (legendLines + 1) * line + margin,
  )
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('the browser gives no canvas')
  const theme = dark ? 'dark' : 'light'
  const [ground, ink] = [rgb(mapBackground[theme]), dark ? '#e7e5df' : '#1b2127']
  const family = getComputedStyle(document.body).fontFamily
  const write = (text: string, x: number, y: number, kind: keyof typeof letters) => {
    context.font = `${letters[kind]} ${family}`
    context.fillStyle = ink
    context.fillText(text, x, y)
  }
  const names = () => {
    for (const tile of layout.tiles) {
      if (tile.height * scale < 24) continue
      const name = layerName(tile.name, (tile.width * scale - 8) / 5.8)
      context.font = `${letters.layer} ${family}`
      const [x, y] = [margin + tile.x * scale, top + tile.y * scale]
      context.fillStyle = ground
      if (name !== '') context.fillRect(x, y, context.measureText(name).width + 8, 17)
      write(name, x + 4, y + 13, 'layer')
    }
  }
  const keys = (legend: Caption['legend']) => {
    let [x, y] = [margin, top + height + line]
    for (const [text, colour] of legend) {
      context.font = `${letters.text} ${family}`
      const advance = context.measureText(text).width + 38
      if (x > margin && x + advance > canvas.width) [x, y] = [margin, y + line]
      context.fillStyle = rgb(colour)
      context.fillRect(x, y - 12, 14, 14)
      write(text, x + 20, y, 'text')
      x += advance
    }
    return y
  }
  const draw = (map: CanvasImageSource, { title, legend, foot = '' }: Caption) => {
    context.fillStyle = ground
    context.fillRect(0, 0, canvas.width, canvas.height)
    write(title, margin, margin + 14, 'title')
    context.imageSmoothingEnabled = scale < 1
    context.drawImage(map, margin, top, width, height)
    names()
    write(foot, margin, keys(legend) + line, 'text')
  }
  return { canvas, draw }
}

function rgb(colour: Colour): string {
  return `rgb(${colour.join(' ')})`
}
