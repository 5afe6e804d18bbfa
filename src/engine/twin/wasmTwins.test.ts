import { beforeEach, describe, expect, it } from 'vitest'
import { freshControl } from '../../../shaders/train/norm'
import { stepSettings } from '../../../shaders/fixtures'
import { selectionTables } from '../../../shaders/select/select'
import { stepStruct, stepUniform, type Pruned } from '../../../shaders/train/step'
import type { TwinFormula, ViewSettings } from '../../../shaders/formula/view'
import type { Layout } from '../../core/layout'
import { placeTensors } from '../../core/layout'
import { expectClose, lehmer } from '../../gpu/testing'
import { createCpuArena, type CpuArena } from './cpuArena'
import { plainTwins, type Twins } from './twins'
import { WasmTwins } from './wasmTwins'

const init = { kind: 'constant', value: 0 } as const
const layout: Layout = placeTensors([
  { name: 'a', shape: [20, 31], init, prunable: true, decay: true },
  { name: 'b', shape: [64, 5], init, prunable: true, decay: true },
  { name: 'c', shape: [7, 9], init, prunable: false, decay: true },
  { name: 'd', shape: [70], init, prunable: false, decay: false },
])

/** The same numbers in both arenas; every fifth weight is pruned and some of those are 0. */
function filled(arena: CpuArena): CpuArena {
  const random = lehmer(5)
  for (const t of layout.tensors) {
    for (let i = t.offset; i < t.offset + t.size; i++) {
      arena.weights[i] = 0.1 * random()
      arena.grads[i] = 0.01 * random()
      arena.moment1[i] = 0.01 * random()
      arena.moment2[i] = i % 7 === 0 ? 0 : 1e-4 * Math.abs(random())
      if (i >= layout.prunableLength) continue
      arena.noiseMean[i] = 0.01 * Math.abs(random())
      arena.noiseSquare[i] = 1e-4 * Math.abs(random())
      arena.importance[i] = Math.abs(random())
      arena.steady[i] = Math.abs(random())
      arena.peak[i] = 1e-3 * Math.abs(random())
      arena.sensed[i] = 1e-3 * Math.abs(random())
      // Few values, so that many scores are equal.
      new Float32Array(arena.scores.buffer, arena.scores.byteOffset)[i] = Math.round(6 * random()) / 6
      if (i % 11 === 0) arena.scores[i] = 0xffffffff
      if (i % 13 === 0) arena.scores[i] = 0x7fffffff
      if (i % 17 === 0) arena.scores[i] = 0x7fc00000
      if (i % 5 === 0) arena.mask[i >>> 5]! &= ~(1 << (i & 31))
      if (i % 10 === 0) arena.weights[i] = 0
    }
  }
  return arena
}

let twins: WasmTwins
let ours: CpuArena
let plain: CpuArena
beforeEach(() => {
  twins = new WasmTwins(layout)
  ours = filled(createCpuArena(layout, 0, twins.memory))
  plain = filled(createCpuArena(layout))
})

/** Kernels round each operation to float32 and the twins the whole sum: ten roundings of 6e-8 at most. */
function expectSameArenas(): void {
  for (const [name, array] of Object.entries(plain) as [keyof CpuArena, CpuArena[keyof CpuArena]][]) {
    if (array instanceof Float32Array)
      expectClose(name, ours[name] as Float32Array, array, { absolute: 1e-7, relative: 2e-6 })
    else expect(ours[name], name).toEqual(array)
  }
}

function both(run: (twins: Twins, arena: CpuArena) => unknown): void {
  expect(run(twins, ours)).toEqual(run(plainTwins, plain))
  expectSameArenas()
}

const stepOf = (pruned: Pruned, regrows: boolean) => {
  const { length, prunableLength, decayLength } = layout
  const changes = { prunableLength, decayLength, gatesFrom: length, pruned, regrows, momentAge: 7, noiseAge: 4 }
  return stepStruct.read(stepUniform(stepSettings(length, { ...changes, step: 7, witnessed: 3, weightPace: 0.5 })))
}

const kinds = (['held', 'left', 'trained', 'free'] as const).flatMap((pruned) =>
  [false, true].map((regrows) => [pruned, regrows] as const),
)

describe.each(kinds)('pruned weights %s, regrows: %s', (pruned, regrows) => {
  const step = stepOf(pruned, regrows)

  it('adamw', () => {
    const before = ours.weights.slice()
    both((t, arena) => t.adamw(arena, step, { ...freshControl, clipFactor: 0.3 }))
    expect(ours.weights).not.toEqual(before)
  })

  it('witness', () => {
    const [steady, sensed] = [ours.steady.slice(), ours.sensed.slice()]
    both((t, arena) => t.witness(arena, step, { ...freshControl, norm: 1.7 }))
    expect(ours.steady).not.toEqual(steady)
    expect(ours.sensed).not.toEqual(sensed)
  })
})

