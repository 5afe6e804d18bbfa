import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeTensors } from './layout'
import type { TensorSpec } from './model'
import { Problem } from './problem'
import { allocate, erkDensities, smartDensities, type Scope } from './scope'

const matrix = (name: string, rows: number, columns: number): TensorSpec => ({
  name,
  shape: [rows, columns],
  init: { kind: 'constant', value: 0 },
  prunable: true,
  decay: true,
})

const layoutOf = (...shapes: [number, number][]) => placeTensors(shapes.map(([r, c], i) => matrix(`t${i}`, r, c)))
const keptIn = (shapes: [number, number][], scope: Scope, sparsity: number, rounding?: 'floor' | 'nearest') =>
  allocate(layoutOf(...shapes), scope, sparsity, rounding).map((g) => g.kept)

describe('allocate', () => {
  it('keeps one ranking with the rounded share of all weights in scope global', () => {
    // 20 + 15 = 35 weights; 35 * (1 - 0.7) = 10.5, rounded 11, floored 10.
    expect(
      keptIn(
        [
          [4, 5],
          [3, 5],
        ],
        'global',
        0.7,
      ),
    ).toEqual([11])
    expect(
      keptIn(
        [
          [4, 5],
          [3, 5],
        ],
        'global',
        0.7,
        'floor',
      ),
    ).toEqual([10])
  })

  it('keeps the share of every tensor in scope layer, with the total of scope global', () => {
    // 20 * 0.3 = 6 and 15 * 0.3 = 4.5; the total of 10.5 is rounded to 11 or floored to 10, and the remainder .5 takes
    // the difference.
    expect(
      keptIn(
        [
          [4, 5],
          [3, 5],
        ],
        'layer',
        0.7,
      ),
    ).toEqual([6, 5])
    expect(
      keptIn(
        [
          [4, 5],
          [3, 5],
        ],
        'layer',
        0.7,
        'floor',
      ),
    ).toEqual([6, 4])
  })

  it('floors what is whole in exact arithmetic to itself', () => {
    // 1000 * (1 - 0.9) is 99.99999999999997 in doubles.
    expect(keptIn([[10, 100]], 'global', 0.9, 'floor')).toEqual([100])
  })

  it('shares an ERK budget by hand-worked densities', () => {
    // Shapes 10x10, 20x20, 40x40: 2,100 weights, sparsity 0.9 keeps 210. Raw densities (rows + columns) / size are 0.2,
    // 0.1 and 0.05, so raw counts are 20, 40 and 80, in all 140, and e = 210 / 140 = 1.5: densities 0.3, 0.15, 0.075.
    const shapes: [number, number][] = [
      [10, 10],
      [20, 20],
      [40, 40],
    ]
    erkDensities(layoutOf(...shapes).prunable, 0.9).forEach((d, i) => expect(d).toBeCloseTo([0.3, 0.15, 0.075][i]!, 12))
    expect(keptIn(shapes, 'erk', 0.9)).toEqual([30, 60, 120])
  })

  it('makes a tensor dense where ERK asks for more than all of it, and solves again for the rest', () => {
    // 2x2 and 40x40, sparsity 0.8: budget 0.2 * 1604 = 320.8. Raw counts 4 and 80: e = 320.8 / 84 = 3.82, density of
    // the first 3.82 * 1 > 1, so it is dense. Rest 316.8 over raw 80: e = 3.96, density 3.96 * 0.05 = 0.198.
    const shapes: [number, number][] = [
      [2, 2],
      [40, 40],
    ]
    erkDensities(layoutOf(...shapes).prunable, 0.8).forEach((d, i) => expect(d).toBeCloseTo([1, 0.198][i]!, 12))
    // Shares 4 and 316.8; the total rounds 320.8 to 321, and the odd weight goes to the remainder of 0.8.
    expect(keptIn(shapes, 'erk', 0.8)).toEqual([4, 317])
    expect(keptIn(shapes, 'erk', 0.8, 'floor')).toEqual([4, 316])
  })

  it('gives odd weights to the largest remainders', () => {
    // Shapes 1x4, 1x4, 1x8, sparsity 0.5: budget 8 of 16. Raw counts 5, 5, 9 (rows + columns): e = 8 / 19. Shares
    // 2.105,
    // 2.105, 3.789: floors 2, 2, 3 leave one, which goes to 0.789.
    expect(
      keptIn(
        [
          [1, 4],
          [1, 4],
          [1, 8],
        ],
        'erk',
        0.5,
      ),
    ).toEqual([2, 2, 4])
  })

  it('keeps the total when a tensor is saved from losing its last weight', () => {
    // Sizes 1, 1 and 100x100, sparsity 0.999: budget 10.002, rounded 10. Raw counts 2, 2, 200: e = 0.049, so shares are
    // 0.098, 0.098 and 9.8; the small ones keep one each, which the large one pays: 1 + 1 + 8 = 10.
    expect(
      keptIn(
        [
          [1, 1],
          [1, 1],
          [100, 100],
        ],
        'erk',
        0.999,
      ),
    ).toEqual([1, 1, 8])
  })

  it('keeps exact totals, and at least one weight a tensor, for any layout', () => {
    const side = fc.integer({ min: 1, max: 60 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(side, side), { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.constantFrom('floor', 'nearest'),
        fc.constantFrom('erk', 'layer', 'smart'),
        (shapes, sparsity, rounding, scope) => {
          const layout = layoutOf(...shapes)
          const groups = allocate(layout, scope, sparsity, rounding)
          const total = groups.reduce((sum, g) => sum + g.kept, 0)
          const asked = allocate(layout, 'global', sparsity, rounding)[0]!.kept
          expect(total).toBe(Math.max(shapes.length, asked))
          groups.forEach((g) => {
            expect(g.kept).toBeGreaterThanOrEqual(1)
            expect(g.kept).toBeLessThanOrEqual(g.tensors[0]!.size)
          })
        },
      ),
    )
  })

  it('keeps everything at sparsity 0', () => {
    for (const scope of ['global', 'layer', 'erk', 'smart'] as const) {
      expect(
        keptIn(
          [
            [4, 5],
            [3, 5],
            [1, 1],
          ],
          scope,
          0,
        ).reduce((a, b) => a + b),
      ).toBe(36)
    }
  })

  it('refuses a sparsity that no mask can have', () => {
    for (const sparsity of [1, -0.1, NaN]) expect(() => keptIn([[2, 2]], 'global', sparsity)).toThrow(Problem)
  })
})

describe('smart ratios', () => {
  const placed = (names: readonly string[], size: number) =>
    placeTensors(
      names.map((name) => ({
        name,
        shape: [size, 1],
        init: { kind: 'constant', value: 0 },
        prunable: true,
        decay: true,
      })),
    ).prunable

  it('fall with depth as q^2 + q, and the matrices of a block share one', () => {
    // Three blocks of 2 x 100 weights, raw 12, 6, 2; a tenth of 600 is kept: e = 60 / (200 * 20) = 0.015.
    const names = ['block0/a', 'block0/b', 'block1/a', 'block1/b', 'block2/a', 'block2/b']
    smartDensities(placed(names, 100), 0.9).forEach((d, i) =>
      expect(d).toBeCloseTo([0.18, 0.18, 0.09, 0.09, 0.03, 0.03][i]!, 12),
    )
  })

  it('give the surplus of a block that is full to the others', () => {
    // Two blocks of 100, raw 6 and 2, 140 kept: e = 140 / 800 = 0.175 would make the first 1.05. It is dense, 40 are
    // left for the second.
    smartDensities(placed(['block0/a', 'block1/a'], 100), 0.3).forEach((d, i) =>
      expect(d).toBeCloseTo([1, 0.4][i]!, 12),
    )
  })
})
