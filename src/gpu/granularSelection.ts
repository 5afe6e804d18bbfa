import { columnTable } from '../../shaders/select/columnBest'
import type { UnitScore, UnitTables } from '../../shaders/select/units'
import { groupPlaces, ratioStruct, type MatrixPlace } from '../../shaders/select/nOfM'
import { everyScore, type SelectionTables } from '../../shaders/select/select'
import * as shaders from '../../shaders'
import { storageBuffer, uniformBuffer, write } from './buffers'
import { createKernel, workgroups } from './kernel'
import { createSelection, type Selection } from './selection'

/** Marks the best of every group of N:M as kept, then selects: what N:M keeps is kept whatever the counts are. */
export async function createGroupSelection(
  device: GPUDevice,
  tables: SelectionTables,
  ratio: { readonly keep: number; readonly of: number },
  tensors: readonly MatrixPlace[],
): Promise<Selection> {
  const table = groupPlaces(tensors, ratio.of)
  const [inner, kernel, uniform, places] = await Promise.all([
    createSelection(device, tables),
    createKernel(device, 'nOfM', shaders.nOfM),
    uniformBuffer(device, 'ratio', ratioStruct.bytes),
    storageBuffer(device, 'places', table.byteLength),
  ])
  write(device, uniform, ratioStruct.write({ keep: ratio.keep, among: ratio.of }))
  write(device, places, table)
  return {
    ...inner,
    dispatches: (scores) => [
      kernel.bind({ ratio: uniform, places, scores }, workgroups(table.length / 4, 1)),
      ...inner.dispatches(scores),
    ],
    dispose: () => {
      inner.dispose()
      for (const buffer of [uniform, places]) buffer.destroy()
    },
  }
}

/**
 * Marks the best of every output as kept, then selects: all outputs of a matrix keep the same number of weights, or one
 * more.
 */
export async function createOutputSelection(
  device: GPUDevice,
  tables: SelectionTables,
  matrices: readonly MatrixPlace[],
): Promise<Selection> {
  const table = columnTable(matrices, tables.kept)
  const [inner, kernel, columns] = await Promise.all([
    createSelection(device, tables),
    createKernel(device, 'columnBest', shaders.columnBest),
    storageBuffer(device, 'columns', table.byteLength),
  ])
  write(device, columns, table)
  return {
    ...inner,
    keep(kept) {
      inner.keep(kept)
      write(device, columns, columnTable(matrices, kept))
    },
    dispatches: (scores) => [
      kernel.bind({ columns, scores }, workgroups(table.length / 4, 64)),
      ...inner.dispatches(scores),
    ],
    dispose: () => {
      inner.dispose()
      columns.destroy()
    },
  }
}

/** Units as a layout with tables, and how they are scored. */
export interface UnitChoice extends UnitTables {
  readonly score: UnitScore
  /** Of the groups that units are ranked in. */
  readonly selection: SelectionTables
  /** The `tiles` of single weights. */
  readonly tiles: Uint32Array<ArrayBuffer>
}

/**
 * Selects whole units by the same exact selection, over their scores; then marks every weight as its unit is. No wait
 * for the device.
 */
export async function createUnitSelection(device: GPUDevice, choice: UnitChoice): Promise<Selection> {
  const [scoring, best, member, spread, inner, buffers] = await Promise.all([
    createKernel(device, 'unitScores', shaders.unitScores, { entryPoint: choice.score }),
    createKernel(device, 'unitBest', shaders.unitBest),
    createKernel(device, 'member', shaders.member),
    createKernel(device, 'unitSpread', shaders.unitSpread),
    createSelection(device, choice.selection),
    unitBuffers(device, choice),
  ])
  const { spans, units, layers, unitScores, members, tiles, thresholds } = buffers
  const count = choice.table.length / 4
  const everyUnit = workgroups(count, 1)
  return {
    tiles,
    thresholds,
    keep: (kept) => {
      inner.keep(kept)
    },
    dispatches: (scores) => [
      scoring.bind({ spans, units, scores, unitScores }, everyUnit),
      best.bind({ layers, unitScores }, [choice.layers.length / 2]),
      ...inner.dispatches(unitScores),
      member.bind(
        { scores: unitScores, tiles: inner.tiles, thresholds: inner.thresholds, members },
        workgroups(count / 32, 256),
      ),
      spread.bind({ spans, units, members, scores }, everyUnit),
    ],
    dispose: () => {
      inner.dispose()
      for (const buffer of Object.values(buffers)) buffer.destroy()
    },
  }
}

async function unitBuffers(device: GPUDevice, { spans, table, layers, tiles }: UnitChoice) {
  const filled = async (label: string, data: Uint32Array<ArrayBuffer>) => {
    const buffer = await storageBuffer(device, label, data.byteLength)
    write(device, buffer, data)
    return buffer
  }
  return {
    spans: await filled('spans', Uint32Array.from(spans)),
    units: await filled('units', Uint32Array.from(table)),
    layers: await filled('layers', Uint32Array.from(layers)),
    tiles: await filled('tiles', tiles),
    thresholds: await filled('thresholds', everyScore()),
    unitScores: await storageBuffer(device, 'unitScores', table.length),
    members: await storageBuffer(device, 'members', table.length / 32),
  }
}
