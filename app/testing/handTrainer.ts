import { classColours, mapBackground } from '../../src/core/palette'
import type { Trainer, WeightReading } from '../../src/core/trainer'
import { uniform } from '../../src/core/random'
import { handMap } from './events'

/** Class of the weight at a place of the hand-made map. */
export function handClass(x: number, y: number): Pick<WeightReading, 'class' | 'cut'> {
  const u = uniform(1, 1, y * 4096 + x)
  const cut = uniform(1, 2, y * 4096 + x) < 0.5
  return { class: u < 0.7 ? 'ordinary' : u < 0.8 ? 'temporary' : 'sentinel', cut }
}

/** A trainer that only draws and answers `inspect`, for looking at the page and for tests of the store. */
export function handTrainer(): Trainer {
  const done = () => Promise.resolve()
  return {
    listen: done,
    open: done,
    cancel: done,
    discardLeft: done,
    handOver: done,
    start: done,
    pause: done,
    step: done,
    stop: done,
    reset: done,
    showOnMap: done,
    setHidden: done,
    weights: () => Promise.resolve(new Uint8Array(8)),
    forPyTorch: () => Promise.resolve(null),
    attempt: () => Promise.resolve(null),
    seen: () => Promise.resolve(null),
    attachMap: (canvas, dark) => {
      if (canvas) draw(canvas, dark ? 'dark' : 'light')
      return done()
    },
    inspect: (x, y) => {
      const tile = handMap.tiles.find((t) => x >= t.x && y >= t.y && x < t.x + t.width && y < t.y + t.height)
      return Promise.resolve(
        tile
          ? {
              layer: tile.name,
              row: y - tile.y,
              column: x - tile.x,
              step: 0,
              value: uniform(2, 1, y * 4096 + x) - 0.5,
              importance: 0.00123,
              noise: 0.87,
              spread: 0.6,
              gradient: -0.0021,
              sensitivity: 1.1e-5,
              score: 0.034,
              age: 40,
              peak: 3.4e-5,
              ...handClass(x, y),
            }
          : null,
      )
    },
  }
}

function draw(canvas: OffscreenCanvas, theme: 'light' | 'dark'): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const image = context.createImageData(canvas.width, canvas.height)
  const paint = (x: number, y: number, colour: readonly number[]) =>
    image.data.set([...colour, 255], (y * canvas.width + x) * 4)
  for (let y = 0; y < canvas.height; y++) for (let x = 0; x < canvas.width; x++) paint(x, y, mapBackground[theme])
  for (const tile of handMap.tiles) {
    for (let y = tile.y; y < tile.y + tile.height; y++) {
      for (let x = tile.x; x < tile.x + tile.width; x++) {
        const { class: name, cut } = handClass(x, y)
        paint(x, y, classColours[theme][name][cut ? 'cut' : 'kept'])
      }
    }
  }
  context.putImageData(image, 0, 0)
}
