import type { Experiment } from '../core/experiment'
import { Problem } from '../core/problem'
import { check } from './check'
import { defaultExperiment } from './defaults'
import type { OpenedLink } from './link'
import { openPreset } from './presets'
import { isRoleKey, noRole, readRole, roleJson, type Role } from './role'
import { flatten, type Settings } from './settings'

/**
 * The experiment of a JSON text: what `toJson` wrote, the `result.json` of a run, or only what differs from the default
 * experiment or from a preset: `{ "preset": "sst2-nano", "method": "snip", "method.sparsity": 0.9 }`. What a link may
 * say of its role stands beside it: `"lock": ["method"]`.
 *
 * @throws Problem when it is not a JSON object or names an unknown preset
 */
export function fromJson(text: string): OpenedLink {
  return experimentIn(parseJson(text))
}

/** The same of JSON that is parsed already. @throws Problem as `fromJson` does */
export function experimentIn(json: unknown): OpenedLink {
  const settings = flatten(json)
  const [own, forRole] = [false, true].map((wanted) =>
    Object.fromEntries(Object.entries(settings).filter(([key]) => isRoleKey(key) === wanted)),
  ) as [Settings, Settings]
  const { preset, ...others } = own
  const checked = typeof preset === 'string' ? check(others, openPreset(preset)) : check(own, defaultExperiment)
  if (Object.keys(forRole).length === 0) return checked
  const { role, notes } = readRole(forRole)
  return { ...checked, notes: [...checked.notes, ...notes], role }
}

/** Bytes: configurations are a few kilobytes and results a few megabytes; anything larger is another kind of file. */
export const largestJson = 64 << 20

/** The text of a JSON file in UTF-8, or in UTF-16 as some shells write it, without its byte order mark. */
export function jsonText(bytes: Uint8Array): string {
  const [first, second] = bytes
  // JSON begins with a character of ASCII, whose other byte is 0.
  const little = (first === 0xff && second === 0xfe) || second === 0
  const big = (first === 0xfe && second === 0xff) || first === 0
  return new TextDecoder(big ? 'utf-16be' : little ? 'utf-16le' : 'utf-8').decode(bytes)
}

/** An experiment as a JSON file, every value written out, and beside it what its role sets. */
export function toJson(experiment: Experiment, role: Role = noRole): string {
  return `${JSON.stringify({ ...experiment, ...roleJson(role) }, null, 2)}\n`
}

const startOver = 'Correct the file, or start from the JSON that "npm run sentinel -- link --json" prints.'

/**
 * What a JSON text says. @param what what messages call it @param fix what to do about it
 * @throws Problem when it is not JSON
 */
export function parseJson(text: string, what = 'The configuration', fix = startOver): unknown {
  try {
    return JSON.parse(withoutBanner(text))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Problem(`${what} is not JSON: ${reason.replace(/\.$/, '')}.`, fix, { cause: error })
  }
}

/** Lines that npm, pnpm and yarn print before and after the output of a command, and this command's own notes. */
const banner = /^\s*$|^[>$] |^yarn run |^Done in |^npm (?:notice|warn)|^Note: /i

function withoutBanner(text: string): string {
  const lines = text.replace(/^\uFEFF/, '').split('\n')
  return lines
    .slice(
      lines.findIndex((line) => !banner.test(line)),
      lines.findLastIndex((line) => !banner.test(line)) + 1,
    )
    .join('\n')
}
