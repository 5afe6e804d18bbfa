import { useEffect, useRef } from 'react'
import type { UnitsOfLayer } from '../../../src/past/anatomy'
import { count, percent } from '../../controls/format'

interface UnitGridProps {
  readonly layer: UnitsOfLayer
  readonly dark: boolean
}

/** CSS pixels of a unit with the space after it, and units a row at most: small where there are many. */
function looksOf(units: number): { readonly cell: number; readonly across: number } {
  if (units <= 24) return { cell: 26, across: 12 }
  return units <= 256 ? { cell: 12, across: 32 } : { cell: 7, across: 48 }
}

/** The units of one layer as squares on a canvas: there may be thousands. */
export function UnitGrid({ layer, dark }: UnitGridProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { kind, layer: name, shares, dead } = layer
  const { cell, across } = looksOf(shares.length)
  const columns = Math.min(across, shares.length)
  const [width, height] = [columns * cell, Math.ceil(shares.length / columns) * cell]
  useEffect(() => {
    if (canvas.current) draw(canvas.current, layer, columns, cell)
  }, [layer, columns, cell, dark])
  const left = dead.filter((d) => !d).length
  const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length)
  const text = `${count(left)} of ${count(shares.length)} ${kind}s, ${percent(mean)} of their weights`
  return (
    <figure className="unit-grid">
      <figcaption>
        {name.split('/').slice(1).join(' ')}: <span className="range">{text}</span>
      </figcaption>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${name}: ${text}`}
        style={{ width, maxWidth: '100%', aspectRatio: `${width} / ${height}` }}
      />
    </figure>
  )
}

/** Even a unit of which little is left can be seen. */
const faintest = 0.08

function draw(canvas: HTMLCanvasElement, { shares, dead }: UnitsOfLayer, columns: number, cell: number): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const ratio = globalThis.devicePixelRatio || 1
  canvas.width = columns * cell * ratio
  canvas.height = Math.ceil(shares.length / columns) * cell * ratio
  context.scale(ratio, ratio)
  const style = getComputedStyle(canvas)
  const side = cell - Math.max(1, Math.round(cell / 9))
  // Shares of a pruned model are small: the fullest unit of the layer is the darkest.
  const most = Math.max(...shares, Number.EPSILON)
  shares.forEach((share, i) => {
    const [x, y] = [(i % columns) * cell, Math.floor(i / columns) * cell]
    context.globalAlpha = 1
    context.strokeStyle = dead[i] ? style.getPropertyValue('--alarm') : style.getPropertyValue('--rule')
    context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1)
    context.globalAlpha = share === 0 ? 0 : faintest + (1 - faintest) * (share / most)
    context.fillStyle = style.getPropertyValue('--accent')
    context.fillRect(x, y, side, side)
    if (!dead[i]) return
    context.globalAlpha = 1
    context.beginPath()
    context.moveTo(x, y + side)
    context.lineTo(x + side, y)
    context.stroke()
  })
}
