import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react'
import { nextTask } from '../../src/core/nextTask'
import { noWeight } from '../../src/core/noWeight'
import { pairColours } from '../../src/core/palette'
import type { MapLayout } from '../../src/core/trainer'
import { mapLayout, pixelOf, type Matrix } from '../../src/core/weightMap'
import { paintPair, pixelsOf, type Pair } from '../../src/past/paintPair'
import type { ReadWeight } from './followed'
import { MapView } from './MapView'

interface MaskMapProps<R extends ReadWeight> {
  readonly matrices: readonly Matrix[]
  /** The masks to show; null until they are there. */
  readonly pair: Pair | null
  readonly dark: boolean
  readonly summary: string
  readonly legend: ReactNode
  readonly scrubber: ReactNode
  /** What is known of a weight, by its flat index; always the same function for the same masks. */
  readonly read: (index: number) => R | null
  readonly facts: (reading: R | null) => ReactNode
  readonly words: (reading: R) => string
  readonly followed: (readings: readonly R[], leave: () => void) => ReactNode
  /** Flat index of a weight that is pointed at elsewhere. */
  readonly ring?: number | null
  readonly tell?: (reading: R | null, followed: R | null) => void
}

/** Two masks of one model on a weight map, a colour for each kind of weight (`pairColours`). */
export function MaskMap<R extends ReadWeight>({ matrices, pair, dark, read, ring = null, ...words }: MaskMapProps<R>) {
  const layout = useMemo(() => mapLayout(matrices), [matrices])
  const [canvas, setCanvas] = useState<OffscreenCanvas | null>(null)
  const attach = useCallback((next: OffscreenCanvas | null) => {
    setCanvas(next)
    return Promise.resolve()
  }, [])
  const ringAt = useMemo(() => (ring === null ? null : pixelOf(matrices, layout, ring)), [matrices, layout, ring])
  usePainting(canvas, { matrices, layout, pair, dark })
  const inspect = useCallback(
    (x: number, y: number) => {
      const found = weightAt(matrices, layout, x, y)
      return Promise.resolve(found === null ? null : read(found))
    },
    [matrices, layout, read],
  )
  return (
    <MapView
      matrices={matrices}
      layout={layout}
      dark={dark}
      modes={null}
      mode="class"
      show={nothing}
      attach={attach}
      looks={{ inspect, standsAt: 0 }}
      ring={ringAt}
      {...words}
    />
  )
}

const nothing = () => Promise.resolve()

/** Milliseconds of painting after which the page may answer. */
const slice = 12

interface Painted {
  readonly matrices: readonly Matrix[]
  readonly layout: MapLayout
  readonly pair: Pair | null
  readonly dark: boolean
}

function usePainting(canvas: OffscreenCanvas | null, { matrices, layout, pair, dark }: Painted) {
  useEffect(() => {
    const context = canvas?.getContext('2d')
    if (!context || !pair) return
    let gone = false
    const paint = async () => {
      let begun = performance.now()
      for (const [i, matrix] of matrices.entries()) {
        const tile = layout.tiles[i]
        if (gone || !tile) return
        const bytes = paintPair(matrix, pair, pairColours[dark ? 'dark' : 'light'])
        context.putImageData(new ImageData(bytes, tile.width, tile.height), tile.x, tile.y)
        if (performance.now() - begun < slice) continue
        await nextTask()
        begun = performance.now()
      }
    }
    void paint()
    return () => {
      gone = true
    }
  }, [canvas, matrices, layout, pair, dark])
}

/** The flat index of the weight at a pixel of the map; null beside the tiles. */
function weightAt(matrices: readonly Matrix[], { tiles }: MapLayout, x: number, y: number): number | null {
  const i = tiles.findIndex((t) => x >= t.x && x < t.x + t.width && y >= t.y && y < t.y + t.height)
  const [matrix, tile] = [matrices[i], tiles[i]]
  if (!matrix || !tile) return null
  const place = pixelsOf(matrix)[(y - tile.y) * tile.width + (x - tile.x)] ?? noWeight
  return place === noWeight ? null : matrix.offset + place
}
