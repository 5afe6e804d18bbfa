import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bit } from '../core/bits'
import { pruningOf } from '../core/pruning'
import { check } from '../config/check'
import { costOf } from '../config/cost'
import { defaultExperiment } from '../config/defaults'
import { placeTensors } from '../core/layout'
import type { TensorSpec, UnitSlices } from '../core/model'
import { lehmer } from '../gpu/testing'
import { combination } from '../methods'
import { Pruner } from './cuts/pruner'
import { replay, type RecordedStep } from './run/replay'
import { smallMlp, smallVit, testSession, untilTheEnd } from './testing'

const slices = (kind: UnitSlices['kind'], block: number, side: UnitSlices['side'], count: number): UnitSlices => ({
  kind,
  layer: `block${block}/${kind}`,
  side,
  count,
})
const matrix = (name: string, shape: [number, number], units: UnitSlices): TensorSpec => ({
  name,
  shape,
  units,
  init: { kind: 'constant', value: 0 },
  prunable: true,
  decay: true,
})
/** Two blocks with two heads and eight neurons each: 2 * 4 * 32 weights. */
const layout = placeTensors(
  [0, 1].flatMap((b) => [
    matrix(`block${b}/value`, [4, 8], slices('head', b, 'enters', 2)),
    matrix(`block${b}/output`, [8, 4], slices('head', b, 'leaves', 2)),
    matrix(`block${b}/in`, [4, 8], slices('neuron', b, 'enters', 8)),
    matrix(`block${b}/out`, [8, 4], slices('neuron', b, 'leaves', 8)),
  ]),
)
const options = (name: 'criterion' | 'granularity' | 'scope' | 'schedule' | 'regrowth') =>
  fc.constantFrom(...Object.keys(combination.knobs[name].options))
const settings = fc.record({
  criterion: options('criterion'),
  granularity: options('granularity'),
  scope: options('scope'),
  schedule: options('schedule'),
  regrowth: options('regrowth'),
  lot: fc.boolean(),
  sparsity: fc.double({ min: 0, max: 0.95, noNaN: true }),
  every: fc.integer({ min: 1, max: 4 }),
  batches: fc.integer({ min: 1, max: 2 }),
  rounds: fc.integer({ min: 1, max: 3 }),
})

