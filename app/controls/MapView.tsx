import {
  useEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
} from 'react'
import type { MapMode } from '../../src/core/mapModes'
import { unitAt } from '../../src/core/mapUnits'
import type { MapLayout, MapTile } from '../../src/core/trainer'
import { indexOf, type Matrix } from '../../src/core/weightMap'
import { isSamePlace, type Place, type ReadWeight } from './followed'
import { layerName } from './layerName'
import { Spoken } from './Spoken'
import { UnitOutlines } from './UnitOutlines'
import { useFollow } from './useFollow'
import { useInspect } from './useInspect'
import type { Looks } from './useLooks'
import { useSize } from './useSize'
import { useViewport } from './useViewport'
import { mapPixel, pan, reveal, type View } from './viewport'

type Attach = (canvas: OffscreenCanvas | null, dark: boolean) => Promise<void>

interface MapViewProps<R extends ReadWeight> {
  /** What its tiles are, in their order. */
  readonly matrices: readonly Matrix[]
  readonly layout: MapLayout
  readonly dark: boolean
  /** Chooses what it shows; stands before the buttons that move it. */
  readonly modes: ReactNode
  /** What the worker shows on it. */
  readonly mode: MapMode
  readonly show: (mode: MapMode) => Promise<void>
  readonly attach: Attach
  readonly looks: Looks<R>
  readonly summary: string
  /** What its colours say; it stands right above the map. */
  readonly legend: ReactNode
  /** Chooses the moment that it shows; it stands right below the map. */
  readonly scrubber: ReactNode
  /** Draws the weight under the cursor, null for none. */
  readonly facts: (reading: R | null) => ReactNode
  /** The same in words, for a weight that was reached by the keyboard. */
  readonly words: (reading: R) => string
  /** Draws what was read of the weight that is followed. */
  readonly followed: (readings: readonly R[], leave: () => void) => ReactNode
  /** A weight that is pointed at elsewhere. */
  readonly ring?: Place | null
  /** Hears what lies under the cursor, and the last reading of what is followed. Always the same function. */
  readonly tell?: (reading: R | null, followed: R | null) => void
}

/**
 * The weight map under zoom and pan. The worker draws the pixels, one a weight; this moves them by CSS, names the tiles
 * and asks for the weight under the pointer or the keyboard's cursor.
 */
