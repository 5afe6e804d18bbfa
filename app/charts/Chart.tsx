import { lazy, startTransition, Suspense, useEffect, useState, type ReactNode } from 'react'
import { Key } from './marks'
import type { PlotProps } from './series'

const Plot = lazy(() => import('./Plot'))
const ChartMenu = lazy(() => import('./ChartMenu'))

interface ChartProps extends PlotProps {
  /** The text where there is nothing to draw. */
  readonly empty: string
  readonly legend?: ReactNode
  /** Whether it has a menu to save it; not where its panel has one. */
  readonly menu?: boolean
}

/**
 * A chart of fixed height. Recharts is loaded and its axes are made, unseen, as soon as the page is at rest: both take
 * tens of milliseconds, which would delay the page during training.
 */
export function Chart({ empty, legend, menu = true, ...plot }: ChartProps) {
  const blank = plot.series.every((s) => s.points.length === 0) && (plot.references?.length ?? 0) === 0
  const ready = useRest()
  const loading = <p className="empty">{blank ? empty : 'Loading the chart'}</p>
  return (
    <div className="chart">
      <div className="chart-body">
        {ready ? (
          <Suspense fallback={loading}>
            <div className={blank ? 'plot-frame unseen-plot' : 'plot-frame'}>
              <Plot {...plot} />
            </div>
            {blank && <p className="empty">{empty}</p>}
          </Suspense>
        ) : (
          loading
        )}
      </div>
      <div className="legend">
        {plot.references?.map(({ label, dash }) => (
          <Key key={label} label={label} colour="var(--ink)" dash={dash} width={1} />
        ))}
        {!blank && legend}
        {!blank && ready && menu && (
          <Suspense fallback={null}>
            <ChartMenu series={plot.series} x={plot.x} />
          </Suspense>
        )}
      </div>
    </div>
  )
}

/**
 * True from the first moment on at which the browser has nothing else to do. Safari cannot say; there it is after a
 * fifth of a second.
 */
function useRest(): boolean {
  const [rest, setRest] = useState(false)
  useEffect(() => {
    const come = () => startTransition(() => setRest(true))
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(come, 200)
      return () => clearTimeout(timer)
    }
    const id = requestIdleCallback(come, { timeout: 2000 })
    return () => cancelIdleCallback(id)
  }, [])
  return rest
}