describe("a method of one's own", () => {
  it('says why not, or reaches its exact count', () => {
    let [refused, reached] = [0, 0]
    fc.assert(
      fc.property(settings, fc.integer({ min: 1, max: 1e6 }), (chosen, seed) => {
        const asked = Object.fromEntries(Object.entries(chosen).map(([name, value]) => [`method.${name}`, value]))
        const { experiment } = check({ method: 'combination', ...asked }, defaultExperiment)
        const values = experiment.method.values
        const refusal = combination.refuses?.(values as Parameters<NonNullable<typeof combination.refuses>>[0])
        if (refusal) {
          refused++
          expect(refusal.what.length * refusal.fix.length).toBeGreaterThan(0)
          return
        }
        const random = lehmer(seed)
        const floats = () => Float32Array.from({ length: layout.length }, random)
        const plan = combination.plan(values as Parameters<typeof combination.plan>[0], 12)
        // A replay has no inputs of layers to measure; such cuts, and LAMP's, are compared with theirs below.
        if (plan.calibration || chosen.criterion === 'lamp') return
        const steps = Array.from({ length: 12 + plan.scoringBatches }, (): RecordedStep => ({
          weights: floats(),
          grads: floats(),
          rate: 0.01,
        }))
        const pruner = new Pruner(pruningOf(combination, values, 12), layout)
        const last =
          pruner.training(plan.lastEvent)
          ?? (plan.scoringBatches ? pruner.scoring(plan.scoringBatches - 1) : pruner.initial())
        const result = [...replay({ experiment, layout, steps: steps.length, initial: floats() }, steps)].at(-1)!
        expect(result.mask.reduce((a, b) => a + b, 0)).toBe(last!.kept)
        if (chosen.granularity === 'weight')
          expect(last!.kept).toBeGreaterThanOrEqual(Math.round(256 * (1 - chosen.sparsity)))
        reached++
      }),
      { numRuns: 300, seed: 7 },
    )
    expect(Math.min(refused, reached)).toBeGreaterThan(20)
  })

  const same: [name: string, theirs: Record<string, unknown>, own: Record<string, unknown>][] = [
    ['magnitude', {}, {}],
    ['magnitude', { schedule: 'once', at: 0.5 }, { schedule: 'once', end: 0.5 }],
    ['snip', {}, { criterion: 'sensitivity', schedule: 'before', batches: 4 }],
    ['random', { scope: 'layer' }, { criterion: 'random', scope: 'layer', schedule: 'before' }],
    ['rigl', { every: 3 }, { schedule: 'start', regrowth: 'exchange', scope: 'erk', every: 3 }],
    ['set', { every: 3 }, { schedule: 'start', regrowth: 'exchange', lot: true, scope: 'erk', every: 3 }],
    [
      'iterativeSnip',
      { batches: 2, rounds: 3 },
      { criterion: 'sensitivity', schedule: 'rounds', batches: 2, rounds: 3 },
    ],
    [
      'force',
      { batches: 2, rounds: 3 },
      { criterion: 'sensitivity', schedule: 'rounds', regrowth: 'latent', batches: 2, rounds: 3 },
    ],
    ['platon', { every: 1 }, { criterion: 'uncertainty', regrowth: 'free', every: 1 }],
    ['movement', { adam: false, every: 3 }, { criterion: 'movement', regrowth: 'latent', scope: 'layer', every: 3 }],
    ['wanda', { at: 0.75 }, { criterion: 'wanda', scope: 'output', schedule: 'once', sparsity: 0.5 }],
    ['wanda', { at: 0.75, pattern: 'nm' }, { criterion: 'wanda', scope: 'layer', granularity: 'nm', schedule: 'once' }],
    [
      'wanda',
      { at: 0.75, pattern: 'nm' },
      { criterion: 'wanda', scope: 'global', granularity: 'nm', schedule: 'once' },
    ],
    ['lamp', { at: 0.75 }, { criterion: 'lamp', schedule: 'once' }],
    ['lamp', { schedule: 'gradual', every: 3 }, { criterion: 'lamp', every: 3 }],
    ['feedback', { every: 3 }, { regrowth: 'through', every: 3 }],
  ]

  it.each(same)('has %s %j as a point: the same weights and mask', async (method, theirs, own) => {
    const run = async (id: string, knobs: Record<string, unknown>) => {
      const { session } = await testSession(
        {
          ...smallMlp,
          method: id,
          ...Object.fromEntries(Object.entries(knobs).map(([name, v]) => [`method.${name}`, v])),
        },
        'wasm',
      )
      await session.run(untilTheEnd)
      const found = { mask: await session.executor.mask(), weights: await session.executor.weights() }
      session.dispose()
      return found
    }
    const found = await run('combination', own)
    expect(found).toEqual(await run(method, theirs))
  })

  it('keeps 2 of every 4 inputs of each output by Wanda, though the scope is the whole model', async () => {
    const settings = { criterion: 'wanda', granularity: 'nm', scope: 'global', schedule: 'once', n: 2, m: 4 }
    const asked = {
      ...smallMlp,
      method: 'combination',
      ...Object.fromEntries(Object.entries(settings).map(([name, v]) => [`method.${name}`, v])),
    }
    const { session } = await testSession(asked, 'wasm')
    await session.run(untilTheEnd)
    const [mask, places] = [await session.executor.mask(), session.executor.layout.prunable]
    session.dispose()
    // 192 inputs, 4 hidden units: 48 groups for each.
    const groups = places.flatMap(({ offset, shape: [rows = 0, columns = 0] }) =>
      Array.from({ length: (rows * columns) / 4 }, (_, group) =>
        [0, 1, 2, 3].reduce(
          (sum, i) =>
            sum + Number(bit(mask, offset + (4 * Math.floor(group / columns) + i) * columns + (group % columns))),
          0,
        ),
      ),
    )
    expect(groups).toEqual(Array.from({ length: 192 }, () => 2))
    const { experiment } = check(asked, defaultExperiment)
    // Twice in a model of two blocks, once where one ranking sees the dense model's inputs.
    const passes = (changed: object) =>
      costOf(check({ ...asked, ...smallVit, ...changed }, defaultExperiment).experiment).cutPasses.forward
    expect([costOf(experiment).cutPasses.forward, passes({}), passes({ 'method.granularity': 'weight' })]).toEqual([
      8, 16, 8,
    ])
  })

  it.each(['none', 'free', 'latent', 'exchange'])(
    'per output, regrowth %s: the columns of each matrix keep as many weights, give or take one, on either device',
    async (regrowth) => {
      const settings = {
        ...smallMlp,
        method: 'combination',
        'method.scope': 'output',
        'method.regrowth': regrowth,
        'method.every': 3,
        'method.sparsity': 0.7,
      }
      const columnsOn = async (backend: 'webgpu' | 'wasm') => {
        const { session } = await testSession(settings, backend)
        await session.run(untilTheEnd)
        const [mask, places] = [await session.executor.mask(), session.executor.layout.prunable]
        session.dispose()
        return places.map(({ offset, shape: [rows = 0, columns = 0] }) =>
          Array.from({ length: columns }, (_, j) =>
            Array.from({ length: rows }, (_, i) => Number(bit(mask, offset + i * columns + j))).reduce((a, b) => a + b),
          ),
        )
      }
      const columns = await columnsOn('webgpu')
      expect(await columnsOn('wasm')).toEqual(columns)
      for (const counts of columns) expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    },
  )

  it('refuses to open a run that makes no sense', async () => {
    await expect(
      testSession(
        { ...smallMlp, method: 'combination', 'method.criterion': 'movement', 'method.schedule': 'before' },
        'wasm',
      ),
    ).rejects.toThrow(/no weight has moved/)
  })
})
