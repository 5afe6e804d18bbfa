import { describe, expect, it } from 'vitest'
import { bit } from '../core/bits'
import { maskOf, type ControlOptions, type CutView } from '../core/cut'
import { defaults } from '../core/knob'
import { placeTensors } from '../core/layout'
import { unitsOf } from '../core/units'
import { smallVit, testSession, untilTheEnd } from '../engine/testing'
import { blockTensors } from '../models/blocks'
import { scop } from './scop'

// Width 2, three neurons: each leaves by a row of two weights.
const layout = placeTensors(blockTensors('block0', { width: 2, heads: 1, ratio: 1.5 }))
const leaving = layout.prunable.find(({ units }) => units?.kind === 'neuron' && units.side === 'leaves')!
const units = unitsOf(layout, { kind: 'neuron', score: 'sum' })

/** Which neurons stay, and what the gates were trained by. */
async function cut(rows: readonly number[], gates: readonly number[], kept: number) {
  const weights = new Float32Array(layout.length).fill(1)
  weights.set(rows, leaving.offset)
  const asked: ControlOptions[] = []
  const view: CutView = {
    layout,
    weights,
    units,
    mask: maskOf(layout, () => true),
    groups: [{ tensors: units.layout.prunable, kept }],
    seed: 1,
    step: 0,
    batch: 8,
    rest: () => Promise.resolve(),
    inputs: () => Promise.reject(new TypeError()),
    quality: () => Promise.reject(new TypeError()),
    gradients: () => Promise.reject(new TypeError()),
    gateGradients: () => Promise.reject(new TypeError()),
    controlGates: (options) => {
      asked.push(options)
      return Promise.resolve(new Map([[leaving.units!.layer, Float64Array.from(gates)]]))
    },
  }
  const { mask, weights: moved, note } = await scop.cut!(view, defaults(scop.knobs))
  return {
    stays: [0, 1, 2].map((i) => [0, 1].every((k) => bit(mask, leaving.offset + 2 * i + k))),
    asked,
    moved,
    note,
  }
}

describe('SCOP', () => {
  it('ranks neurons by (2 b - 1) times the norm of the weights by which they leave', async () => {
    // Norms 5, 1, 2. Gates 0.6, 0.9, 0.8: 0.2 * 5 = 1, 0.8 * 1 = 0.8, 0.6 * 2 = 1.2.
    const rows = [3, 4, 0, 1, 2, 0]
    expect((await cut(rows, [0.6, 0.9, 0.8], 1)).stays).toEqual([false, false, true])
    expect((await cut(rows, [0.6, 0.9, 0.8], 2)).stays).toEqual([true, false, true])
  })

  it('puts a unit that prefers knockoffs last, the more so the larger it is', async () => {
    // -0.2 * 5 = -1, -0.8 * 1 = -0.8, 0.
    expect((await cut([3, 4, 0, 1, 2, 0], [0.4, 0.1, 0.5], 1)).stays).toEqual([false, false, true])
    expect((await cut([3, 4, 0, 1, 2, 0], [0.4, 0.1, 0.5], 2)).stays).toEqual([false, true, true])
  })

  it('breaks ties to the first, changes no weight, trains gates as the paper does, says what they found', async () => {
    const { stays, asked, moved, note } = await cut([1, 0, 0, 1, 1, 0], [0.75, 0.75, 0.25], 1)
    expect(stays).toEqual([true, false, false])
    expect(moved).toBeUndefined()
    expect(asked).toEqual([{ kind: 'neuron', batches: 100, rate: 0.004, components: 32, distance: 1 }])
    expect(note).toContain('2 of 3 gates ended above a half')
  })

  it.each([
    ['neuron', 3, true],
    ['neuron', 1, false],
    ['head', 3, false],
  ] as const)('unit %s and %i experts: refused: %s', (unit, experts, refused) => {
    const image = { task: 'image', shape: [8, 8, 3], classes: 4 } as const
    expect(scop.refuses?.({ ...defaults(scop.knobs), unit }, image, { experts }) !== undefined).toBe(refused)
  })

  it('says why before a run of experts opens', async () => {
    await expect(testSession({ ...smallVit, method: 'scop', 'model.experts': 3 }, 'cpu')).rejects.toThrow(
      'A router of 3 experts',
    )
  })

  it('has gates on the heads of a model of experts', async () => {
    const { session } = await testSession(
      {
        ...smallVit,
        method: 'scop',
        'method.unit': 'head',
        'method.batches': 2,
        'model.experts': 3,
        'training.steps': 4,
      },
      'wasm',
    )
    try {
      await session.run(untilTheEnd)
      // A head of two in each of two blocks goes: half of 2 blocks * 4 * 8 * 8.
      const heads = (await session.layers()).filter(({ name }) => name.includes('attention'))
      expect(heads.reduce((sum, { kept }) => sum + kept, 0)).toBe(256)
    } finally {
      session.dispose()
    }
  })
})
