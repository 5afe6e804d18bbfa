import type { Experiment } from '../core/experiment'
import type { Knobs, KnobValue } from '../core/knob'
import { firstRunOf } from './firstRun'
import { knobsOf, parts, scratchId } from './registries'

/**
 * The canonical form of an experiment: JSON with sorted keys, ids always but for random weights, knobs only where they
 * differ from their default. So every older run keeps its id when a knob, or a part, is added later with a default that
 * cancels its effect. A run that is started from stands there by its own id, however its link is spelt.
 */
export function canonical(experiment: Experiment): string {
  const named = parts.filter((part) => part !== 'start' || experiment.start.id !== scratchId)
  const choices = named.map((part) => [
    part,
    { id: experiment[part].id, ...departures(knobsOf(experiment, part), experiment[part].values) },
  ])
  const first = firstRunOf(experiment)
  const of = first ? { start: { id: experiment.start.id, of: runId(first) } } : {}
  const training = departures(knobsOf(experiment, 'training'), experiment.training)
  return JSON.stringify(sorted({ seed: experiment.seed, training, ...Object.fromEntries(choices), ...of }))
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
  // Two halves of 32 bits: big integers take thirty times as long.
  let high = 0xcbf29ce4
  let low = 0x84222325
  for (const byte of new TextEncoder().encode(text)) {
    low ^= byte
    // Times 2^40 + 0x1b3. What the low half carries over, at most 0x1b2, is exact in a double.
    const product = (low >>> 0) * 0x1b3
    high = (Math.imul(high, 0x1b3) + Math.floor(product / 2 ** 32) + (low << 8)) | 0
    low = product | 0
  }
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}
