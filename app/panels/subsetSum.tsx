import { lazy, Suspense, useState } from 'react'
import { panel } from './panel'

const Demonstration = lazy(() => import('./subsetSum/Demonstration'))

/**
 * The subset-sum argument behind strong lottery tickets (docs/algorithms.md 2.20), to be played with. Nothing is
 * loaded or computed until it is opened.
 */
export const subsetSum = panel({
  id: 'subset-sum',
  title: 'Why random networks suffice',
  place: 'learn',
  Component() {
    const [open, setOpen] = useState(false)
    return (
      <details className="fold subset-sum" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>Make a weight by pruning random numbers</summary>
        {open && (
          <Suspense fallback={<p className="empty">Loading</p>}>
            <Demonstration />
          </Suspense>
        )}
      </details>
    )
  },
})
