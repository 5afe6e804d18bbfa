import { idsOf, plugin, type Part } from '../config/registries'
import { presets } from '../config/presets'
import type { Knob, Knobs } from '../core/knob'

/** A registry as text: every entry with what it is and its knobs. */
export function listPart(part: Part): string {
  return idsOf(part)
    .map((id) => listEntry(part, id))
    .join('\n\n')
}

/** Knobs as a table: the key for `--set` and links, default, range, and what it does. */
export function listKnobs(section: string, knobs: Knobs): string {
  const rows = Object.entries(knobs).map(
    ([name, knob]) => [`${section}.${name}`, String(knob.default), range(knob), knob.help] as const,
  )
  const width = (i: 0 | 1 | 2) => Math.max(0, ...rows.map((row) => row[i].length))
  return rows
    .map(([key, initial, allowed, help]) =>
      `  ${key.padEnd(width(0))}  ${initial.padEnd(width(1))}  ${allowed.padEnd(width(2))}  ${help}`.trimEnd(),
    )
    .join('\n')
}

/** Presets by name. */
export function listPresets(): string {
  const width = Math.max(...Object.keys(presets).map((name) => name.length))
  return Object.entries(presets)
    .map(([name, preset]) => `${name.padEnd(width)}  ${preset.about}`)
    .join('\n')
}

function listEntry(part: Part, id: string): string {
  const entry = plugin(part, id)
  const about = 'about' in entry ? [`  ${entry.about}`] : []
  return [`${id}: ${entry.label} (${entry.cite})`, ...about, listKnobs(part, entry.knobs)].filter(Boolean).join('\n')
}

function range(knob: Knob): string {
  switch (knob.kind) {
    case 'number':
      return `${knob.min} to ${knob.max}${knob.unit ? ` ${knob.unit}` : ''}`
    case 'choice':
      return Object.keys(knob.options).join(' | ')
    case 'word':
      return knob.allowed
    case 'flag':
      return 'true | false'
  }
}
