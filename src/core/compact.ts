import { bit, setBit } from './bits'
import { placeTensors, type Layout, type Placed } from './layout'
import type { TensorSpec, UnitSite } from './model'

/** The units of a layer that stay when those that are cut whole are taken out. */
export interface UnitsLeft extends Omit<UnitSite, 'width'> {
  /** Their numbers of `count`, in order; at least one. */
  readonly kept: readonly number[]
}

/** A model rebuilt without the heads and neurons that are cut whole: the same answers from smaller matrices. */
export interface CompactModel {
  /** The same tensors by name; the shapes of those that hold units tell how many are left. */
  readonly layout: Layout
  /** Effective values, [layout.length]. */
  readonly weights: Float32Array<ArrayBuffer>
  /** What is left of the mask, as in `Cut`. */
  readonly mask: Uint32Array<ArrayBuffer>
  /** Every layer of units, whole ones too. */
  readonly units: readonly UnitsLeft[]
}

/**
 * The model without its dead units: those whose outgoing weights are all cut, so that no later layer sees what they put
 * out, biases included. A layer whose units are all dead keeps its first. Other cut weights stay as zeros.
 * @param weights all parameters, [layout.length]
 * @param mask as in `Cut`
 * @returns null where no unit is dead
 */
export function compact(layout: Layout, weights: Float32Array, mask: Uint32Array): CompactModel | null {
  const units = unitsLeft(layout, mask)
  if (units.every(({ kept, count }) => kept.length === count)) return null
  const left = new Map(units.map((layer) => [layer.layer, layer.kept]))
  const places = new Map(layout.tensors.map((t) => [t.name, placesLeft(t, left)]))
  const smaller = placeTensors(layout.tensors.map((t) => specLeft(t, left)))
  const packed = { weights: new Float32Array(smaller.length), mask: new Uint32Array(smaller.prunableLength / 32) }
  for (const from of layout.tensors) {
    const to = smaller.tensors.find(({ name }) => name === from.name)
    if (to)
      places.get(from.name)?.forEach((place, i) => {
        copy({ weights, mask }, from, place, packed, to, i)
      })
  }
  return { layout: smaller, units, ...packed }
}

/** Which units of every layer are not dead. @param mask as in `Cut` */
export function unitsLeft(layout: Layout, mask: Uint32Array): UnitsLeft[] {
  const layers = new Map(layout.prunable.flatMap((t) => (t.units ? [[t.units.layer, t.units] as const] : [])))
  return [...layers.values()].map(({ kind, layer, count }) => {
    const leaving = layout.prunable.filter(({ units }) => units?.layer === layer && units.side === 'leaves')
    const alive = (unit: number) => leaving.length === 0 || leaving.some((t) => anyKept(t, mask, unit, count))
    const kept = Array.from({ length: count }, (_, unit) => unit).filter(alive)
    return { kind, layer, count, kept: kept.length > 0 ? kept : [0] }
  })
}

/** Whether a weight is kept in the unit's run of rows. */
function anyKept({ offset, size }: Placed, mask: Uint32Array, unit: number, count: number): boolean {
  const run = size / count
  for (let i = offset + unit * run; i < offset + (unit + 1) * run; i++) if (bit(mask, i)) return true
  return false
}

/**
 * Units lie along the last axis of a tensor by which they are entered, along the first of one by which they are left.
 */
function specLeft(spec: TensorSpec, left: ReadonlyMap<string, readonly number[]>): TensorSpec {
  const { shape, units } = spec
  if (!units) return spec
  const kept = left.get(units.layer)?.length ?? units.count
  const axis = units.side === 'enters' ? shape.length - 1 : 0
  return {
    ...spec,
    shape: shape.map((n, i) => (i === axis ? (n / units.count) * kept : n)),
    units: { ...units, count: kept },
  }
}

/** Flat indices within a tensor of what stays of it, in order. */
function placesLeft({ shape, size, units }: Placed, left: ReadonlyMap<string, readonly number[]>): number[] {
  const kept = units && left.get(units.layer)
  if (!units || !kept) return Array.from({ length: size }, (_, i) => i)
  // As rows of units: a tensor that is left by them is a single row.
  const rows = units.side === 'enters' ? size / (shape.at(-1) ?? 1) : 1
  const run = size / rows / units.count
  return Array.from({ length: rows }, (_, row) =>
    kept.flatMap((unit) => Array.from({ length: run }, (_, i) => (row * units.count + unit) * run + i)),
  ).flat()
}

interface Packed {
  readonly weights: Float32Array
  readonly mask: Uint32Array
}

function copy(source: Packed, from: Placed, place: number, target: Packed, to: Placed, i: number): void {
  const [a, b] = [from.offset + place, to.offset + i]
  const kept = !from.prunable || bit(source.mask, a)
  target.weights[b] = kept ? (source.weights[a] ?? 0) : 0
  if (from.prunable && kept) setBit(target.mask, b, true)
}
