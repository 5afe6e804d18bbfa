import { Problem } from '../../core/problem'
import type { Format } from './raw'

/** A picture in a folder; the folder is its class: `cats and dogs/cat/1.png`. */
export const picture: Format = ({ name, bytes }) => {
  const folder = name.split('/').at(-2)
  if (folder === undefined)
    return Promise.resolve({ unused: `${name} lies in no folder; the folder of a picture is its class` })
  const encoded = async () => new Uint8Array(await bytes.slice(0))
  return Promise.resolve([[{ task: 'image', label: folder, name, encoded }]])
}

/**
 * Scales a picture to size x size RGB bytes by the average of the old pixels under each new one; the picture is
 * squeezed, not cropped.
 */
export function scaled(
  picture: { readonly width: number; readonly height: number; readonly rgb: Uint8Array },
  size: number,
  name: string,
): Uint8Array {
  const { width, height, rgb } = picture
  if (width === size && height === size) return rgb
  if (width < 1 || height < 1) throw new Problem(`${name} is ${width} x ${height} pixels.`, 'Leave it out.')
  const columns = shares(width, size)
  const rows = shares(height, size)
  const out = new Uint8Array(size * size * 3)
  for (let i = 0; i < size * size; i++) {
    for (let c = 0; c < 3; c++) {
      let sum = 0
      for (const [y, down] of rows[Math.floor(i / size)] ?? []) {
        for (const [x, across] of columns[i % size] ?? [])
          sum += (rgb[(y * width + x) * 3 + c] as number) * down * across
      }
      out[i * 3 + c] = Math.round(sum)
    }
  }
  return out
}

/** For each of `to` new pixels, the old ones that it covers and their weights, which add up to 1. */
function shares(from: number, to: number): [number, number][][] {
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [(i * from) / to, ((i + 1) * from) / to]
    const covered: [number, number][] = []
    for (let at = Math.floor(start); at < Math.min(from, end); at++) {
      covered.push([at, (Math.min(at + 1, end) - Math.max(at, start)) / (end - start)])
    }
    return covered
  })
}
