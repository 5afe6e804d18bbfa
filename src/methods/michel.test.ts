import { describe, expect, it } from 'vitest'
import { bit } from '../core/bits'
import { maskOf, type Cut, type CutView } from '../core/cut'
import { defaults } from '../core/knob'
import { placeTensors } from '../core/layout'
import { unitsOf } from '../core/units'
import { blockTensors } from '../models/blocks'
import { michel } from './michel'

// Width 2 in two heads of 1, two neurons: in each block a head has 2 + 2 + 2 weights in and 2 out, a neuron 2 in and 2
// out.
const layout = placeTensors(
  ['block0', 'block1'].flatMap((name) => blockTensors(name, { width: 2, heads: 2, ratio: 1 })),
)
const whole = maskOf(layout, () => true)

/** Cuts to `kept` units of all layers together; `answers` are the importances of each round, by layer. */
async function cut(
  unit: 'head' | 'neuron',
  kept: number,
  knobs: Record<string, unknown>,
  answers: readonly (readonly number[])[][],
  mask = whole,
) {
  const units = unitsOf(layout, { kind: unit, score: 'gate' })
  const asked: Cut[] = []
  const view: CutView = {
    layout,
    mask,
    units,
    weights: new Float32Array(layout.length),
    groups: [{ tensors: units.layout.prunable, kept }],
    batch: 8,
    rest: () => Promise.resolve(),
    seed: 1,
    step: 0,
    inputs: () => Promise.reject(new TypeError()),
    quality: () => Promise.reject(new TypeError()),
    controlGates: () => Promise.reject(new TypeError()),
    gradients: () => Promise.reject(new TypeError()),
    gateGradients(_batches, behind) {
      const answer = answers[asked.length] ?? []
      asked.push(behind)
      return Promise.resolve(
        new Map(units.layout.prunable.map(({ name }, i) => [name, Float64Array.from(answer[i] ?? [])])),
      )
    },
  }
  const left = await michel.cut!(view, { ...defaults(michel.knobs), unit, ...knobs })
  const alive = (of: Uint32Array) =>
    units.layout.prunable.map(({ offset, size }) =>
      Array.from({ length: size }, (_, i) => {
        const spans = units.spans.subarray(4 * units.table[4 * (offset + i)]!, 4 * units.table[4 * (offset + i) + 2]!)
        const bits = Array.from({ length: spans.length / 4 }, (_, s) => spans.subarray(4 * s, 4 * s + 4)).flatMap(
          ([start = 0, rows = 0, stride = 0, columns = 0]) =>
            Array.from({ length: rows * columns }, (_, k) =>
              bit(of, start + Math.floor(k / columns) * stride + (k % columns)),
            ),
        )
        expect(new Set(bits).size, 'a unit is whole or gone').toBe(1)
        return bits[0]
      }),
    )
  return { units: alive(left.mask), rounds: asked.map((behind) => alive(behind.mask)) }
}

describe('Michel importance', () => {
  it('cuts the head that examples want least; its bias reaches nothing, as the rows it leaves by are 0', async () => {
    // Not normalised, 0.2 of the second block is the least.
    const found = await cut('head', 3, { normalise: false }, [
      [
        [0.4, 0.3],
        [0.2, 0.9],
      ],
    ])
    expect(found.units).toEqual([
      [true, true],
      [false, true],
    ])
  })

  it('by norms of layers: 0.3 of (0.4, 0.3) is 0.6, 2 of (2, 8) is 0.24', async () => {
    // Norms 0.5 and sqrt(68) = 8.246: shares 0.8, 0.6 and 0.243, 0.970.
    expect(
      (
        await cut('neuron', 3, { normalise: true }, [
          [
            [0.4, 0.3],
            [2, 8],
          ],
        ])
      ).units,
    ).toEqual([
      [true, true],
      [false, true],
    ])
    expect(
      (
        await cut('neuron', 3, { normalise: false }, [
          [
            [0.4, 0.3],
            [2, 8],
          ],
        ])
      ).units,
    ).toEqual([
      [true, false],
      [true, true],
    ])
  })

  it('asks again after every tenth: of 4 units one at a time', async () => {
    // Round 1 cuts (1, 0). Then (0, 1), which looked better than (0, 0), has become the least.
    const found = await cut('head', 2, { normalise: false, stride: 0.25 }, [
      [
        [0.3, 0.4],
        [0.1, 0.9],
      ],
      [
        [0.5, 0.2],
        [0, 0.9],
      ],
    ])
    expect(found.rounds).toEqual([
      [
        [true, true],
        [true, true],
      ],
      [
        [true, true],
        [false, true],
      ],
    ])
    expect(found.units).toEqual([
      [true, false],
      [false, true],
    ])
  })

  it('all at once goes by the first answer', async () => {
    const found = await cut('head', 2, { normalise: false, stride: 1 }, [
      [
        [0.3, 0.4],
        [0.1, 0.9],
      ],
    ])
    expect([found.rounds.length, found.units]).toEqual([
      1,
      [
        [false, true],
        [false, true],
      ],
    ])
  })

  it('keeps a unit of every layer, ties to the first, and none that is cut comes back', async () => {
    expect(
      (
        await cut('head', 2, { normalise: false, stride: 1 }, [
          [
            [0, 0],
            [5, 6],
          ],
        ])
      ).units,
    ).toEqual([
      [true, false],
      [false, true],
    ])
    const before = await cut('neuron', 3, { normalise: false }, [
      [
        [1, 2],
        [3, 4],
      ],
    ])
    expect(before.units).toEqual([
      [false, true],
      [true, true],
    ])
    const units = unitsOf(layout, { kind: 'neuron', score: 'gate' })
    const mask = maskOf(layout, (i) => {
      const first = units.spans.subarray(0, 4 * units.table[2]!)
      return !Array.from({ length: first.length / 4 }, (_, s) => [...first.subarray(4 * s, 4 * s + 4)]).some(
        ([start = 0, rows = 0, stride = 0, columns = 0]) =>
          Array.from(
            { length: rows * columns },
            (_, k) => start + Math.floor(k / columns) * stride + (k % columns),
          ).includes(i),
      )
    })
    expect(
      (
        await cut(
          'neuron',
          2,
          { normalise: false },
          [
            [
              [9, 2],
              [3, 4],
            ],
          ],
          mask,
        )
      ).units,
    ).toEqual([
      [false, true],
      [false, true],
    ])
  })
})
