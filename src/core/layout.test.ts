import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alignment, placeTensors } from './layout'
import type { TensorSpec } from './model'

const spec = (name: string, shape: number[], prunable: boolean, decay: boolean): TensorSpec => ({
  name,
  shape,
  init: { kind: 'constant', value: 0 },
  prunable,
  decay,
})

describe('placeTensors', () => {
  it('puts prunable tensors first, then decaying ones, then the rest', () => {
    const layout = placeTensors([
      spec('bias', [10], false, false),
      spec('matrix', [10, 10], true, true),
      spec('head', [3, 5], false, true),
      spec('second', [8, 8], true, true),
    ])
    // matrix: 100 floats in 128; second: 64 in 64; head: 15 in 64; bias: 10 in 64.
    expect(layout.tensors.map((t) => [t.name, t.offset, t.size])).toEqual([
      ['matrix', 0, 100],
      ['second', 128, 64],
      ['head', 192, 15],
      ['bias', 256, 10],
    ])
    expect(layout).toMatchObject({
      prunableLength: 192,
      decayLength: 256,
      length: 320,
      prunableCount: 164,
      parameterCount: 189,
    })
  })

  it('has no prunable or decaying part where there is nothing of the kind', () => {
    expect(placeTensors([spec('bias', [10], false, false)])).toMatchObject({
      prunableLength: 0,
      decayLength: 0,
      length: 64,
    })
    expect(placeTensors([])).toMatchObject({ length: 0, parameterCount: 0 })
  })

  it('counts a prunable tensor that does not decay into the decaying part, which comes before the rest', () => {
    expect(placeTensors([spec('odd', [5], true, false), spec('bias', [5], false, false)])).toMatchObject({
      prunableLength: 64,
      decayLength: 64,
    })
  })

  it('leaves no gap and no overlap, every tensor aligned', () => {
    const tensor = fc.record({
      name: fc.string(),
      shape: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
      init: fc.constant({ kind: 'constant', value: 0 } as const),
      prunable: fc.boolean(),
      decay: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(tensor, { maxLength: 12 }), (specs) => {
        const layout = placeTensors(specs)
        let end = 0
        for (const t of layout.tensors) {
          expect(t.offset).toBe(end)
          expect(t.offset % alignment).toBe(0)
          end = t.offset + Math.ceil(t.size / alignment) * alignment
        }
        expect(layout.length).toBe(end)
        expect(layout.prunable.every((t) => t.offset + t.size <= layout.prunableLength)).toBe(true)
      }),
    )
  })
})
