import { idNamed } from '../../src/config/idNamed'
import { describe } from '../../src/config/settings'
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

/** What `software` may say in an address; alone, as in `?software`, it allows. */
const softwareValues: Readonly<Record<string, boolean>> = { '': true, 1: true, true: true, 0: false, false: false }

/**
 * Engine preferences from the query part of the address: `?backend=webgpu&software=1`. What cannot be used is left out,
 * and `notes` names it.
 */
export function readQuery(ui: UiState, search: string): { readonly ui: UiState; readonly notes: readonly string[] } {
  const query = new URLSearchParams(search)
  const [asked, software] = [query.get('backend'), query.get('software')]
  const backend = asked === null ? null : idNamed(backendNames, asked)
  const allowSoftware =
    software !== null && Object.hasOwn(softwareValues, software) ? softwareValues[software] : undefined
  const unusable = (name: string, value: string, allowed: readonly string[], used: string) =>
    `${name} was ${describe(value)} in the address; it can be ${allowed.join(', ')}, and ${used} is used.`
  return {
    ui: {
      ...ui,
      ...(isBackend(backend) ? { backend } : {}),
      ...(allowSoftware === undefined ? {} : { allowSoftware }),
    },
    notes: [
      ...(asked === null || isBackend(backend)
        ? []
        : [unusable('backend', asked, Object.keys(backendNames), ui.backend)]),
      ...(software === null || allowSoftware !== undefined
        ? []
        : [unusable('software', software, ['0', '1'], ui.allowSoftware ? '1' : '0')]),
    ],
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