it('adamw with gates, which stays in JavaScript', () => {
  const step = { ...stepOf('held', false), gatesFrom: layout.length - 64, gateHigh: 0.01 }
  both((t, arena) => t.adamw(arena, step, freshControl))
})

it('adamw with layers at rates of their own, of which one stays as it is', () => {
  const frozen = layout.tensors[1]!
  const ranges = [
    { end: frozen.offset, share: 0.3 },
    { end: layout.tensors[2]!.offset, share: 0 },
    { end: layout.decayLength, share: 4 },
  ]
  const kept = (arena: CpuArena) => arena.weights.slice(frozen.offset, frozen.offset + frozen.size)
  const before = kept(ours)
  both((t, arena) => t.adamw(arena, stepOf('free', false), freshControl, ranges))
  expect(kept(ours)).toEqual(before)
})

it('norm, clipped and halted', () => {
  const step = { ...stepOf('held', false), clip: 0.1 }
  both((t, arena) => t.norm(arena.grads, 1, step, freshControl, new Float32Array(2)))
  for (const arena of [ours, plain]) arena.grads[70] = NaN
  both((t, arena) => t.norm(arena.grads, 1, step, freshControl, new Float32Array(2)))
})

describe.each(['held', 'free', 'latent'] as const)('select and mask, what is cut is %s', (kind) => {
  const total = layout.prunable.reduce((sum, t) => sum + t.size, 0)
  it.each([0, 1, 17, 300, 800, total])('globally, %i kept', (kept) => {
    const tables = selectionTables(layout, [{ tensors: layout.prunable, kept }])
    both((t, arena) => {
      const thresholds = t.select(arena.scores, tables)
      t.mask({ ...arena, tiles: tables.tiles, thresholds }, freshControl, kind)
      return thresholds
    })
  })

  it('by tensor', () => {
    const tables = selectionTables(
      layout,
      layout.prunable.map((t, i) => ({ tensors: [t], kept: 100 + i })),
    )
    both((t, arena) => {
      const thresholds = t.select(arena.scores, tables)
      t.mask({ ...arena, tiles: tables.tiles, thresholds }, freshControl, kind)
      return thresholds
    })
  })
})

const scoring: ViewSettings = {
  length: layout.prunableLength,
  ranked: 'all',
  seed: 1,
  stream: 1,
  freshSeed: 1,
  noiseMeanCorrection: 1,
  noiseSquareCorrection: 1,
  age: 0,
  rate: 0,
  phase: 0,
}
const formulas: readonly TwinFormula[] = [
  { wgsl: 'x.importance', js: (x) => x.importance },
  { wgsl: 'abs(x.w)', js: (x) => Math.abs(x.w) },
  { wgsl: 'abs(x.w * x.g)', js: (x) => Math.abs(Math.fround(x.w * x.g)) },
  { wgsl: 'x.w + x.g', js: (x) => x.w + x.g },
]

describe.each(['all', 'kept', 'pruned'] as const)('scores, %s are ranked', (ranked) => {
  it.each(formulas)('$wgsl', (formula) => {
    for (const { weights, importance } of [ours, plain]) {
      weights[3] = NaN
      importance[4] = NaN
    }
    const before = ours.scores.slice()
    both((t, arena) => t.score({ ...arena, own: [] }, formula, {}, { ...scoring, ranked }, () => 0))
    expect(ours.scores).not.toEqual(before)
    const elsewhere = plain.mask.slice()
    both((t, arena) => t.score({ ...arena, mask: elsewhere, own: [] }, formula, {}, { ...scoring, ranked }, () => 0))
  })
})

const noTiles = { tiles: new Uint32Array(layout.prunableLength / 64), thresholds: new Uint32Array(2) }

it('changes nothing once halted', () => {
  const halted = { ...freshControl, halted: 1, norm: 1 }
  const before = ours.weights.slice()
  both((t, arena) => {
    t.adamw(arena, stepOf('held', false), halted)
    t.witness(arena, stepOf('held', false), halted)
    t.mask({ ...arena, ...noTiles }, halted)
  })
  expect(ours.weights).toEqual(before)
})

it('refuses arrays of another memory', () => {
  expect(() => twins.adamw(plain, stepOf('held', false), freshControl)).toThrow('outside of their memory')
  expect(() => twins.mask({ ...ours, ...noTiles, scores: plain.scores }, freshControl)).toThrow('outside')
})
