import { useEffect } from 'react'

/** Rings what a learner is to press next; null for nothing. With a ring the page stays usable. */
export function usePointing(selector: string | null): void {
  useEffect(() => {
    const target = selector === null ? null : document.querySelector<HTMLElement>(selector)
    if (!target) return
    target.dataset.pointed = ''
    return () => {
      delete target.dataset.pointed
    }
  }, [selector])
}
