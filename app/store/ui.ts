import type { BackendChoice } from '../../src/core/trainer'
import type { Shelf } from './shelf'

/** What the reader prefers; never part of an experiment or its link. */
export interface UiState {
  readonly theme: 'auto' | 'light' | 'dark'
  /** Which engine to ask for. */
  readonly backend: BackendChoice
  /** Allow a software GPU. */
  readonly allowSoftware: boolean
  /** Family of runs shown in the comparison; null for the newest one. */
  readonly family: string | null
  /** Whether a run waits while the page is hidden; by default it trains on. */
  readonly pauseHidden: boolean
}

/** Preferences of a first visit. */
export const initialUi: UiState = {
  theme: 'auto',
  backend: 'auto',
  allowSoftware: false,
  family: null,
  pauseHidden: false,
}

/** Names of the backends, in the order offered. */
export const backendNames: Readonly<Record<BackendChoice, string>> = {
  auto: 'Automatic',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  cpu: 'JavaScript',
}

/** Engine preferences from the query part of the address: `?backend=webgpu&software=1`. Unknown values are left out. */
export function readQuery(ui: UiState, search: string): UiState {
  const query = new URLSearchParams(search)
  const backend = query.get('backend')
  return {
    ...ui,
    ...(isBackend(backend) ? { backend } : {}),
    ...(query.has('software') ? { allowSoftware: query.get('software') !== '0' } : {}),
  }
}

/** Preferences that outlive a visit. */
type Lasting = Pick<UiState, 'theme' | 'pauseHidden'>

const keys: Readonly<Record<keyof Lasting, string>> = {
  theme: 'pruning-playground/theme',
  pauseHidden: 'pruning-playground/pause-hidden',
}

/** What the reader preferred on an earlier visit. */
export function loadPreferences(shelf: Shelf | null): Lasting {
  try {
    const theme = shelf?.getItem(keys.theme)
    return {
      theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
      pauseHidden: shelf?.getItem(keys.pauseHidden) === 'true',
    }
  } catch {
    return initialUi
  }
}

/** Remembers the reader's preferences where the browser allows it. */
export function savePreferences(shelf: Shelf | null, { theme, pauseHidden }: Lasting): void {
  try {
    shelf?.setItem(keys.theme, theme)
    shelf?.setItem(keys.pauseHidden, String(pauseHidden))
  } catch {
    // Where storage is full or forbidden, only the preferences of the next visit are lost.
  }
}

/** Whether a text names a backend. */
export function isBackend(text: string | null): text is BackendChoice {
  return text !== null && Object.hasOwn(backendNames, text)
}
