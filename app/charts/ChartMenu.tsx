import { useRef } from 'react'
import { csv } from '../../src/core/csv'
import { download } from '../controls/download'
import { SaveMenu } from '../controls/SaveMenu'
import { pictureOf, toPng } from './picture'
import type { PlotProps } from './series'

/** Saves the chart in which it stands, as a picture or as numbers. */
export default function ChartMenu({ series, x }: Pick<PlotProps, 'series' | 'x'>) {
  const place = useRef<HTMLDivElement>(null)
  /** The chart as it is drawn now, and a name for files of it. */
  const drawn = () => {
    const title = place.current?.closest('.panel')?.querySelector('h2')?.textContent ?? 'Chart'
    const frame = place.current?.closest('.chart')
    const picture = frame && pictureOf(frame, title)
    if (!picture) throw new Error('the chart is not drawn yet')
    return { picture, name: title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') }
  }
  return (
    <div ref={place} className="chart-menu">
      <SaveMenu
        ways={{
          PNG: async () => download(`${drawn().name}.png`, await toPng(drawn().picture)),
          SVG: () => download(`${drawn().name}.svg`, drawn().picture.svg, 'image/svg+xml'),
          CSV: () => download(`${drawn().name}.csv`, numbers(series, x.label), 'text/csv'),
        }}
      />
    </div>
  )
}

/** One line a point. */
function numbers(series: PlotProps['series'], across: string): string {
  return csv([
    ['series', across, 'value', 'deviation', 'point'],
    ...series.flatMap(({ label, points }) =>
      points.map(({ x, y, deviation = null, name = null }) => [
        label,
        x,
        y,
        deviation,
        typeof name === 'function' ? name() : name,
      ]),
    ),
  ])
}
