import { lazy, Suspense, useEffect, useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import type { TermId } from '../../src/lessons/glossary'

const TermText = lazy(() => import('./TermText'))

interface TermProps {
  readonly id: TermId
  readonly children: ReactNode
}

/** How long the bubble waits for a pointer on its way to it. */
const graceMs = 200

/**
 * A word with its line and formula in a bubble: under a pointer, with the focus, or touched. The pointer may enter the
 * bubble, and Escape puts it away (WCAG 1.4.13). It lies in the browser's top layer, so that no panel cuts it off.
 */
export function Term({ id, children }: TermProps) {
  const word = useRef<HTMLButtonElement>(null)
  const bubbleId = useId()
  const timer = useRef(0)
  const [open, setOpen] = useState(false)
  const show = () => {
    clearTimeout(timer.current)
    setOpen(true)
  }
  const hide = () => {
    clearTimeout(timer.current)
    setOpen(false)
  }
  const hideSoon = () => {
    clearTimeout(timer.current)
    if (document.activeElement !== word.current) timer.current = window.setTimeout(hide, graceMs)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  useEffect(() => {
    if (!open) return
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      // A drawer below it stays.
      event.stopPropagation()
      hide()
    }
    document.addEventListener('keydown', escape, true)
    return () => document.removeEventListener('keydown', escape, true)
  }, [open])
  return (
    <span className="term-place" onPointerEnter={show} onPointerLeave={hideSoon}>
      <button
        ref={word}
        type="button"
        className="term"
        aria-describedby={open ? bubbleId : undefined}
        onFocus={show}
        onBlur={hide}
        onClick={show}
      >
        {children}
      </button>
      {open && (
        <Bubble id={bubbleId} word={word}>
          <Suspense fallback={null}>
            <TermText id={id} />
          </Suspense>
        </Bubble>
      )}
    </span>
  )
}

interface BubbleProps {
  readonly id: string
  readonly word: { readonly current: HTMLElement | null }
  readonly children: ReactNode
}

function Bubble({ id, word, children }: BubbleProps) {
  const bubble = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const { current } = bubble
    if (!current) return
    current.showPopover()
    const place = () => {
      const box = word.current?.getBoundingClientRect()
      if (box) moveBeside(current, box)
    }
    // Its text and its formula are loaded late, and change its size.
    const sizes = new ResizeObserver(place)
    sizes.observe(current)
    window.addEventListener('scroll', place, true)
    return () => {
      sizes.disconnect()
      window.removeEventListener('scroll', place, true)
    }
  }, [word])
  return (
    <span ref={bubble} id={id} popover="manual" role="tooltip" className="term-bubble">
      {children}
    </span>
  )
}

/** Below the word, or above it where there is no room, and never beyond the window. */
function moveBeside(bubble: HTMLElement, word: DOMRect): void {
  const { width, height } = bubble.getBoundingClientRect()
  const room = document.documentElement
  const below = word.bottom + height + 4 <= room.clientHeight || word.top < height + 4
  bubble.style.left = `${Math.max(8, Math.min(word.left, room.clientWidth - width - 8))}px`
  bubble.style.top = `${below ? word.bottom + 2 : word.top - height - 2}px`
}
