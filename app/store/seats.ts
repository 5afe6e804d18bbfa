import { useMemo } from 'react'
import { isPlain } from '../../src/config/comparison'
import { methodLabel } from '../../src/config/methodLabel'
import { idsOf, plugin } from '../../src/config/registries'
import type { Experiment } from '../../src/core/experiment'
import { useApp } from '.'

/** What decides the look of a method: which method it is, and which of its settings. */
export interface Seat {
  /** Place in `order`. */
  readonly method: number
  /** 0 for the defaults. */
  readonly setting: number
}

/**
 * The methods in an order that never changes: new ones go to the end, and those that are not named come after it. The
 * seven in a line differ in colour. Those below each other share a colour and differ in shape; they are methods that
 * are seldom compared.
 */
const named = [
  'sevenDyn',
  'magnitude',
  'snip',
  'random',
  'sevenPre',
  'rigl',
  'movement',
  'synflow',
  'wanda',
  'sparseGpt',
  'platon',
  'lottery',
  'grasp',
  'fisher',
  'edgePopup',
  'structured',
  'acdc',
  'taylor',
  'softMovement',
  'lamp',
  'iterativeSnip',
  'nm',
  'force',
  'dynamicMask',
  'gradient',
  'sevenVariants',
  'feedback',
  'set',
  'stability',
  'slimming',
  'polarization',
  'combination',
  'hydra',
  'greedy',
  'scop',
  'grda',
  'michel',
  'stripes',
  'strongestNeurons',
  'dynamicHeads',
  'staticDynamic',
  'dense',
  'srSte',
  'oBert',
  'ria',
  'owl',
]
const order = [...named, ...idsOf('method').filter((id) => !named.includes(id))]

/**
 * Seats by `methodLabel`. The name of a setting decides the seat that it asks for, so that it gets the same one on
 * every visit; if that seat is taken, it gets the next. The first half is filled first, since its points look different
 * from those of seat 0. The defaults always have seat 0. Seats are shared where all are taken. Runs without a method
 * have none.
 * @param experiments oldest first, so that a new one moves no other
 * @param most seats of a method, an even number
 */
export function seatsOf(experiments: readonly Experiment[], most: number): ReadonlyMap<string, Seat> {
  const seats = new Map<string, Seat>()
  const taken = new Set<string>()
  for (const experiment of experiments) {
    const { id } = experiment.method
    const label = methodLabel(experiment)
    if (seats.has(label) || isPlain(experiment)) continue
    const wanted = [...turned(range(1, most / 2), hash(label)), ...range(most / 2 + 1, most - 1)]
    const setting =
      label === plugin('method', id).label ? 0 : (wanted.find((seat) => !taken.has(`${id} ${seat}`)) ?? wanted[0] ?? 0)
    taken.add(`${id} ${setting}`)
    seats.set(label, { method: order.indexOf(id), setting })
  }
  return seats
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

function turned(seats: readonly number[], by: number): number[] {
  return seats.map((_, i) => seats[(i + by) % seats.length] ?? 0)
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  return Array.from(text, (letter) => letter.codePointAt(0) ?? 0).reduce(
    (sum, code) => Math.imul(sum ^ code, 0x01000193) >>> 0,
    0x811c9dc5,
  )
}

/** The seats of all runs that are kept, then of the one that is going. @param most seats of a method */
export function useSeats(most: number): ReadonlyMap<string, Seat> {
  const runs = useApp((s) => s.runs)
  const asked = useApp((s) => s.run.asked)
  return useMemo(
    () =>
      seatsOf(
        [...runs, ...(asked ? [asked] : [])].map(({ experiment }) => experiment),
        most,
      ),
    [runs, asked, most],
  )
}
