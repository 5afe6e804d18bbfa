import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { placeTensors, type Placed } from '../../src/core/layout'
import { allocate } from '../../src/core/scope'
import { encode, workgroups, createKernel } from '../../src/gpu/kernel'
import { storageBuffer, write } from '../../src/gpu/buffers'
import { Readback } from '../../src/gpu/readback'
import { createSelection } from '../../src/gpu/selection'
import { lehmer, testDevice } from '../../src/gpu/testing'
import { member as memberKernel } from '..'
import { bit } from '../../src/core/bits'
import { bitsOf } from '../fixtures'
import { member, positiveMembers } from './mask'
import { prunedScore } from '../formula/score'
import { digits, select, selectionTables, type SelectionTables } from './select'
import { chunkTable } from '../parts/tiles'

/** A layout of prunable tensors with these sizes. */
function layoutOf(...sizes: number[]) {
  return placeTensors(
    sizes.map((size, i) => ({
      name: `t${i}`,
      shape: [size],
      init: { kind: 'constant', value: 0 },
      prunable: true,
      decay: true,
    })),
  )
}

/** Thresholds and member bits from the GPU; the dispatches run twice, so that leftovers of the first run would show. */
async function onGpu(scores: Uint32Array, tables: SelectionTables, entryPoint = 'main') {
  const device = await testDevice()
  const selection = await createSelection(device, tables)
  const buffer = await storageBuffer(device, 'scores', scores.byteLength)
  const members = await storageBuffer(device, 'members', tables.tiles.length * 8)
  write(device, buffer, scores)
  const kernel = await createKernel(device, 'member', memberKernel, { entryPoint })
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  const dispatches = selection.dispatches(buffer)
  const mark = kernel.bind(
    { scores: buffer, tiles: selection.tiles, thresholds: selection.thresholds, members },
    workgroups(tables.tiles.length * 2, 256),
  )
  encode(pass, [...dispatches, ...dispatches, mark])
  pass.end()
  device.queue.submit([encoder.finish()])
  const readback = new Readback(device)
  const result = {
    thresholds: new Uint32Array(await readback.read(selection.thresholds, 0, tables.kept.length * 8)),
    members: new Uint32Array(await readback.read(members, 0, tables.tiles.length * 8)),
  }
  readback.dispose()
  selection.dispose()
  return result
}

function onTwin(scores: Uint32Array, tables: SelectionTables) {
  const thresholds = select(scores, tables)
  const members = new Uint32Array(tables.tiles.length * 2)
  member({ scores, tiles: tables.tiles, thresholds }, members)
  return { thresholds, members }
}

/**
 * Indices that a sort keeps: best score first, NaN last, equal scores by index; pruned ones come after NaN and are
 * never members.
 */
function sorted(scores: Uint32Array, groups: ReturnType<typeof allocate>): number[] {
  const values = new Float32Array(scores.buffer)
  const level = (i: number) => (scores[i] === prunedScore ? 2 : Number.isNaN(values[i]) ? 1 : 0)
  return groups
    .flatMap(({ tensors, kept }) => {
      const indices = tensors.flatMap((t) => Array.from({ length: t.size }, (_, i) => t.offset + i))
      return indices
        .sort(
          (a, b) =>
            level(a) - level(b)
            || (level(a) ? 0 : values[b]! > values[a]! ? 1 : values[b]! < values[a]! ? -1 : 0)
            || a - b,
        )
        .slice(0, kept)
    })
    .filter((i) => scores[i] !== prunedScore)
    .sort((a, b) => a - b)
}

function indicesOf(members: Uint32Array): number[] {
  return Array.from({ length: members.length * 32 }, (_, i) => i).filter((i) => bit(members, i))
}

async function check(scores: Uint32Array, layout: ReturnType<typeof layoutOf>, groups: ReturnType<typeof allocate>) {
  const tables = selectionTables(layout, groups)
  const expected = sorted(scores, groups)
  expect(indicesOf(onTwin(scores, tables).members), 'twin').toEqual(expected)
  const gpu = await onGpu(scores, tables)
  expect(indicesOf(gpu.members), 'kernel').toEqual(expected)
}

