import { startTransition, useEffect, useState } from 'react'
import { useOwner } from './index'
import type { AppState } from './state'

/**
 * A part of the state, looked at no more often than every `ms` milliseconds: events may come at any rate, charts need not
 * be drawn more than four times a second. `select` must be the same function at every rendering.
 */
export function useSlow<T>(select: (state: AppState) => T, ms = 250): T {
  const { store } = useOwner()
  const [value, setValue] = useState(() => select(store.getState()))
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let looked = -Infinity
    const look = () => {
      timer = undefined
      looked = performance.now()
      const next = select(store.getState())
      // A transition is drawn in slices, between which the page answers.
      startTransition(() => setValue(() => next))
    }
    const changed = () => { timer ??= setTimeout(look, Math.max(0, looked + ms - performance.now())) }
    const unsubscribe = store.subscribe(changed)
    changed()
    return () => {
      unsubscribe()
      clearTimeout(timer)
    }
  }, [store, select, ms])
  return value
}
