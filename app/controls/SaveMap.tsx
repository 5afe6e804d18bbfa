import { useRef } from 'react'
import { csv } from '../../src/core/csv'
import type { MapLayout } from '../../src/core/trainer'
import { download } from './download'
import { easelOf, type Caption } from './mapPicture'
import { SaveMenu } from './SaveMenu'

interface SaveMapProps {
  /** How files of it are called, without what comes after the point. */
  readonly name: string
  readonly layout: MapLayout
  readonly dark: boolean
  readonly caption: () => Caption
  /** The numbers of its layers, and what each of them is called. */
  readonly numbers: () => readonly (readonly (string | number)[])[]
  /** Other ways to save it. */
  readonly more?: Readonly<Record<string, () => Promise<void>>>
}

/** About how many pixels a picture of a map is wide. */
const wide = 1200

/** Saves the weight map of the panel in which it stands, as it is seen there when all of it is shown. */
export function SaveMap({ name, layout, dark, caption, numbers, more = {} }: SaveMapProps) {
  const place = useRef<HTMLDivElement>(null)
  const picture = async () => {
    const map = place.current?.closest('.panel')?.querySelector<HTMLCanvasElement>('.map-pixels canvas')
    if (!map) throw new Error('the map is not drawn yet')
    const { canvas, draw } = easelOf(layout, dark, wide)
    draw(map, caption())
    download(`${name}.png`, await canvas.convertToBlob({ type: 'image/png' }))
  }
  const ways = { PNG: picture, ...more, CSV: () => download(`${name}.csv`, csv(numbers()), 'text/csv') }
  return (
    <div ref={place} className="map-save">
      <SaveMenu ways={ways} />
    </div>
  )
}
