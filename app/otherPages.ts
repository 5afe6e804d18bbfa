import type { App } from './store/app'
import { runsKey } from './store/kept/oldRuns'

/** The parts of a window that are needed, so that tests can replace them. */
export interface Neighbour {
  addEventListener(type: 'storage', listener: (event: { key: string | null; newValue: string | null }) => void): void
  addEventListener(type: 'pageshow', listener: (event: { persisted: boolean }) => void): void
}

/** The part of a BroadcastChannel that is needed; messages are keys of entries. */
export interface Channel {
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
}

/** Shows runs that the same page in another tab keeps or deletes. */
export function followOtherPages({ actions }: App, page: Neighbour, channel: Channel): void {
  channel.addEventListener('message', ({ data }) => actions.readRuns(areKeys(data) ? data : undefined))
  // Only tabs of older versions write there.
  page.addEventListener('storage', ({ key, newValue }) => {
    if (key === runsKey && newValue !== null) actions.readRuns()
  })
  // A page that Back brings to life again has heard nothing meanwhile.
  page.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) actions.readRuns()
  })
}

function areKeys(data: unknown): data is readonly string[] {
  return Array.isArray(data) && data.every((key) => typeof key === 'string')
}