const kinds: Record<string, (i: number, random: () => number) => number> = {
  random: (_, random) => random(),
  'all equal': () => 0.25,
  'all zero': () => 0,
  'two values': (_, random) => (random() < 0.5 ? 1 : 2),
  'zeros of both signs': (i) => (i % 2 ? 0 : -0),
  negative: (_, random) => -Math.abs(random()) * 1e-30,
  'infinities and NaN': (i, random) => [Infinity, -Infinity, Number.NaN, random(), -0, 3.4e38][i % 6]!,
  denormal: (i) => (i % 7) * 1e-45,
}

describe.each(Object.entries(kinds))('%s', (_, value) => {
  test.each([
    ['one tensor of 1', [1], 0.5],
    ['one of 63', [63], 0.5],
    ['several, none a multiple of 64', [65, 1, 130, 4099, 63], 0.9],
    ['one just past a workgroup', [4097, 255], 0.01],
  ] as const)('%s', async (_, sizes, sparsity) => {
    const layout = layoutOf(...sizes)
    const random = lehmer(7)
    const scores = bitsOf(Float32Array.from({ length: layout.prunableLength }, (_, i) => value(i, random)))
    for (const scope of ['global', 'layer'] as const) await check(scores, layout, allocate(layout, scope, sparsity))
  })
})

test('many ties: 1000 of 4099 equal scores are kept, the first ones, padding never', async () => {
  const layout = layoutOf(100, 3999)
  const scores = bitsOf(new Float32Array(layout.prunableLength).fill(1))
  const groups = [{ tensors: layout.prunable, kept: 1000 }]
  const { members } = await onGpu(scores, selectionTables(layout, groups))
  // 100 of the first tensor at 0..99; its padding is 100..127; then 900 of the second from 128.
  expect(indicesOf(members)).toEqual([...Array(100).keys(), ...Array.from({ length: 900 }, (_, i) => 128 + i)])
})

test('ties in the second chunk of a group: the last kept one is found there', async () => {
  // 256 tiles are a chunk, 16384 weights. Every third weight ties; there are 5462 ties in the first chunk, so the
  // 6000th is in the second.
  const layout = layoutOf(20_001)
  const scores = bitsOf(Float32Array.from({ length: layout.prunableLength }, (_, i) => (i % 3 === 0 ? 1 : 0)))
  await check(scores, layout, [{ tensors: layout.prunable, kept: 6000 }])
  const { thresholds } = await onGpu(scores, selectionTables(layout, [{ tensors: layout.prunable, kept: 6000 }]))
  expect(thresholds[1]).toBe(5999 * 3)
})

test('keeping nothing and keeping everything', async () => {
  const layout = layoutOf(70, 5)
  const scores = bitsOf(Float32Array.from({ length: layout.prunableLength }, (_, i) => (i % 3 ? i : Number.NaN)))
  for (const kept of [0, 1, 74, 75, 1000]) {
    const tables = selectionTables(layout, [{ tensors: layout.prunable, kept }])
    const [gpu, twin] = [await onGpu(scores, tables), onTwin(scores, tables)]
    expect(indicesOf(gpu.members).length).toBe(Math.min(kept, 75))
    expect(gpu.members).toEqual(twin.members)
  }
})

test('scores that are NaN rank last but above pruned weights, which are never members', async () => {
  const layout = layoutOf(4)
  const scores = bitsOf([0, Number.NaN, -Infinity, 0].concat(Array(60).fill(0)))
  scores[0] = prunedScore
  for (const [kept, expected] of [
    [1, [3]],
    [2, [2, 3]],
    [3, [1, 2, 3]],
    [4, [1, 2, 3]],
  ] as const) {
    const tables = selectionTables(layout, [{ tensors: layout.prunable, kept }])
    expect(indicesOf((await onGpu(scores, tables)).members)).toEqual(expected)
    expect(indicesOf(onTwin(scores, tables).members)).toEqual(expected)
  }
})

test('kernel and twin agree with a sort on any scores and sizes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
      fc.array(
        fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(prunedScore, 0x7fc00000, 0x80000000, 0)),
        { minLength: 1, maxLength: 20 },
      ),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      fc.constantFrom('global', 'layer', 'erk'),
      async (sizes, palette, sparsity, scope) => {
        const layout = layoutOf(...sizes)
        const scores = Uint32Array.from({ length: layout.prunableLength }, (_, i) => palette[(i * 7) % palette.length]!)
        await check(scores, layout, allocate(layout, scope, sparsity))
      },
    ),
    { numRuns: 25 },
  )
}, 30_000)

