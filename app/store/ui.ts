import { idNamed } from '../../src/config/idNamed'
import { isRecord } from '../../src/core/isRecord'
import { mapModes, type MapMode } from '../../src/core/mapModes'
import { describe } from '../../src/config/settings'
import type { BackendChoice } from '../../src/core/trainer'
import { lessonIds, type LessonId } from '../../src/lessons/lessonIds'
import type { Shelf } from './shelf'
import { narrowTabs, type NarrowTabId } from './tabs'

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
  /** What the weight map shows. */
  readonly mapMode: MapMode
  /** The tab that is shown; null for the first one. */
  readonly tab: NarrowTabId | null
  /** The lesson that is taken; null for none. */
  readonly lesson: LessonId | null
  /** How often the page was made anew for another visitor of a stand. */
  readonly visit: number
  /** Link of the set-up before the lesson, which comes back after it; null where there is none. */
  readonly ownSetUp: string | null
  /** What was predicted in lessons: ids of answers. */
  readonly guesses: Readonly<Partial<Record<LessonId, string>>>
  /** Whether the end of the lesson asks for a look (`lessonLooks`), and whether that was taken; null before its end. */
  readonly look: 'asked' | 'taken' | null
}

/** Preferences of a first visit. */
export const initialUi: UiState = {
  theme: 'auto',
  backend: 'auto',
  allowSoftware: false,
  family: null,
  pauseHidden: false,
  mapMode: 'class',
  tab: null,
  lesson: null,
  visit: 0,
  ownSetUp: null,
  guesses: {},
  look: null,
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
 * What the query part of the address asks for: `?backend=webgpu&software=1`. What cannot be used is left
 * out, and `notes` names it.
 */
export function readQuery(ui: UiState, search: string): { readonly ui: UiState; readonly notes: readonly string[] } {
  const query = new URLSearchParams(search)
  const notes: string[] = []
  const read = <T>(name: string, usual: T, allowed: readonly string[], valueOf: (text: string) => T | undefined): T => {
    const text = query.get(name)
    const value = text === null ? usual : valueOf(text)
    if (value !== undefined) return value
    const used = typeof usual === 'boolean' ? Number(usual) : String(usual ?? 'none')
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
  const readLesson = (text: string) => lessonIds.find((id) => id === text)
  const lesson = query.has('lesson') ? read<LessonId | null>('lesson', null, lessonIds, readLesson) : ui.lesson
  // A lesson alone is enough of a link: it stands on its tab.
  const tab = query.has('tab') ? readTab() : lesson ? 'learn' : ui.tab
  return { ui: { ...ui, backend, allowSoftware, tab, lesson }, notes }
}

function isTab(text: string): text is NarrowTabId {
  return Object.hasOwn(narrowTabs, text)
}

/** Preferences that outlive a visit. */
type Lasting = Pick<UiState, 'theme' | 'pauseHidden' | 'mapMode' | 'ownSetUp' | 'guesses'>

const keys: Readonly<Record<keyof Lasting, string>> = {
  theme: 'pruning-playground/theme',
  pauseHidden: 'pruning-playground/pause-hidden',
  mapMode: 'pruning-playground/map-mode',
  ownSetUp: 'pruning-playground/own-set-up',
  guesses: 'pruning-playground/guesses',
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
      ownSetUp: shelf?.getItem(keys.ownSetUp) ?? null,
      guesses: guessesIn(shelf?.getItem(keys.guesses) ?? '{}'),
    }
  } catch {
    return initialUi
  }
}

/** Remembers the reader's preferences where the browser allows it. */
export function savePreferences(shelf: Shelf | null, preferences: Lasting): void {
  const { theme, pauseHidden, mapMode, ownSetUp, guesses } = preferences
  try {
    shelf?.setItem(keys.guesses, JSON.stringify(guesses))
    shelf?.setItem(keys.theme, theme)
    shelf?.setItem(keys.pauseHidden, String(pauseHidden))
    shelf?.setItem(keys.mapMode, mapMode)
    if (ownSetUp === null) shelf?.removeItem(keys.ownSetUp)
    else shelf?.setItem(keys.ownSetUp, ownSetUp)
  } catch {
    // Where storage is full or forbidden, only the preferences of the next visit are lost.
  }
}

/** The predictions in a text that was stored; of what is none of them, nothing. */
function guessesIn(text: string): UiState['guesses'] {
  const stored: unknown = JSON.parse(text)
  if (!isRecord(stored)) return {}
  return Object.fromEntries(
    lessonIds.flatMap((id): [LessonId, string][] => {
      const guess = stored[id]
      return typeof guess === 'string' ? [[id, guess]] : []
    }),
  )
}

/** Whether a text names a backend. */
export function isBackend(text: string | null): text is BackendChoice {
  return text !== null && Object.hasOwn(backendNames, text)
}
