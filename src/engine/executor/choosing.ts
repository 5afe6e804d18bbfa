/** Exact selection of what a method ranks - weights, N of M, units - on either device. */
import { candidatesOf, type Candidates } from '../../core/candidates'
import type { Layout } from '../../core/layout'
import type { Group } from '../../core/scope'
import { columnBest, columnTable } from '../../../shaders/select/columnBest'
import { member } from '../../../shaders/select/mask'
import { nOfM } from '../../../shaders/select/nOfM'
import { everyScore, select, selectionTables } from '../../../shaders/select/select'
import { tileTable } from '../../../shaders/parts/tiles'
import { unitBest, unitScores, unitSpread } from '../../../shaders/select/units'
import { createGroupSelection, createOutputSelection, createUnitSelection } from '../../gpu/granularSelection'
import { createSelection, type Selection } from '../../gpu/selection'
import type { Blueprint } from './blueprint'

/** What the method of a run ranks. @throws Problem when the model has no such units */
export function candidatesFor({ pruning, layout }: Pick<Blueprint, 'pruning' | 'layout'>): Candidates {
  return { ...candidatesOf(layout, pruning.granularity), byOutput: pruning.scope === 'output' }
}

/**
 * The dispatches that turn scores of weights into thresholds on them. @param groups as `candidates.groups` makes them
 */
export function selectionOf(
  device: GPUDevice,
  layout: Layout,
  { units, ratio, byOutput }: Candidates,
  groups: readonly Group[],
): Promise<Selection> {
  if (units) {
    return createUnitSelection(device, {
      ...units,
      selection: selectionTables(units.layout, groups),
      tiles: oneGroup(layout),
    })
  }
  const tables = selectionTables(layout, groups)
  if (byOutput) return createOutputSelection(device, tables, layout.prunable)
  return ratio ? createGroupSelection(device, tables, ratio, layout.prunable) : createSelection(device, tables)
}

/**
 * Twin: thresholds on scores, which N:M and units mark. @param scores float32 scores as bits
 * @param selectFrom the twin of the selection, or what gives the same
 */
export function chosen(
  scores: Uint32Array,
  layout: Layout,
  { units, ratio, byOutput }: Candidates,
  groups: readonly Group[],
  selectFrom = select,
): { readonly tiles: Uint32Array; readonly thresholds: Uint32Array } {
  if (!units) {
    if (ratio) nOfM(scores, layout.prunable, ratio)
    const tables = selectionTables(layout, groups)
    if (byOutput) columnBest(scores, columnTable(layout.prunable, tables.kept))
    return { tiles: tables.tiles, thresholds: selectFrom(scores, tables) }
  }
  const ranked = unitScores(scores, units, units.score)
  unitBest(ranked, units)
  const tables = selectionTables(units.layout, groups)
  const members = new Uint32Array(ranked.length / 32)
  member({ scores: ranked, tiles: tables.tiles, thresholds: select(ranked, tables) }, members)
  unitSpread(scores, units, members)
  return { tiles: oneGroup(layout), thresholds: everyScore() }
}

/** Tensors that share a budget where single weights are ranked; counts come with each mask change. */
export function groupsOf({ pruning, layout }: Pick<Blueprint, 'pruning' | 'layout'>): Group[] {
  return pruning.scope === 'global'
    ? [{ tensors: layout.prunable, kept: 0 }]
    : layout.prunable.map((t) => ({ tensors: [t], kept: 0 }))
}

function oneGroup(layout: Layout): Uint32Array<ArrayBuffer> {
  return tileTable(layout.prunableLength, [layout.prunable])
}
