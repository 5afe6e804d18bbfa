/**
 * What a link is for besides its experiment: a class with a task, a stage, a frame in another page, a stand. It changes
 * what the page shows, and never what a run computes: run ids know nothing of it.
 */
import { knobNames, parts } from './registries'
import { presets } from './presets'
import { describe, type Settings } from './settings'
import { nearestName } from './nearestName'
import { cleanTask, longestTask, toTaskCode } from './taskText'

export interface Role {
  /** Settings that are shown and cannot be changed: parts (`method`) and knobs (`method.sparsity`). */
  readonly lock: readonly string[]
  /** Settings that are not shown, and so not changed either. */
  readonly hide: readonly string[]
  /** Shown above the map; '' for none. */
  readonly task: string
  /** Whether the run begins by itself. */
  readonly autostart: boolean
  /** Large and little, for the last row. */
  readonly stage: boolean
  /** Map, curve and Start alone, for a frame in another page. */
  readonly embed: boolean
  /** Presets that run one after the other, over and over; none where this is no stand. */
  readonly kiosk: readonly string[]
  /** Seconds without a touch after which a stand begins again. */
  readonly idle: number
}

/** The page as it is without any of this. */
export const noRole: Role = {
  lock: [],
  hide: [],
  task: '',
  autostart: false,
  stage: false,
  embed: false,
  kiosk: [],
  idle: 60,
}

/** Keys of links and JSON that belong to a role. */
export const roleKeys = Object.keys(noRole) as readonly (keyof Role)[]

/** What `kiosk=1` runs: all of it made on the spot, none of it long. */
export const usualKiosk: readonly string[] = ['shapes-quick', 'phrases-quick', 'toy']

/** Seconds that `idle` may be. */
export const idleRange = { min: 5, max: 3600 } as const

/** Entries that a list may have: a link is somebody else's text. */
const mostEntries = 64

/** Whether a key of a link is one of a role. */
export function isRoleKey(key: string): key is keyof Role {
  return Object.hasOwn(noRole, key)
}

/** What a role sets, as a link writes it, in characters that need no escape. */
export function roleSettings(role: Role): Settings {
  return Object.fromEntries(
    roleKeys.flatMap((key): [string, string | number][] => {
      const value = role[key]
      if (value === noRole[key] || (Array.isArray(value) && value.length === 0)) return []
      if (key === 'task') return [[key, toTaskCode(role.task)]]
      if (key === 'kiosk') return [[key, sameList(role.kiosk, usualKiosk) ? 1 : role.kiosk.join('_')]]
      if (key === 'lock' || key === 'hide') return [[key, role[key].join('_')]]
      return [[key, Number(value)]]
    }),
  )
}

/** What a role sets, as JSON writes it. */
export function roleJson(role: Role): Settings {
  const set = roleSettings(role)
  return Object.fromEntries(roleKeys.filter((key) => key in set).map((key) => [key, role[key]]))
}

/** A role from text or JSON, and one sentence for each part of it that could not be used. */
export interface CheckedRole {
  readonly role: Role
  readonly notes: readonly string[]
}

/** The role of settings; a key that is missing, or has nothing usable, is taken from `usual`. Never throws. */
export function readRole(settings: Settings, usual: Role = noRole): CheckedRole {
  const notes: string[] = []
  const note = (text: string) => void notes.push(text)
  const has = (key: keyof Role) => Object.hasOwn(settings, key)
  const flag = (key: 'autostart' | 'stage' | 'embed') =>
    has(key) ? readFlag(key, settings[key], usual[key], note) : usual[key]
  const list = (key: 'lock' | 'hide') => (has(key) ? readTargets(key, settings[key], note) : usual[key])
  const role = {
    lock: list('lock'),
    hide: list('hide'),
    task: has('task') ? readTask(settings.task, usual.task, note) : usual.task,
    autostart: flag('autostart'),
    stage: flag('stage'),
    embed: flag('embed'),
    kiosk: has('kiosk') ? readKiosk(settings.kiosk, note) : usual.kiosk,
    idle: has('idle') ? readIdle(settings.idle, usual.idle, note) : usual.idle,
  }
  return { role, notes }
}

