import { count } from '../core/figures'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { check, settingsOf, type Refuse } from '../config/check'
import { fromJson, jsonText, largestJson } from '../config/json'
import { fromLink, type OpenedLink } from '../config/link'
import { openPreset, presets } from '../config/presets'
import { nearestName } from '../config/nearestName'
import { isLinkLike } from '../config/repairLink'
import { covers, isRoleKey, readRole, type Role } from '../config/role'
import type { Settings } from '../config/settings'
import { Problem } from '../core/problem'
import { didYouMean } from './usage'

/**
 * The experiment of `--config` and `--set`, and the comparison that a link may hold: the name of a preset, a link or
 * its hash, or a JSON file.
 * @throws Problem when none of these is there, and for a `--set` that names no setting or no value of it: minutes of
 * another run would be lost
 */
export function readConfiguration(config: string, sets: readonly string[]): OpenedLink {
  const base = readBase(config)
  const asked = Object.entries(readSets(sets))
  const settings = Object.fromEntries(asked.filter(([key]) => !isRoleKey(key)))
  const role = withSets(base.role, Object.fromEntries(asked.filter(([key]) => isRoleKey(key))))
  const changed = check(settings, base.experiment, refuseSet)
  const known = settingsOf(changed.experiment)
  const unknown = Object.keys(settings).find((key) => !known.includes(key))
  if (unknown !== undefined) throw unknownSetting(unknown, known)
  const locked = Object.keys(settings).filter((key) => covers(role?.lock ?? [], key))
  const broken = locked.map((key) => `The link locks ${key} on the page; --set changes it here.`)
  const notes = [...base.notes, ...changed.notes, ...broken]
  return { ...base, experiment: changed.experiment, notes, ...(role ? { role } : {}) }
}

/** The role of a link or file with what `--set` says of it. @throws Problem for a value that cannot be used */
function withSets(usual: Role | undefined, settings: Settings): Role | undefined {
  if (Object.keys(settings).length === 0) return usual
  const { role, notes } = readRole(settings, usual)
  if (notes[0] !== undefined)
    throw new Problem(`--set: ${notes[0]}`, 'Correct it; docs/roles.md says what a link may ask of the page.')
  return role
}

/** @throws Problem always, with the name that was most likely meant */
const refuseSet: Refuse = (what, written, allowed) => {
  const list = typeof allowed === 'string' ? allowed : allowed.join(', ')
  throw new Problem(
    `--set: ${what}`,
    `${typeof allowed === 'string' ? '' : didYouMean(allowed, String(written))}It can be ${list}.`,
  )
}

function unknownSetting(key: string, known: readonly string[]): Problem {
  const nameOf = (setting: string) => setting.slice(setting.indexOf('.') + 1)
  const name = nearestName(known.map(nameOf), nameOf(key))
  const meant =
    known.find((setting) => setting.endsWith(`.${key}`))
    ?? nearestName(known, key)
    ?? known.find((setting) => nameOf(setting) === name)
  const fix =
    meant !== undefined
      ? `Write --set ${meant}=value.`
      : '"npm run sentinel -- link --json", with the same options but this one, prints every setting that there is.'
  return new Problem(`--set was given "${key}", which is not a setting of this experiment.`, fix)
}

function readBase(config: string): OpenedLink {
  if (Object.hasOwn(presets, config)) return { experiment: openPreset(config), notes: [] }
  if (isLinkLike(config) && !existsSync(config)) return fromLink(config)
  return fromJson(readText(config))
}

function readText(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat?.isFile())
    throw new Problem(
      `"${path}" is no preset, no link and no file.`,
      didYouMean(Object.keys(presets), path)
        + `Name a JSON file, a link with its #, or a preset: ${Object.keys(presets).join(', ')}.`,
    )
  if (stat.size > largestJson)
    throw new Problem(
      `${path} has ${count(stat.size)} bytes, which is too large for a configuration.`,
      'Name a JSON file as "npm run sentinel -- link --json" prints it.',
    )
  return jsonText(readFileSync(path))
}

/** Settings of `--set`, with their values as text. @throws Problem for one without a key or an equals sign */
export function readSets(sets: readonly string[]): Settings {
  return Object.fromEntries(
    sets.map((text) => {
      const at = text.indexOf('=')
      if (at < 1)
        throw new Problem(`--set was given "${text}".`, 'Write it as key=value, for example --set method.sparsity=0.9.')
      return [text.slice(0, at), text.slice(at + 1)]
    }),
  )
}
