import { useEffect } from 'react'

/** Rings what a learner is to press next; null for nothing. With a ring the page stays usable. */
export function usePointing(selector: string | null): void {
  useEffect(() => {
    if (selector === null) return
    let target: HTMLElement | null = null
    const point = () => {
      if (target?.isConnected) return
      target = document.querySelector<HTMLElement>(selector)
      if (target) target.dataset.pointed = ''
    }
    point()
    // A page that changes its layout makes its tabs anew.
    const observer = new MutationObserver(point)
    observer.observe(document.body, { childList: true, subtree: true })
    return () => {
      observer.disconnect()
      if (target) delete target.dataset.pointed
    }
  }, [selector])
}
