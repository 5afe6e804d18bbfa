/** How a map lies in its box: CSS pixels per map pixel, and where the map's corner is in the box. */
export interface View {
  readonly scale: number
  readonly x: number
  readonly y: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** Largest zoom, in CSS pixels per weight. */
export const largestScale = 48

/** CSS pixels that stay free around the whole map. */
export const margin = 8

/** The whole map in the middle of the box. */
export function fit(map: Size, box: Size): View {
  return settle({ scale: fitScale(map, box), x: 0, y: 0 }, map, box)
}

/** Zooms by `factor` around a point of the box, between the whole map and `largestScale`. */
export function zoom(view: View, factor: number, at: { x: number; y: number }, map: Size, box: Size): View {
  const smallest = fitScale(map, box)
  const scale = Math.min(Math.max(largestScale, smallest), Math.max(smallest, view.scale * factor))
  const ratio = scale / view.scale
  return settle({ scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio }, map, box)
}

/** Moves the map by CSS pixels, as far as it still fills the box. */
export function pan(view: View, dx: number, dy: number, map: Size, box: Size): View {
  return settle({ ...view, x: view.x + dx, y: view.y + dy }, map, box)
}

/** Moves the map only as far as is needed to show one of its pixels with a margin around it. */
export function reveal(view: View, at: { x: number; y: number }, map: Size, box: Size): View {
  const rim = Math.min(24, box.width / 4, box.height / 4)
  const shift = (place: number, length: number) => Math.min(0, length - rim - place) + Math.max(0, rim - place)
  const x = view.x + (at.x + 0.5) * view.scale
  const y = view.y + (at.y + 0.5) * view.scale
  return pan(view, shift(x, box.width), shift(y, box.height), map, box)
}

/** The map pixel at a point of the box, null beside the map. */
export function mapPixel(view: View, at: { x: number; y: number }, map: Size): { x: number; y: number } | null {
  const x = Math.floor((at.x - view.x) / view.scale)
  const y = Math.floor((at.y - view.y) / view.scale)
  return x >= 0 && y >= 0 && x < map.width && y < map.height ? { x, y } : null
}

/** Whether the view shows the whole map. */
export function isWhole(view: View, map: Size, box: Size): boolean {
  return view.scale <= fitScale(map, box) * 1.001
}

function fitScale(map: Size, box: Size): number {
  const scale = Math.min((box.width - 2 * margin) / map.width, (box.height - 2 * margin) / map.height)
  return scale > 0 && Number.isFinite(scale) ? Math.min(scale, largestScale) : 1
}

/** A side that is shorter than the box is centred, a longer one covers it. */
function settle(view: View, map: Size, box: Size): View {
  const place = (offset: number, length: number, room: number) =>
    length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, offset))
  return {
    scale: view.scale,
    x: place(view.x, map.width * view.scale, box.width),
    y: place(view.y, map.height * view.scale, box.height),
  }
}