test('five dispatches, for 100 tensors as for one, and counts can change between them', async () => {
  // Tensors of 1, 8, 15, ... weights; half, then a tenth of each is kept.
  const layout = layoutOf(...Array.from({ length: 100 }, (_, i) => 1 + 7 * i))
  const random = lehmer(3)
  const scores = bitsOf(Float32Array.from({ length: layout.prunableLength }, () => Math.round(random() * 20)))
  const selection = await createSelection(await testDevice(), selectionTables(layout, allocate(layout, 'layer', 0.5)))
  expect(selection.dispatches(selection.tiles).length).toBe(5)
  selection.dispose()
  for (const sparsity of [0.5, 0.9]) await check(scores, layout, allocate(layout, 'layer', sparsity))
})

test('groups of tensors that alternate, and tensors in no group', async () => {
  const layout = layoutOf(70, 300, 64, 129, 5000)
  const [a, b, c, d, e] = layout.prunable as [Placed, Placed, Placed, Placed, Placed]
  const groups = [
    { tensors: [a, c, e], kept: 2000 },
    { tensors: [d], kept: 129 },
  ]
  const scores = bitsOf(Float32Array.from({ length: layout.prunableLength }, (_, i) => i % 3))
  await check(scores, layout, groups)
  const { members } = await onGpu(scores, selectionTables(layout, groups))
  expect(indicesOf(members).filter((i) => i >= b.offset && i < b.offset + b.size)).toEqual([])
})

test('digits cover every bit of a key once', () => {
  expect(digits.reduce((sum, d) => sum + d.last * 2 ** d.shift, 0)).toBe(2 ** 32 - 1)
  for (const d of digits) expect(d.above).toBe(2 ** 32 - (d.last + 1) * 2 ** d.shift)
})

describe('chunks', () => {
  test('by hand: a tensor of 300 tiles is cut at 256, the next tensor starts its own', () => {
    // 300 tiles of tensor 0, then 1 of tensor 1, each a group.
    const layout = layoutOf(300 * 64, 10)
    const { tiles } = selectionTables(layout, allocate(layout, 'layer', 0.5))
    expect(chunkTable(tiles, 2)).toEqual({
      chunks: Uint32Array.of(0, 256, 0, 0, 256, 300, 0, 1, 300, 301, 1, 0),
      spans: [
        [0, 2],
        [2, 3],
      ],
    })
  })

  test('a model of 16.8 million weights has 256 of them', () => {
    const tiles = new Uint32Array(2 ** 18).fill(64)
    const { chunks, spans } = chunkTable(tiles, 1)
    expect([chunks.length / 4, spans]).toEqual([256, [[0, 256]]])
  })

  test('tiles of no group are in none', () => {
    expect(chunkTable(Uint32Array.of(64, 0, 0, 3), 1).chunks).toEqual(Uint32Array.of(0, 1, 0, 0, 3, 4, 0, 1))
  })
})

test('where only positive scores count, the best are fewer than the group keeps', async () => {
  const layout = layoutOf(70)
  // Six of 70 may stay; 2, 1 and the smallest denormal are above 0, then come zeros of either sign, -1 and NaN.
  const scores = new Uint32Array(128)
  const values = new Float32Array(scores.buffer).fill(-1, 0, 70)
  values.set([0, -0, 1, NaN, 0], 30)
  values[69] = 2
  scores[64] = 1
  const tables = selectionTables(layout, [{ tensors: layout.prunable, kept: 6 }])
  const members = new Uint32Array(4)
  positiveMembers({ scores, tiles: tables.tiles, thresholds: select(scores, tables) }, members)
  expect(indicesOf(members)).toEqual([32, 64, 69])
  expect(indicesOf((await onGpu(scores, tables, 'positive')).members)).toEqual([32, 64, 69])
  expect(indicesOf((await onGpu(scores, tables)).members)).toEqual([30, 31, 32, 34, 64, 69])
})
