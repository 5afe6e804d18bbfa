/** Exact selection of what a method ranks - weights, N of M, units - on either device. */
import { candidatesOf, type Candidates } from '../core/candidates'
import type { Choice } from '../core/experiment'
import type { Layout } from '../core/layout'
import type { Group } from '../core/scope'
import { plugin } from '../config/registries'
import { member } from '../../shaders/mask'
import { nOfM } from '../../shaders/nOfM'
import { everyScore, select, selectionTables } from '../../shaders/select'
import { tileTable } from '../../shaders/tiles'
import { unitBest, unitScores, unitSpread } from '../../shaders/units'
import { createGroupSelection, createUnitSelection } from '../gpu/granularSelection'
import { createSelection, type Selection } from '../gpu/selection'

/** What the method of an experiment ranks. @throws Problem when the model has no such units */
export function candidatesFor({ id, values }: Choice, layout: Layout): Candidates {
  return candidatesOf(layout, plugin('method', id).granularity?.(values))
}

/** The dispatches that turn scores of weights into thresholds on them. @param groups as `candidates.groups` makes them */
export function selectionOf(device: GPUDevice, layout: Layout, { units, ratio }: Candidates, groups: readonly Group[]): Promise<Selection> {
  if (units) {
    return createUnitSelection(device, { ...units, selection: selectionTables(units.layout, groups), tiles: oneGroup(layout) })
  }
  const tables = selectionTables(layout, groups)
  return ratio ? createGroupSelection(device, tables, ratio, layout.prunable) : createSelection(device, tables)
}

/** Twin: thresholds on scores, which N:M and units mark. @param scores float32 scores as bits */
export function chosen(
  scores: Uint32Array, layout: Layout, { units, ratio }: Candidates, groups: readonly Group[],
): { readonly tiles: Uint32Array; readonly thresholds: Uint32Array } {
  if (!units) {
    if (ratio) nOfM(scores, layout.prunable, ratio)
    const tables = selectionTables(layout, groups)
    return { tiles: tables.tiles, thresholds: select(scores, tables) }
  }
  const ranked = unitScores(scores, units, units.score)
  unitBest(ranked, units)
  const tables = selectionTables(units.layout, groups)
  const members = new Uint32Array(ranked.length / 32)
  member({ scores: ranked, tiles: tables.tiles, thresholds: select(ranked, tables) }, members)
  unitSpread(scores, units, members)
  return { tiles: oneGroup(layout), thresholds: everyScore() }
}

function oneGroup(layout: Layout): Uint32Array<ArrayBuffer> {
  return tileTable(layout.prunableLength, [layout.prunable])
}
