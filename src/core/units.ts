import type { UnitGranularity } from './granularity'
import { placeTensors, type Layout, type Placed } from './layout'
import { Problem } from './problem'

/** Weights of a unit in one matrix: `rows` runs of `columns` weights, `stride` apart, from flat index `start` on. */
interface Span {
  readonly start: number
  readonly rows: number
  readonly stride: number
  readonly columns: number
}

/** Units that lie side by side: the heads of one attention, the neurons of one MLP, the rows of one matrix. */
interface UnitLayer {
  readonly name: string
  readonly count: number
  /** Spans of outgoing weights of unit i come last. */
  spans(i: number): readonly Span[]
  /** How many spans hold outgoing weights. */
  readonly leaving: number
}

/**
 * The units of a model, as a layout of their own in which each layer is a tensor with a unit for a weight, and as
 * tables for kernels.
 */
export interface Units {
  readonly layout: Layout
  /** Four u32 a span: start, rows, stride, columns. */
  readonly spans: Uint32Array<ArrayBuffer>
  /**
   * Four u32 for every place of the layout: first span, first span of outgoing weights, the span after the last, and 1
   * / weights as a float32. Padding has zeros.
   */
  readonly table: Uint32Array<ArrayBuffer>
  /** Two u32 a layer: offset and size in the layout. */
  readonly layers: Uint32Array<ArrayBuffer>
  /** Weights of one unit, by layer. */
  readonly weights: readonly number[]
  readonly score: UnitGranularity['score']
}

/** @throws Problem when the model has no such units, or blocks do not divide its matrices */
export function unitsOf(layout: Layout, granularity: UnitGranularity): Units {
  const layers = layersOf(layout, granularity)
  const placed = placeTensors(
    layers.map(({ name, count }) => ({
      name,
      shape: [count],
      init: { kind: 'constant', value: 0 },
      prunable: true,
      decay: true,
    })),
  )
  const table = new Uint32Array(4 * placed.prunableLength)
  const floats = new Float32Array(table.buffer)
  const all: Span[] = []
  layers.forEach((layer, at) => {
    const { offset } = placed.prunable[at] as Placed
    for (let i = 0; i < layer.count; i++) {
      const first = all.push(...layer.spans(i)) - layer.spans(i).length
      table.set([first, all.length - layer.leaving, all.length], 4 * (offset + i))
      floats[4 * (offset + i) + 3] = 1 / sizeOf(layer)
    }
  })
  return {
    layout: placed,
    table,
    score: granularity.score,
    weights: layers.map(sizeOf),
    spans: Uint32Array.from(all.flatMap(({ start, rows, stride, columns }) => [start, rows, stride, columns])),
    layers: Uint32Array.from(placed.prunable.flatMap(({ offset, size }) => [offset, size])),
  }
}

function sizeOf(layer: UnitLayer): number {
  return layer.spans(0).reduce((sum, { rows, columns }) => sum + rows * columns, 0)
}

function layersOf(layout: Layout, { kind, side = 1 }: UnitGranularity): UnitLayer[] {
  if (kind === 'head' || kind === 'neuron') return modelLayers(layout, kind)
  if (kind === 'block') return layout.prunable.map((t) => blockLayer(t, side))
  return layout.prunable.map((t) => {
    const count = sizes(t)[kind === 'row' ? 0 : 1]
    return {
      name: t.name,
      count,
      leaving: 1,
      spans: (i) => [kind === 'row' ? rowsOf(t, count, i) : columnsOf(t, count, i)],
    }
  })
}

/** Units that reach over several matrices, which say so themselves (`TensorSpec.units`). */
function modelLayers(layout: Layout, kind: 'head' | 'neuron'): UnitLayer[] {
  const found = layout.prunable.filter((t) => t.units?.kind === kind)
  if (found.length === 0) {
    throw new Problem(
      `The model has no ${kind === 'head' ? 'attention heads' : 'MLP neurons'} that can be pruned as a whole.`,
      'Choose rows or columns, or a transformer.',
    )
  }
  return [...new Set(found.map((t) => t.units?.layer ?? ''))].map((name) => {
    const sides = (side: 'enters' | 'leaves') => found.filter((t) => t.units?.layer === name && t.units.side === side)
    const [entered, left] = [sides('enters'), sides('leaves')]
    const count = [...entered, ...left][0]?.units?.count ?? 0
    const spans = (i: number) => [
      ...entered.map((t) => columnsOf(t, count, i)),
      ...left.map((t) => rowsOf(t, count, i)),
    ]
    return { name, count, spans, leaving: left.length }
  })
}

function blockLayer(t: Placed, side: number): UnitLayer {
  const [rows, columns] = sizes(t)
  if (rows % side !== 0 || columns % side !== 0) {
    throw new Problem(
      `Blocks of ${side} x ${side} do not divide ${t.name}, which is ${rows} x ${columns}.`,
      'Choose a smaller block, or another width of the model.',
    )
  }
  const across = columns / side
  const start = (i: number) => t.offset + Math.floor(i / across) * side * columns + (i % across) * side
  return {
    name: t.name,
    count: (rows / side) * across,
    leaving: 1,
    spans: (i) => [{ start: start(i), rows: side, stride: columns, columns: side }],
  }
}

/** The i-th of `count` equal runs of rows. */
function rowsOf(t: Placed, count: number, i: number): Span {
  const columns = t.size / count
  return { start: t.offset + i * columns, rows: 1, stride: columns, columns }
}

/** The i-th of `count` equal runs of columns. */
function columnsOf(t: Placed, count: number, i: number): Span {
  const [rows, stride] = sizes(t)
  return { start: t.offset + (i * stride) / count, rows, stride, columns: stride / count }
}

function sizes({ shape: [rows = 1, columns = 1] }: Placed): [rows: number, columns: number] {
  return [rows, columns]
}
