import type { ComponentType } from 'react'
import type { AppState } from '../store/state'

/**
 * A part of the page: one file that exports one of these, and one line in `index.ts`. It reads the store and calls its
 * actions; it never imports another panel, the worker or the engine. It says what it will show while there is nothing.
 */
export interface Panel {
  /** Anchor and test id. */
  readonly id: string
  readonly title: string
  /**
   * Where it stands: in the page's head, above the columns, in the column of settings, over map and charts, in a wide
   * or in a narrow column.
   */
  readonly place: 'head' | 'top' | 'side' | 'over' | 'wide' | 'narrow'
  /** Whether there is something it is about; always unless given. */
  readonly shown?: (state: AppState) => boolean
  readonly Component: ComponentType
}

/** Ties the description to its component. */
export function panel(description: Panel): Panel {
  return description
}
