import type { Tensor } from '@tensorflow/tfjs'
import type { Cut, CutView } from '../core/cut'
import { maskWithout } from '../core/cut'
import { choice, number } from '../core/knob'
import type { Plan } from '../core/plan'
import type { UnitHook } from '../core/unitHook'
import type { UnitSite } from '../core/model'
import { unitsOf, type Units } from '../core/units'
import { cutAfter } from './axes'

/** Gates on heads and neurons, which several methods train and then cut by. */

type Params = Readonly<Record<string, Tensor>>
type Kind = UnitSite['kind']

/** Which units have gates. */
export const gatedKnob = choice(
  'Units',
  'both',
  { both: 'Heads and neurons', neuron: 'MLP neurons', head: 'Attention heads' },
  { help: 'Which units have a gate and may be cut.' },
)

/** The gates' learning rate: a run that is short moves a gate too little at the rate that suits matrices. */
export function gateRateKnob(initial: number) {
  return number('Gate rate', initial, [0.01, 1000], {
    scale: 'log',
    help: "Learning rate of the gates, as a multiple of the run's.",
  })
}

/** Gates learn at their own rate under the penalty until the cut at `at`, and without it after. */
export function gatesThenCut(v: { at: number; gateRate: number }, sparsity: number, steps: number): Plan {
  const cut = cutAfter({ at: v.at, sparsity }, steps)
  return {
    ...cut,
    course: { pace: () => ({ weights: 1, gates: v.gateRate }) },
    pressure: (t) => (t <= cut.lastEvent ? 1 : 0),
  }
}

/**
 * A gate for each unit of the kinds, [count] in each layer, that multiplies what the unit puts out. @param initial its
 * first value
 */
export function gatedUnits(
  kinds: Kind | 'both',
  initial: number,
  say: Pick<UnitHook, 'penalty' | 'rule'> = {},
): UnitHook {
  return {
    ...say,
    separate: true,
    tensors: ({ kind, layer, count }) =>
      kinds === kind || kinds === 'both' ? [gatesOf(kind, layer, count, initial)] : [],
    forward: (_nn, x, { layer }, params) => {
      const gates = params[`${layer}/gates`]
      return gates ? scaled(x, gates) : x
    },
  }
}

function gatesOf(kind: Kind, layer: string, count: number, initial: number) {
  return {
    name: `${layer}/gates`,
    shape: [count],
    init: { kind: 'constant', value: initial },
    prunable: false,
    decay: false,
    gate: true,
    units: { kind, layer, side: 'enters', count },
  } as const
}

function scaled(x: Tensor, gates: Tensor): Tensor {
  const run = (x.shape.at(-1) ?? 1) / gates.size
  return run === 1
    ? x.mul(gates)
    : x
        .reshape([-1, gates.size, run])
        .mul<Tensor>(gates.reshape([gates.size, 1]))
        .reshape(x.shape)
}

/** All gates of a model, [count]. */
export function allGates(params: Params): Tensor {
  const [first, ...rest] = Object.entries(params).flatMap(([name, tensor]) => (name.endsWith('/gates') ? [tensor] : []))
  if (!first) throw new TypeError('The model has no gates.')
  return rest.length > 0 ? first.concat(rest) : first
}

/** |x| with a slope of 0 at 0; tfjs's own has -1 there. */
export function size(x: Tensor): Tensor {
  return x.relu().add(x.neg().relu())
}

/** The gates of one layer, and where its units lie. */
export interface GateLayer {
  readonly gates: Float32Array
  /** Place of the gates among all parameters. */
  readonly offset: number
  readonly units: Units
  /** Place of the layer's first unit in `units.layout`. */
  readonly first: number
}

/** Every layer that has gates, as a cut finds them. */
export function gateLayers({ layout, weights }: Pick<CutView, 'layout' | 'weights'>): GateLayer[] {
  const placed = layout.tensors.filter((t) => t.gate)
  const kinds = [...new Set(placed.flatMap(({ units }) => (units ? [units.kind] : [])))]
  return kinds.flatMap((kind) => {
    const units = unitsOf(layout, { kind, score: 'sum' })
    return units.layout.prunable.flatMap(({ name, offset: first }) => {
      const { offset = 0, size: count = 0 } = placed.find((t) => t.units?.layer === name) ?? {}
      return count > 0 ? [{ gates: weights.slice(offset, offset + count), offset, units, first }] : []
    })
  })
}

/** Cuts the units whose gates are not kept, and sets those gates to 0. @param kept 1 = kept, by layer */
export function withoutUnits(
  { mask, weights }: Pick<CutView, 'mask' | 'weights'>,
  layers: readonly GateLayer[],
  kept: readonly Uint8Array[],
): Cut {
  const left = weights.slice()
  const cut = layers.reduce((before, { units, first, gates, offset }, i) => {
    const goes = (unit: number) => kept[i]?.[unit] !== 1
    gates.forEach((_, unit) => {
      if (goes(unit)) left[offset + unit] = 0
    })
    return maskWithout(before, units, (place) => place >= first && place < first + gates.length && goes(place - first))
  }, mask)
  return { mask: Uint32Array.from(cut), weights: left }
}

/**
 * Keeps the share 1 - sparsity of all units, or of each layer's, by score, larger first, ties to the lowest index; at
 * least one of a layer. @returns 1 = kept
 */
export function keepLargest(
  scores: readonly ArrayLike<number>[],
  sparsity: number,
  scope: 'global' | 'layer',
): Uint8Array[] {
  if (scope === 'layer') return scores.flatMap((layer) => keepLargest([layer], sparsity, 'global'))
  const kept = scores.map((layer) => new Uint8Array(layer.length))
  const all = scores.flatMap((layer, i) => Array.from(layer, (score, unit) => ({ i, unit, score })))
  const ranked = all.sort((a, b) => b.score - a.score)
  const best = scores.flatMap((_, i) => ranked.find((entry) => entry.i === i) ?? [])
  const count = Math.max(best.length, Math.round(all.length * (1 - sparsity)))
  for (const { i, unit } of [...new Set([...best, ...ranked])].slice(0, count)) kept[i]?.fill(1, unit, unit + 1)
  return kept
}

/**
 * Where the lower hump of gates in [0, 1] ends: the edge of 100 bins at which the differences of counts turn from at
 * most 0 to at least 0 for the first time, as in the released code of polarization; 0 where they never do.
 */
export function polarThreshold(layers: readonly Float32Array[]): number {
  const counts = new Array<number>(100).fill(0)
  for (const gate of layers.flatMap((gates) => Array.from(gates))) {
    const bin = Math.min(99, Math.floor(gate * 100))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  const rises = counts.slice(1).map((count, i) => count - (counts[i] ?? 0))
  const valley = rises.findIndex((rise, i) => i + 1 < rises.length && rise <= 0 && (rises[i + 1] ?? -1) >= 0)
  return valley < 0 ? 0 : (valley + 1) / 100
}
