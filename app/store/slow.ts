import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { useOwner } from './index'
import type { AppState } from './state'

/**
 * A part of the state, read at most every `ms` milliseconds: events may come at any rate, but charts need not be drawn
 * more than four times a second. `select` must be the same function at every rendering.
 */
export function useSlow<T>(select: (state: AppState) => T, ms = 250): T {
  const { store } = useOwner()
  const [value, setValue] = useState(() => select(store.getState()))
  useEffect(() => {
    let waits = false
    let looked = -Infinity
    let gone = false
    const look = () => {
      waits = false
      if (gone) return
      looked = performance.now()
      const next = select(store.getState())
      flushSync(() => setValue(() => next))
    }
    const changed = () => {
      if (waits) return
      waits = true
      setTimeout(() => inTurn(look), Math.max(0, looked + ms - performance.now()))
    }
    const unsubscribe = store.subscribe(changed)
    changed()
    return () => {
      gone = true
      unsubscribe()
    }
  }, [store, select, ms])
  return value
}

const due: (() => void)[] = []

/**
 * Does one thing a task, so that the page can answer between the drawings of two panels. React draws everything that
 * changed together in one task. A transition does not split that: Recharts passes changes on in its effects, which
 * React runs at once.
 */
function inTurn(thing: () => void): void {
  due.push(thing)
  if (due.length === 1) setTimeout(next)
}

function next(): void {
  try {
    due[0]?.()
  } finally {
    due.shift()
    if (due.length > 0) setTimeout(next)
  }
}
