import { lazy, Suspense, type ReactNode } from 'react'
import type { PlotProps } from './series'

const Plot = lazy(() => import('./Plot'))

interface ChartProps extends PlotProps {
  /** What is said where there is nothing to draw. */
  readonly empty: string
  readonly legend?: ReactNode
}

/** A chart of fixed height; recharts is loaded when the first one has points. */
export function Chart({ empty, legend, ...plot }: ChartProps) {
  const blank = plot.series.every((s) => s.points.length === 0) && (plot.references?.length ?? 0) === 0
  return (
    <div className="chart">
      <div className="chart-body">
        {blank ? <p className="empty">{empty}</p> : <Suspense fallback={<p className="empty">Loading the chart</p>}><Plot {...plot} /></Suspense>}
      </div>
      <div className="legend">{!blank && legend}</div>
    </div>
  )
}
