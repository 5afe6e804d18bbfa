import { describe, expect, it } from 'vitest'
import { compact, unitsLeft, type CompactModel } from './compact'
import { maskOf } from './cut'
import { placeTensors, type Layout } from './layout'
import { blockTensors, linearTensors } from '../models/blocks'

// An MLP of three neurons over tokens of two: in [2, 3], out [3, 2].
const neurons = { kind: 'neuron', layer: 'mlp', count: 3 } as const
const layout = placeTensors([
  ...linearTensors('in', 2, 3, true).map((t) => ({ ...t, units: { ...neurons, side: 'enters' as const } })),
  ...linearTensors('out', 3, 2, true).map((t) =>
    t.prunable ? { ...t, units: { ...neurons, side: 'leaves' as const } } : t,
  ),
])

/** Weights 1, 2, 3, ... in the order of the tensors, by name. */
function counted(of: Layout): Float32Array {
  const weights = new Float32Array(of.length)
  let next = 1
  for (const { offset, size } of of.tensors) for (let i = offset; i < offset + size; i++) weights[i] = next++
  return weights
}

function valuesOf({ layout: { tensors }, weights }: CompactModel): Record<string, number[]> {
  return Object.fromEntries(
    tensors.map(({ name, offset, size }) => [name, [...weights.subarray(offset, offset + size)]]),
  )
}

/** The mask without the weights of these tensors, counted within each. */
function without(of: Layout, cut: Record<string, readonly number[]>): Uint32Array {
  return maskOf(of, (i) => !of.prunable.some(({ name, offset }) => cut[name]?.includes(i - offset)))
}

describe('a compact MLP', () => {
  // in = [[1, 2, 3], [4, 5, 6]], out = [[7, 8], [9, 10], [11, 12]], in/bias = [13, 14, 15], out/bias = [16, 17].
  it('without neuron 1: column 1 of in with its bias, row 1 of out', () => {
    const small = compact(layout, counted(layout), without(layout, { 'in/weights': [1, 4], 'out/weights': [2, 3] }))!
    expect(valuesOf(small)).toEqual({
      'in/weights': [1, 3, 4, 6],
      'out/weights': [7, 8, 11, 12],
      'in/bias': [13, 15],
      'out/bias': [16, 17],
    })
    expect(small.layout.tensors.map(({ name, shape }) => [name, shape])).toEqual([
      ['in/weights', [2, 2]],
      ['out/weights', [2, 2]],
      ['in/bias', [2]],
      ['out/bias', [2]],
    ])
    expect(small.units).toEqual([{ kind: 'neuron', layer: 'mlp', count: 3, kept: [0, 2] }])
    expect(small.layout.prunable.map(({ units }) => units?.count)).toEqual([2, 2])
  })

  it('goes by the weights by which a neuron leaves, whatever enters it', () => {
    // Neuron 0: nothing enters, but its bias does leave. Neuron 2: all enters, nothing leaves.
    const small = compact(layout, counted(layout), without(layout, { 'in/weights': [0, 3], 'out/weights': [4, 5] }))!
    expect(small.units[0]?.kept).toEqual([0, 1])
    expect(valuesOf(small)).toEqual({
      'in/weights': [0, 2, 0, 5],
      'out/weights': [7, 8, 9, 10],
      'in/bias': [13, 14],
      'out/bias': [16, 17],
    })
    // Of [[w00, w01], [w10, w11]] the first column stays cut.
    expect(small.mask[0]).toBe(0b1010)
  })

  it('keeps a first neuron that does nothing where all are dead', () => {
    const small = compact(layout, counted(layout), without(layout, { 'out/weights': [0, 1, 2, 3, 4, 5] }))!
    expect(valuesOf(small)).toEqual({
      'in/weights': [1, 4],
      'out/weights': [0, 0],
      'in/bias': [13],
      'out/bias': [16, 17],
    })
  })

  it('is none where every neuron leaves by one weight at least', () => {
    expect(
      compact(layout, counted(layout), without(layout, { 'in/weights': [0, 1, 2, 3, 4, 5], 'out/weights': [0, 3, 4] })),
    ).toBeNull()
  })

  it('slices what a method adds to every unit, too', () => {
    const gated = placeTensors([
      ...layout.tensors,
      {
        name: 'mlp/gates',
        shape: [3],
        init: { kind: 'constant', value: 1 },
        prunable: false,
        decay: false,
        units: { ...neurons, side: 'enters' },
      },
    ])
    const weights = Float32Array.from({ length: gated.length }, () => 0)
    const { offset } = gated.tensors.find(({ name }) => name === 'mlp/gates')!
    weights.set([0.25, 0.5, 0.75], offset)
    const small = compact(gated, weights, without(gated, { 'out/weights': [0, 1] }))!
    expect(valuesOf(small)['mlp/gates']).toEqual([0.5, 0.75])
  })
})

describe('a compact transformer', () => {
  const blocks = placeTensors([0, 1].flatMap((i) => blockTensors(`block${i}`, { width: 6, heads: 3, ratio: 1 })))

  it(
    'has its own number of heads in each block: columns 2 a and 2 a + 1 of query, '
      + 'key and value and their biases, rows of output',
    () => {
      const weights = counted(blocks)
      // Head 1 of block 0: rows 2 and 3 of output, that is 12 to 23. Block 1 stays whole.
      const small = compact(
        blocks,
        weights,
        without(blocks, { 'block0/attention/output/weights': Array.from({ length: 12 }, (_, i) => 12 + i) }),
      )!
      expect(small.units.filter(({ kind }) => kind === 'head').map(({ kept }) => kept)).toEqual([
        [0, 2],
        [0, 1, 2],
      ])
      const value = valuesOf(small)
      const shapes = Object.fromEntries(small.layout.tensors.map(({ name, shape }) => [name, shape]))
      for (const part of ['query', 'key', 'value']) {
        expect(shapes[`block0/attention/${part}/weights`]).toEqual([6, 4])
        expect(shapes[`block1/attention/${part}/weights`]).toEqual([6, 6])
        const { offset } = blocks.tensors.find(({ name }) => name === `block0/attention/${part}/bias`)!
        expect(value[`block0/attention/${part}/bias`]).toEqual([0, 1, 4, 5].map((i) => weights[offset + i]))
      }
      // Query is the first tensor: row r holds 6 r + 1 to 6 r + 6.
      expect(value['block0/attention/query/weights']!.slice(0, 8)).toEqual([1, 2, 5, 6, 7, 8, 11, 12])
      expect(shapes['block0/attention/output/weights']).toEqual([4, 6])
      expect(shapes['block0/attention/output/bias']).toEqual([6])
    },
  )

  it('is as large as counts say', () => {
    // Neurons 0 to 3 of block 1 leave by rows 0 to 3 of mlp/out [6, 6]. Each has 6 weights in, a bias, 6 weights out.
    const small = compact(
      blocks,
      counted(blocks),
      without(blocks, { 'block1/mlp/out/weights': Array.from({ length: 24 }, (_, i) => i) }),
    )!
    expect(blocks.parameterCount - small.layout.parameterCount).toBe(4 * 13)
    expect(unitsLeft(small.layout, small.mask).every(({ count, kept }) => count === kept.length)).toBe(true)
    expect(compact(small.layout, small.weights, small.mask), 'and it is as small as it gets').toBeNull()
  })
})
