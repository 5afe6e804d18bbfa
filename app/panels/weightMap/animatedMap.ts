import { nextTask } from '../../../src/core/nextTask'
import { pairColours, type Colour } from '../../../src/core/palette'
import type { Recorded } from '../../../src/core/recorded'
import { mapLayout } from '../../../src/core/weightMap'
import { apng, packedRows } from '../../../src/past/apng'
import { allOf, maskAt } from '../../../src/past/maskAt'
import { paintPair, type Pair } from '../../../src/past/paintPair'
import { count, percent } from '../../controls/format'
import { easelOf } from '../../controls/mapPicture'

/** Pictures of an animation at most, pixels that it is wide at most, and how long one is shown. */
const most = 120
const wide = 800
const shownFor = { each: 200, last: 2500 }

/** The course of a run's mask as an animated PNG: what is kept, what each recorded moment cut, what came back. */
export async function animatedMap(record: Recorded, title: string, dark: boolean): Promise<Blob> {
  const { matrices, frames } = record
  const layout = mapLayout(matrices)
  const easel = easelOf(layout, dark, wide, 1)
  const { width, height } = easel.canvas
  const colours = pairColours[dark ? 'dark' : 'light']
  const map = new OffscreenCanvas(layout.width, layout.height)
  const context = map.getContext('2d')
  const paint = async (pair: Pair) => {
    for (const [i, matrix] of matrices.entries()) {
      const tile = layout.tiles[i]
      if (!tile) continue
      const bytes = paintPair(matrix, pair, colours)
      context?.putImageData(new ImageData(bytes, tile.width, tile.height), tile.x, tile.y)
      await nextTask()
    }
  }
  const [neither, back, cut, both] = colours
  const legend = [
    ['kept', both],
    ['cut just now', cut],
    ['back', back],
    ['cut before', neither],
  ] as const
  const all = matrices.reduce((sum, { size }) => sum + size, 0)
  const palette = colourNumbers()
  const pictures: { packed: Uint8Array; milliseconds: number }[] = []
  let before = allOf(matrices)
  const chosen = evenly(frames.length, most)
  for (const i of chosen) {
    const mask = await maskAt(record, i)
    await paint([before, mask])
    before = Uint32Array.from(mask)
    const kept = frames[i]?.kept.reduce((sum, n) => sum + n, 0) ?? 0
    const foot = `Step ${count(frames[i]?.step ?? 0)}: ${percent(1 - kept / all)} pruned`
    easel.draw(map, { title, legend, foot })
    const pixels = easel.canvas.getContext('2d')?.getImageData(0, 0, width, height).data
    if (!pixels) throw new Error('the browser gives no pixels')
    const packed = await packedRows(palette.numbersOf(pixels), width)
    pictures.push({ packed, milliseconds: i === chosen.at(-1) ? shownFor.last : shownFor.each })
  }
  return apng({ width, height, palette: palette.colours, frames: pictures })
}

/** At most `most` whole numbers below `n`, evenly spread, the last one among them. */
function evenly(n: number, most: number): number[] {
  const chosen = Math.min(n, most)
  return Array.from({ length: chosen }, (_, i) => Math.round(((i + 1) * n) / chosen) - 1)
}

/** Numbers the colours of pictures as they come; those after the 256th are as the closest one before. */
function colourNumbers() {
  const colours: Colour[] = []
  const known = new Map<number, number>()
  const numberOf = (red: number, green: number, blue: number): number => {
    if (colours.length < 256) return colours.push([red, green, blue]) - 1
    const far = (c: Colour) => (c[0] - red) ** 2 + (c[1] - green) ** 2 + (c[2] - blue) ** 2
    return colours.reduce((best, colour, i) => (far(colour) < far(colours[best] ?? colour) ? i : best), 0)
  }
  const numbersOf = (rgba: Uint8ClampedArray) => {
    const numbers = new Uint8Array(rgba.length / 4)
    for (let pixel = 0; pixel < numbers.length; pixel++) {
      const [red = 0, green = 0, blue = 0] = [rgba[4 * pixel], rgba[4 * pixel + 1], rgba[4 * pixel + 2]]
      const key = (red << 16) | (green << 8) | blue
      let number = known.get(key)
      if (number === undefined) known.set(key, (number = numberOf(red, green, blue)))
      numbers[pixel] = number
    }
    return numbers
  }
  return { colours, numbersOf }
}