export function MapView<R extends ReadWeight>(props: MapViewProps<R>) {
  const {
    matrices,
    layout,
    dark,
    modes,
    mode,
    attach,
    show: showOnMap,
    looks,
    summary,
    legend,
    scrubber,
    facts,
    words,
    followed,
    ring = null,
    tell,
  } = props
  const box = useRef<HTMLDivElement>(null)
  const size = useSize(box)
  const [at, setAt] = useState<Place | null>(null)
  const [byKey, setByKey] = useState(false)
  const [named, setNamed] = useState(true)
  const [outlined, setOutlined] = useState(false)
  const { view, whole, place, zoomAt, show, showAll, handlers, move } = useViewport(box, layout, size)
  const reading = useInspect(at, looks)
  const { path, follow, leave } = useFollow(looks)
  const pressed = useRef<Place | null>(null)
  useEffect(() => tell?.(reading, path?.readings.at(-1) ?? null), [tell, reading, path])
  useEffect(() => {
    if (ring && !whole) show(reveal(view, ring, layout, size))
    // The map moves when another weight is pointed at, and not when the reader moves it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [ring])
  // Before the canvas is handed over, so that it never shows anything else first.
  useEffect(() => void showOnMap(mode), [mode, showOnMap])
  const host = useCanvas(layout, dark, attach)
  const keys = (event: KeyboardEvent) => {
    const arrow = arrows[event.key]
    if (event.key === '+' || event.key === '=') zoomAt(1.5)
    else if (event.key === '-') zoomAt(1 / 1.5)
    else if (event.key === '0') showAll()
    else if (event.key === 'Escape') setAt(null)
    else if (event.key === 'Enter') follow(at)
    else if (!arrow) return
    else if (event.shiftKey) show(pan(view, (-arrow.x * size.width) / 8, (-arrow.y * size.height) / 8, layout, size))
    else {
      const next = stepped(at, arrow, view, layout)
      setAt(next)
      setByKey(true)
      if (!whole) show(reveal(view, next, layout, size))
    }
    event.preventDefault()
  }
  const hover = (event: PointerEvent) => {
    move(event)
    setByKey(false)
    const next = mapPixel(view, place(event), layout)
    // A pointer that moves within a weight asks nothing anew.
    setAt((now) => (isSamePlace(now, next) ? now : next))
  }
  const down = (event: PointerEvent) => {
    pressed.current = place(event)
    handlers.onPointerDown(event)
  }
  const click = (event: MouseEvent) => {
    const [from, to] = [pressed.current, place(event)]
    // A drag ends with a click, too.
    if (from && Math.hypot(to.x - from.x, to.y - from.y) < dragFrom) follow(mapPixel(view, to, layout))
  }
  return (
    <div className="map">
      <div className="map-head">
        {modes}
        <div className="map-tools" role="group" aria-label="Map view">
          <button type="button" aria-label="Zoom in" onClick={() => zoomAt(1.5)}>
            +
          </button>
          <button type="button" aria-label="Zoom out" disabled={whole} onClick={() => zoomAt(1 / 1.5)}>
            −
          </button>
          <button type="button" disabled={whole} onClick={showAll}>
            Whole map
          </button>
          <button type="button" aria-pressed={named} onClick={() => setNamed(!named)}>
            Layer names
          </button>
          {matrices.some(({ units }) => units) && (
            <button type="button" aria-pressed={outlined} onClick={() => setOutlined(!outlined)}>
              Heads, neurons
            </button>
          )}
        </div>
      </div>
      {legend}
      <div
        ref={box}
        className={whole ? 'map-box' : 'map-box zoomed'}
        tabIndex={0}
        role="application"
        aria-roledescription="weight map"
        aria-label={summary}
        aria-describedby="map-keys"
        onKeyDown={keys}
        onPointerMove={hover}
        onPointerLeave={() => setAt(null)}
        {...handlers}
        onPointerDown={down}
        onClick={click}
      >
        <div
          ref={host}
          className="map-pixels"
          data-scale={view.scale < 1 ? 'small' : 'large'}
          style={{
            width: layout.width,
            height: layout.height,
            transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
          }}
        />
        {outlined && (
          <UnitOutlines {...{ matrices, view, size }} tiles={layout.tiles} chosen={unitOf(matrices, reading)} />
        )}
        {named && <Names tiles={layout.tiles} view={view} />}
        {ring && <Cursor at={ring} view={view} kind="map-cursor map-pointed" />}
        {path && <Cursor at={path.at} view={view} kind="map-cursor map-followed" />}
        {at && <Cursor at={at} view={view} kind="map-cursor" />}
      </div>
      {scrubber}
      <p id="map-keys" className="help">
        Arrow keys read single weights. With Shift they move the map. Enter or a click follows a weight. + and − zoom, 0
        shows all.
      </p>
      {facts(reading)}
      {path && followed(path.readings, leave)}
      <Spoken
        text={byKey && reading ? words(reading) : ''}
        about={byKey && reading ? `${reading.layer} ${reading.row} ${reading.column}` : ''}
      />
    </div>
  )
}

function unitOf(matrices: readonly Matrix[], reading: ReadWeight | null) {
  const index = reading && indexOf(matrices, reading)
  return index === null ? null : unitAt(matrices, index)
}

/** A pointer that moves so many pixels between down and up drags the map. */
const dragFrom = 5

const arrows: Readonly<Record<string, Place>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

/** One weight further, or more where these are less than three pixels of the screen, so that the step can be seen. */
function stepped(at: Place | null, arrow: Place, view: View, map: MapLayout) {
  const length = Math.max(1, Math.round(3 / view.scale))
  const within = (n: number, size: number) => Math.min(size - 1, Math.max(0, n))
  const from = at ?? { x: map.tiles[0]?.x ?? 0, y: map.tiles[0]?.y ?? 0 }
  return { x: within(from.x + arrow.x * length, map.width), y: within(from.y + arrow.y * length, map.height) }
}

/** Hands a new canvas to the worker; a canvas can be given away only once, so each layout and palette gets its own. */
function useCanvas(layout: MapLayout, dark: boolean, attach: Attach) {
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const canvas = document.createElement('canvas')
    canvas.width = layout.width
    canvas.height = layout.height
    canvas.setAttribute('aria-hidden', 'true')
    host.current?.replaceChildren(canvas)
    void attach(canvas.transferControlToOffscreen(), dark)
    return () => {
      canvas.remove()
      void attach(null, dark)
    }
  }, [layout, dark, attach])
  return host
}

/** CSS pixels of a letter, on average, with what keeps names from touching the edge. */
const characterWidth = 5.8

function Names({ tiles, view }: { readonly tiles: readonly MapTile[]; readonly view: View }) {
  return (
    <div className="map-names" aria-hidden="true">
      {tiles.map((tile) => {
        const [width, height] = [tile.width * view.scale, tile.height * view.scale]
        const characters = (width - 8) / characterWidth
        const text = layerName(tile.name, characters) || (height < 39 ? '' : layerName(tile.name, characters, '\n'))
        if (text === '' || height < 24) return null
        return (
          <span
            key={tile.name}
            style={{
              transform: `translate(${view.x + tile.x * view.scale}px, ${view.y + tile.y * view.scale}px)`,
              maxWidth: width,
            }}
          >
            {text}
          </span>
        )
      })}
    </div>
  )
}

interface CursorProps {
  readonly at: Place
  readonly view: View
  /** Its classes. */
  readonly kind: string
}

function Cursor({ at, view, kind }: CursorProps) {
  const side = Math.max(9, view.scale + 4)
  const middle = (n: number, offset: number) => offset + (n + 0.5) * view.scale - side / 2
  return (
    <div
      className={kind}
      style={{
        width: side,
        height: side,
        transform: `translate(${middle(at.x, view.x)}px, ${middle(at.y, view.y)}px)`,
      }}
    />
  )
}
