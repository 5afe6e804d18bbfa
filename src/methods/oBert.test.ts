import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openTensorFile } from '../cli/trace'
import { bit } from '../core/bits'
import { maskOf, type Cut, type CutView } from '../core/cut'
import { defaults } from '../core/knob'
import { placeTensors, type Layout } from '../core/layout'
import { expectClose } from '../gpu/testing'
import { addGradient, diagonalOf, freshFisher, timesInverse } from '../maths/blockFisher'
import { oBert } from './oBert'
import { flat } from './testing/handWorked'

const never = () => Promise.reject(new Error('oBERT reads gradients alone.'))

interface Given {
  readonly layout: Layout
  readonly weights: Float32Array<ArrayBuffer>
  readonly mask: Uint32Array<ArrayBuffer>
  readonly kept: number
  /** By batch, then by matrix. */
  readonly gradients: readonly (readonly Float32Array[])[]
  readonly knobs: Partial<ReturnType<typeof defaults<typeof oBert.knobs>>>
}

/** What oBERT makes of weights whose gradients are given. */
async function cutOf({
  layout,
  weights,
  mask,
  kept,
  gradients,
  knobs,
}: Given): Promise<Required<Omit<Cut, 'note' | 'idle'>>> {
  const view: CutView = {
    layout,
    weights,
    mask,
    groups: [{ tensors: layout.prunable, kept }],
    seed: 1,
    step: 0,
    batch: 8,
    rest: () => Promise.resolve(),
    gradients(batches, take) {
      for (const parts of gradients.slice(0, batches)) parts.forEach((part, i) => take(layout.prunable[i]!.name, part))
      return Promise.resolve()
    },
    inputs: never,
    gateGradients: never,
    controlGates: never,
    quality: never,
  }
  const cut = await oBert.cut!(view, { ...defaults(oBert.knobs), batches: gradients.length, ...knobs })
  return { mask: cut.mask, weights: cut.weights! }
}

const matrices = (shapes: readonly (readonly [number, number])[], names: readonly string[]) =>
  placeTensors(
    shapes.map((shape, i) => ({
      name: names[i]!,
      shape,
      init: { kind: 'constant', value: 0 },
      prunable: true,
      decay: true,
    })),
  )

describe('the inverse of a Fisher matrix in blocks', () => {
  it('by hand: one gradient of two weights, damping 1', () => {
    // F = I + g g^T with g = (1, 2): ((2, 2), (2, 5)), its inverse ((5, -2), (-2, 2)) / 6.
    const fisher = freshFisher(2, 2, 1, 1)
    addGradient(fisher, [1, 2])
    expectClose('inverse', [...fisher.inverse], [5 / 6, -1 / 3, -1 / 3, 1 / 3], { absolute: 1e-12, relative: 0 })
    expectClose('product', [...timesInverse(fisher, Float64Array.of(3, 0))], [2.5, -1], {
      absolute: 1e-12,
      relative: 0,
    })
  })

  it('by hand: in blocks of 1 it is one over the mean square, a last block may be shorter', () => {
    const fisher = freshFisher(3, 1, 2, 0.5)
    addGradient(fisher, [1, 2, 0])
    addGradient(fisher, [1, 0, 4])
    // 0.5 + (1 + 1) / 2, 0.5 + 4 / 2, 0.5 + 16 / 2.
    const found = [0, 1, 2].map((i) => diagonalOf(fisher, i))
    expectClose('diagonal', found, [1 / 1.5, 1 / 2.5, 1 / 8.5], { absolute: 1e-12, relative: 0 })
    const wider = freshFisher(3, 2, 1, 0.5)
    addGradient(wider, [0, 0, 4])
    expect(diagonalOf(wider, 2)).toBeCloseTo(1 / 16.5, 12)
  })
})

describe('oBERT', () => {
  it('by hand: the weight that its neighbour can make up for goes, and the neighbour takes over', async () => {
    // The inverse above: scores 9 / (5/3) and 4 / (2/3), so that the first goes, though it is the larger. The second
    // loses 3 / (5/6) of -1/3.
    const layout = matrices([[2, 1]], ['a'])
    const weights = new Float32Array(layout.length)
    weights.set([3, 2])
    const cut = await cutOf({
      layout,
      weights,
      mask: maskOf(layout, () => true),
      kept: 1,
      gradients: [[Float32Array.of(1, 2)]],
      knobs: { block: 2, damping: 1 },
    })
    expect(flat(layout, cut.weights)[0]).toBe(0)
    expect(flat(layout, cut.weights)[1]).toBeCloseTo(3.2, 5)
    expect([bit(cut.mask, 0), bit(cut.mask, 1)]).toEqual([false, true])
  })

  it('agrees with PyTorch on mask and repaired weights, of two cuts after each other', async () => {
    const file = openTensorFile(join(import.meta.dirname, 'golden', 'oBert.safetensors'))
    const knobs = JSON.parse((file.metadata as { knobs: string }).knobs) as {
      block: number
      batches: number
      damping: number
    }
    const names = ['first', 'second', 'third']
    const layout = matrices(
      [
        [6, 8],
        [8, 7],
        [7, 4],
      ],
      names,
    )
    let mask = maskOf(layout, () => true)
    for (const step of [0, 1]) {
      const all = (kind: string) => names.flatMap((name) => [...file.floats(`${step}/${kind}/${name}`)])
      const expected = names.flatMap((name) => [...file.bytes(`${step}/mask/${name}`)])
      const weights = new Float32Array(layout.length)
      layout.prunable.forEach(({ name, offset }) => weights.set(file.floats(`${step}/w/${name}`), offset))
      const cut = await cutOf({
        layout,
        weights,
        mask,
        kept: expected.reduce((sum, kept) => sum + kept, 0),
        gradients: Array.from({ length: knobs.batches }, (_, i) =>
          names.map((name) => file.floats(`${step}/g${i}/${name}`)),
        ),
        knobs,
      })
      const kept = new Float32Array(layout.prunableLength).map((_, i) => Number(bit(cut.mask, i)))
      expect(flat(layout, kept), `mask ${step}`).toEqual(expected)
      expectClose(`weights ${step}`, flat(layout, cut.weights), all('after'), { absolute: 1e-6, relative: 1e-5 })
      mask = cut.mask
    }
    file.close()
  })

  it('asks for a smaller block where the inverse would not fit', async () => {
    const layout = matrices([[1024, 1024]], ['a'])
    const given = { layout, weights: new Float32Array(layout.length), mask: maskOf(layout, () => true), kept: 1 }
    await expect(cutOf({ ...given, gradients: [], knobs: { block: 256 } })).rejects.toThrow('would take')
  })
})
