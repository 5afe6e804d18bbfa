import { idNamed } from '../../src/config/idNamed'
import { mapModes, type MapMode } from '../../src/core/mapModes'
import { describe } from '../../src/config/settings'
import type { BackendChoice } from '../../src/core/trainer'
import type { Shelf } from './shelf'
import { narrowTabs, type NarrowTabId } from './tabs'

/** What the reader prefers; never part of an experiment or its link. */
export interface UiState {
  readonly theme: 'auto' | 'light' | 'dark'
  /** Which engine to ask for. */
  readonly backend: BackendChoice
  /** Allow a software GPU. */
  readonly allowSoftware: boolean
  /** Whether the page begins, or goes on, by itself. */
  readonly autostart: boolean
  /** Family of runs shown in the comparison; null for the newest one. */
  readonly family: string | null
  /** Whether a run waits while the page is hidden; by default it trains on. */
  readonly pauseHidden: boolean
  /** What the weight map shows. */
  readonly mapMode: MapMode
  /** The tab that is shown; null for the first one. */
  readonly tab: NarrowTabId | null
}

/** Preferences of a first visit. */
export const initialUi: UiState = {
  theme: 'auto',
  backend: 'auto',
  allowSoftware: false,
  autostart: false,
  family: null,
  pauseHidden: false,
  mapMode: 'class',
  tab: null,
}

/** Names of the backends, in the order offered. */
export const backendNames: Readonly<Record<BackendChoice, string>> = {
  auto: 'Automatic',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  cpu: 'JavaScript',
}

/** What a switch may say in an address; alone, as in `?software`, it is on. */
const switchValues: Readonly<Record<string, boolean>> = { '': true, 1: true, true: true, 0: false, false: false }

/**
 * What the query part of the address asks for: `?backend=webgpu&software=1&autostart=1`. What cannot be used is left
 * out, and `notes` names it.
 */
export function readQuery(ui: UiState, search: string): { readonly ui: UiState; readonly notes: readonly string[] } {
  const query = new URLSearchParams(search)
  const notes: string[] = []
  const read = <T>(name: string, usual: T, allowed: readonly string[], valueOf: (text: string) => T | undefined): T => {
    const text = query.get(name)
    const value = text === null ? usual : valueOf(text)
    if (value !== undefined) return value
    const used = typeof usual === 'boolean' ? Number(usual) : String(usual)
    notes.push(`${name} was ${describe(text)} in the address; it can be ${allowed.join(', ')}, and ${used} is used.`)
    return usual
  }
  const readSwitch = (name: string, usual: boolean) =>
    read(name, usual, ['0', '1'], (text) => (Object.hasOwn(switchValues, text) ? switchValues[text] : undefined))
  const readBackend = (text: string) => {
    const id = idNamed(backendNames, text)
    return isBackend(id) ? id : undefined
  }
  const backend = read('backend', ui.backend, Object.keys(backendNames), readBackend)
  const allowSoftware = readSwitch('software', ui.allowSoftware)
  const readTab = () =>
    read<NarrowTabId>('tab', 'compare', Object.keys(narrowTabs), (text) => (isTab(text) ? text : undefined))
  const tab = query.has('tab') ? readTab() : ui.tab
  return { ui: { ...ui, backend, allowSoftware, autostart: readSwitch('autostart', ui.autostart), tab }, notes }
}

function isTab(text: string): text is NarrowTabId {
  return Object.hasOwn(narrowTabs, text)
}

/** Preferences that outlive a visit. */
type Lasting = Pick<UiState, 'theme' | 'pauseHidden' | 'mapMode'>

const keys: Readonly<Record<keyof Lasting, string>> = {
  theme: 'pruning-playground/theme',
  pauseHidden: 'pruning-playground/pause-hidden',
  mapMode: 'pruning-playground/map-mode',
}

/** What the reader preferred on an earlier visit. */
export function loadPreferences(shelf: Shelf | null): Lasting {
  try {
    const theme = shelf?.getItem(keys.theme)
    const mode = shelf?.getItem(keys.mapMode)
    return {
      theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
      pauseHidden: shelf?.getItem(keys.pauseHidden) === 'true',
      mapMode: mapModes.find((known) => known === mode) ?? initialUi.mapMode,
    }
  } catch {
    return initialUi
  }
}

/** Remembers the reader's preferences where the browser allows it. */
export function savePreferences(shelf: Shelf | null, { theme, pauseHidden, mapMode }: Lasting): void {
  try {
    shelf?.setItem(keys.theme, theme)
    shelf?.setItem(keys.pauseHidden, String(pauseHidden))
    shelf?.setItem(keys.mapMode, mapMode)
  } catch {
    // Where storage is full or forbidden, only the preferences of the next visit are lost.
  }
}

/** Whether a text names a backend. */
export function isBackend(text: string | null): text is BackendChoice {
  return text !== null && Object.hasOwn(backendNames, text)
}