type Note = (text: string) => void

/** Alone, as in `?stage`, a switch is on. */
const flags: Readonly<Record<string, boolean>> = { '': true, 1: true, true: true, 0: false, false: false }

function readFlag(key: string, value: unknown, usual: boolean, note: Note): boolean {
  const text = String(value).toLowerCase()
  const read = Object.hasOwn(flags, text) ? flags[text] : undefined
  if (read === undefined) note(`${key} was ${describe(value)}; it can be 0 or 1, and ${Number(usual)} is used.`)
  return read ?? usual
}

function readTask(value: unknown, usual: string, note: Note): string {
  if (typeof value !== 'string' && typeof value !== 'number') {
    note(`task was ${describe(value)}; it can be a text, and none is shown.`)
    return usual
  }
  const text = String(value)
  const over = Array.from(text.trim()).length - longestTask
  if (over > 0) note(`The task has ${over} characters more than ${longestTask}, and was cut there.`)
  return cleanTask(text)
}

/** Entries of a list: JSON's, or a text in which `_`, commas, semicolons or spaces separate. */
function entriesOf(key: string, value: unknown, note: Note): readonly string[] {
  if (typeof value !== 'string' && !Array.isArray(value)) {
    note(`${key} was ${describe(value)}; it can be a list of names, and none is used.`)
    return []
  }
  const all = (typeof value === 'string' ? value.split(/[_,;\s]+/) : value.map(String))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  if (all.length > mostEntries) note(`${key} names ${all.length} things; the first ${mostEntries} are used.`)
  return [...new Set(all.slice(0, mostEntries))]
}

/** All that `lock` and `hide` can name: sections, and the knobs of any plugin. */
const sections = ['seed', ...parts, 'training'] as const

function readTargets(key: string, value: unknown, note: Note): readonly string[] {
  return entriesOf(key, value, note).filter((entry) => {
    if (isTarget(entry)) return true
    const meant = nearestName([...sections], entry)
    note(
      `${key} names ${describe(entry)}, which is no setting and was left out. `
        + `${meant ? `Did you mean ${meant}? ` : ''}It can name ${sections.join(', ')}, `
        + 'and knobs such as method.sparsity.',
    )
    return false
  })
}

function isTarget(entry: string): boolean {
  const [section = '', name, ...more] = entry.split('.')
  const known = sections.find((other) => other === section)
  if (known === undefined || more.length > 0) return false
  return name === undefined || (known !== 'seed' && knobNames(known).has(name))
}

function readKiosk(value: unknown, note: Note): readonly string[] {
  const text = String(value).toLowerCase()
  if (Object.hasOwn(flags, text)) return flags[text] ? usualKiosk : []
  const named = entriesOf('kiosk', value, note)
  const known = named.filter((id) => Object.hasOwn(presets, id))
  for (const id of named)
    if (!known.includes(id))
      note(
        `kiosk names ${describe(id)}, which is no preset and was left out. `
          + `It can be 1, or presets: ${Object.keys(presets).join(', ')}.`,
      )
  return known.length > 0 ? known : usualKiosk
}

function readIdle(value: unknown, usual: number, note: Note): number {
  const seconds = Number(value)
  if (String(value).trim() !== '' && Number.isFinite(seconds)) {
    const nearest = Math.min(idleRange.max, Math.max(idleRange.min, Math.round(seconds)))
    if (nearest !== seconds) note(`idle was ${describe(value)} seconds; ${nearest} is used.`)
    return nearest
  }
  note(`idle was ${describe(value)}; it can be ${idleRange.min} to ${idleRange.max} seconds, and ${usual} is used.`)
  return usual
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, i) => entry === b[i])
}

/** Whether one of these names is the setting, or the part that it belongs to. */
export function covers(names: readonly string[], setting: string): boolean {
  return names.includes(setting) || names.includes(setting.split('.')[0] ?? '')
}
