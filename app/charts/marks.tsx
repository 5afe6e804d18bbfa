/** Marker shapes that are told apart without colour. */
export const markers = ['circle', 'triangle', 'square', 'diamond', 'down', 'bar', 'house', 'cross'] as const
export type Marker = (typeof markers)[number]

/** Line patterns as `stroke-dasharray`, told apart without colour. */
export const dashes = { solid: 'none', dashed: '6 4', dotted: '1.5 3.5', dashDot: '8 3 1.5 3' } as const
export type Dash = keyof typeof dashes

/** SVG path of a marker around 0, 0 with about `r` pixels to its edge; all shapes look equally large. */
export function markerPath(marker: Marker, r: number): string {
  switch (marker) {
    case 'circle':
      return `M ${r} 0 A ${r} ${r} 0 1 1 ${-r} 0 A ${r} ${r} 0 1 1 ${r} 0 Z`
    case 'triangle':
      return polygon(
        [
          [0, -1.25],
          [1.15, 0.8],
          [-1.15, 0.8],
        ],
        r,
      )
    case 'square':
      return polygon(
        [
          [-0.9, -0.9],
          [0.9, -0.9],
          [0.9, 0.9],
          [-0.9, 0.9],
        ],
        r,
      )
    case 'diamond':
      return polygon(
        [
          [0, -1.3],
          [1.1, 0],
          [0, 1.3],
          [-1.1, 0],
        ],
        r,
      )
    case 'cross':
      return `M ${-r} ${-r} L ${r} ${r} M ${r} ${-r} L ${-r} ${r}`
    case 'down':
      return polygon(
        [
          [0, 1.25],
          [1.15, -0.8],
          [-1.15, -0.8],
        ],
        r,
      )
    case 'house':
      return polygon(
        [
          [0, -1.25],
          [1, -0.25],
          [1, 1],
          [-1, 1],
          [-1, -0.25],
        ],
        r,
      )
    case 'bar':
      return polygon(
        [
          [-0.45, -1.3],
          [0.45, -1.3],
          [0.45, 1.3],
          [-0.45, 1.3],
        ],
        r,
      )
  }
  return marker satisfies never
}

function polygon(corners: readonly (readonly [number, number])[], r: number): string {
  return `M ${corners.map(([x, y]) => `${x * r} ${y * r}`).join(' L ')} Z`
}

interface MarkProps {
  readonly marker: Marker
  readonly colour: string
  readonly hollow?: boolean
  /** Colour of the inside of a hollow one. */
  readonly inside?: string
  readonly r?: number
  readonly x?: number
  readonly y?: number
}

/** One marker in an SVG; a cross has no inside, hollow ones show the panel through unless told otherwise. */
export function Mark({ marker, colour, hollow = false, inside = 'var(--panel)', r = 4, x = 0, y = 0 }: MarkProps) {
  return (
    <path
      d={markerPath(marker, r)}
      transform={`translate(${x} ${y})`}
      stroke={colour}
      strokeWidth={1.6}
      fill={marker === 'cross' ? 'none' : hollow ? inside : colour}
      strokeLinejoin="round"
    />
  )
}

/** A marker alone, in a line of text. */
export function MarkOf({ marker, colour, hollow }: Pick<MarkProps, 'marker' | 'colour' | 'hollow'>) {
  return (
    <svg className="mark" width={14} height={14} aria-hidden="true">
      <Mark marker={marker} colour={colour} hollow={hollow ?? false} x={7} y={7} />
    </svg>
  )
}

interface KeyProps {
  readonly label: string
  readonly colour: string
  readonly marker?: Marker
  readonly hollow?: boolean
  readonly dash?: Dash | undefined
  readonly width?: number
}

/** One entry of a legend: line and marker as the chart draws them, and what they mean. */
export function Key({ label, colour, marker, hollow = false, dash, width = 2 }: KeyProps) {
  return (
    <span className="key">
      <svg width={dash ? 26 : 14} height={14} aria-hidden="true">
        {dash && (
          <line x1={1} x2={25} y1={7} y2={7} stroke={colour} strokeWidth={width} strokeDasharray={dashes[dash]} />
        )}
        {marker && <Mark marker={marker} colour={colour} hollow={hollow} x={dash ? 13 : 7} y={7} />}
      </svg>
      {label}
    </span>
  )
}
