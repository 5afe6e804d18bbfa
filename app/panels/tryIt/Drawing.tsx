import { useEffect, useId, useRef, useState, type PointerEvent } from 'react'

interface DrawingProps {
  /** Pixels that the model reads: the sheet has their shape. */
  readonly width: number
  readonly height: number
  readonly disabled: boolean
  readonly onDrawn: (canvas: HTMLCanvasElement) => void
}

/** Pixels of the sheet's longer side. */
const side = 240

/** A sheet to draw on; after each stroke the model is asked. Who has no pointer takes a file. */
export function Drawing({ width, height, disabled, onDrawn }: DrawingProps) {
  const id = useId()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [colour, setColour] = useState('#1b2127')
  const scale = side / Math.max(width, height)
  const clear = () => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    context.fillStyle = 'white'
    context.fillRect(0, 0, context.canvas.width, context.canvas.height)
  }
  useEffect(clear, [])
  const draw = (event: PointerEvent<HTMLCanvasElement>, begins: boolean) => {
    const { currentTarget: sheet, nativeEvent } = event
    const context = sheet.getContext('2d')
    if (!context || disabled) return
    const box = sheet.getBoundingClientRect()
    const x = ((nativeEvent.clientX - box.left) * sheet.width) / box.width
    const y = ((nativeEvent.clientY - box.top) * sheet.height) / box.height
    if (begins) {
      context.beginPath()
      context.moveTo(x, y)
    }
    context.strokeStyle = colour
    context.lineWidth = side / 10
    context.lineCap = context.lineJoin = 'round'
    context.lineTo(x, y)
    context.stroke()
  }
  return (
    <div className="try-drawing">
      <canvas
        ref={canvas}
        width={Math.round(width * scale)}
        height={Math.round(height * scale)}
        role="img"
        aria-label="Sheet to draw on with a pointer; a file does the same without one"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          draw(event, true)
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) draw(event, false)
        }}
        onPointerUp={(event) => {
          if (!disabled) onDrawn(event.currentTarget)
        }}
      />
      <div className="buttons">
        <label htmlFor={id}>Brush</label>
        <input id={id} type="color" value={colour} onChange={(event) => setColour(event.target.value)} />
        <button type="button" onClick={clear}>
          Clear
        </button>
      </div>
    </div>
  )
}
