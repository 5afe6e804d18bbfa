/** Which machine, program and data made a run: what must be said where runs that differ in it are compared. */
import { count } from '../core/figures'

/** Empty where it is not known. */
export interface Made {
  readonly backend: string
  /** Adapter or processor, as it names itself. */
  readonly device: string
  /** SHA-256 of the examples; empty too where data is made from the seed. */
  readonly data: string
  /** Of the program. */
  readonly commit: string
}

interface Whole {
  readonly made?: Made
}

/** Runs of different kinds are not averaged: another backend adds in another order, other examples are another task. */
export function kindOf({ made }: Whole): string {
  return made ? `${made.backend} ${made.data}` : ''
}

/** What is added to the name of a run's row, so that kinds are told apart; nothing where all runs are of one. */
export function kindNames(outcomes: readonly Whole[]): (outcome: Whole) => string {
  const [backends, data] = [namesOf(outcomes, 'backend'), namesOf(outcomes, 'data')]
  return ({ made }) =>
    (backends.size > 1 ? ` (${made?.backend ?? 'unknown'})` : '')
    + (data.size > 1 ? ` (data ${short(made?.data ?? '')})` : '')
}

/** A sentence for each thing in which runs differ that one would not expect to differ. */
export function mixtureNotes(outcomes: readonly Whole[]): readonly string[] {
  const list = (key: keyof Made) =>
    [...namesOf(outcomes, key)].map(([name, runs]) => `${short(name)}: ${count(runs)} runs`).join(', ')
  const note = (key: keyof Made, what: string, so: string) =>
    namesOf(outcomes, key).size > 1 ? [`These runs ${what} (${list(key)}). ${so}`] : []
  return [
    ...note('backend', 'were made on different backends', 'Each backend has rows of its own.'),
    ...note('data', 'have seen different examples', 'The examples of each SHA-256 have rows of their own.'),
    ...note('device', 'were made on different devices', 'Means are over all of them; last digits may differ.'),
    ...note('commit', 'were made by different versions of the program', 'Means are over all of them.'),
  ]
}

/** How many runs have each value. */
function namesOf(outcomes: readonly Whole[], key: keyof Made): ReadonlyMap<string, number> {
  const names = new Map<string, number>()
  for (const { made } of outcomes) if (made) names.set(made[key], (names.get(made[key]) ?? 0) + 1)
  return names
}

/** The beginning of a hash; other names as they are. */
function short(name: string): string {
  return /^[0-9a-f]{40,}$/.test(name) ? name.slice(0, 8) : name || 'unknown'
}
