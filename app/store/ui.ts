import type { BackendChoice } from '../../src/core/trainer'
import type { Shelf } from './shelf'

/** What the reader prefers; never part of an experiment or its link. */
export interface UiState {
  readonly theme: 'auto' | 'light' | 'dark'
  /** Which engine to ask for. */
  readonly backend: BackendChoice
  /** Take a software adapter too. */
  readonly allowSoftware: boolean
  /** Family of runs shown in the comparison; null for the newest one. */
  readonly family: string | null
}

/** Preferences of a first visit. */
export const initialUi: UiState = { theme: 'auto', backend: 'auto', allowSoftware: false, family: null }

/** Names of the backends, in the order offered. */
export const backendNames: Readonly<Record<BackendChoice, string>> = {
  auto: 'Automatic', webgpu: 'WebGPU', wasm: 'WebAssembly', cpu: 'JavaScript',
}

/** Engine preferences from the query part of the address: `?backend=webgpu&software=1`. Whatever is unknown is left out. */
export function readQuery(ui: UiState, search: string): UiState {
  const query = new URLSearchParams(search)
  const backend = query.get('backend')
  return {
    ...ui,
    ...(isBackend(backend) ? { backend } : {}),
    ...(query.has('software') ? { allowSoftware: query.get('software') !== '0' } : {}),
  }
}

const themeKey = 'pruning-playground/theme'

/** The theme that the reader chose on an earlier visit. */
export function loadTheme(shelf: Shelf | null): UiState['theme'] {
  try {
    const theme = shelf?.getItem(themeKey)
    return theme === 'light' || theme === 'dark' ? theme : 'auto'
  } catch {
    return 'auto'
  }
}

/** Remembers the theme where the browser allows it. */
export function saveTheme(shelf: Shelf | null, theme: UiState['theme']): void {
  try {
    shelf?.setItem(themeKey, theme)
  } catch {
    // A full or forbidden storage costs the next visit its colours, nothing else.
  }
}

/** Whether a text names a backend. */
export function isBackend(text: string | null): text is BackendChoice {
  return text !== null && Object.hasOwn(backendNames, text)
}
