import { isRecord } from '../core/isRecord'
import { Problem } from '../core/problem'
import { parts } from './registries'

/**
 * An experiment, or a part of one, as flat text-like entries: `seed`, `data`, `method.sparsity`, `training.steps`.
 * Links, JSON files, presets and `--set` all become settings, and `check` is the only place that reads them.
 */
export type Settings = Readonly<Record<string, unknown>>

/** Settings of any JSON object: an experiment, flat settings, or a `result.json` (its experiment is taken). */
export function flatten(value: unknown): Settings {
  if (!isRecord(value))
    throw new Problem(
      `The configuration is ${describe(value)}, not an object.`,
      'Write an object such as {"preset": "sst2-nano", "method": "snip"}.',
    )
  // Not by recursion: a file may nest deeper than calls may.
  let innermost = value
  while (isRecord(innermost.experiment)) innermost = innermost.experiment
  const entries: [string, unknown][] = []
  for (const [key, entry] of Object.entries(innermost)) {
    if (isRecord(entry) && (key === 'training' || parts.some((part) => part === key)))
      entries.push(...section(key, entry))
    else entries.push([key, entry])
  }
  return Object.fromEntries(entries)
}

/** `{ id, values: {...} }` and `{ id, sparsity: ... }` both become `method: id, method.sparsity: ...`. */
function section(key: string, entry: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(entry).flatMap(([name, value]): [string, unknown][] => {
    if (name === 'id') return [[key, value]]
    if (name === 'values' && isRecord(value)) return Object.entries(value).map(([knob, v]) => [`${key}.${knob}`, v])
    return [[`${key}.${name}`, value]]
  })
}

/** Any value as a note shows it, in at most `most` characters. */
export function describe(value: unknown, most = 40): string {
  const text = typeof value === 'string' ? value : plain(value)
  const shown = text === '' ? 'empty' : text
  return shown.length > most ? `${shown.slice(0, most)}...` : shown
}

/** A value that JSON cannot write (a circle, say) is named by its type; none can come from a link or a file. */
function plain(value: unknown): string {
  if (['undefined', 'function', 'symbol'].includes(typeof value)) return typeof value
  try {
    return JSON.stringify(value)
  } catch {
    return typeof value
  }
}
