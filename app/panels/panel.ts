import type { ComponentType } from 'react'
import type { AppState } from '../store/state'
import type { TabId } from '../store/tabs'

/**
 * A part of the page: one file that exports one of these, and one line in `index.ts`. It reads the store and calls its
 * actions; it never imports another panel, the worker or the engine. It says what it will show while there is nothing.
 */
export interface Panel {
  /** Anchor and test id. */
  readonly id: string
  readonly title: string
  /**
   * Where it stands: in the bar at the page's top, below it, in the strip over map and charts, beside the map, or on
   * one of the tabs.
   */
  readonly place: 'bar' | 'top' | 'over' | 'map' | 'aside' | 'curves' | TabId
  /** Whether there is something it is about; always unless given. */
  readonly shown?: (state: AppState) => boolean
  readonly Component: ComponentType
}

/** Ties the description to its component. */
export function panel(description: Panel): Panel {
  return description
}
