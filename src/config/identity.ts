import type { Experiment } from '../core/experiment'
import type { Knobs, KnobValue } from '../core/knob'
import { knobsOf, parts } from './registries'

/**
 * The canonical form of an experiment: JSON with sorted keys, ids always, knobs only where they differ from their
 * default. So a knob that is added later, with a default that cancels its effect, leaves every older run its id.
 */
export function canonical(experiment: Experiment): string {
  const choices = parts.map((part) => [
    part,
    { id: experiment[part].id, ...departures(knobsOf(experiment, part), experiment[part].values) },
  ])
  const training = departures(knobsOf(experiment, 'training'), experiment.training)
  return JSON.stringify(sorted({ seed: experiment.seed, training, ...Object.fromEntries(choices) }))
}

/** Sixteen hexadecimal digits, the same for the same experiment on every machine and in every version. */
export function runId(experiment: Experiment): string {
  return hashOf(canonical(experiment))
}

function departures(knobs: Knobs, values: Readonly<Record<string, KnobValue>>): Record<string, KnobValue> {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== knobs[name]?.default))
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sorted(entry)]),
  )
}

/** FNV-1a, 64 bits, over UTF-8 (isthe.com/chongo/tech/comp/fnv), in sixteen hexadecimal digits. */
export function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}
