import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { bit } from '../core/bits'
import { pruningOf } from '../core/pruning'
import { modelOf } from '../config/modelOf'
import { methods } from '../config/registries'
import type { Experiment } from '../core/experiment'
import { defaults, type Knob, type KnobValue } from '../core/knob'
import { placeTensors, type Layout } from '../core/layout'
import type { Method } from '../core/method'
import { Problem } from '../core/problem'
import type { Group } from '../core/scope'
import type { CpuArena } from '../engine/twin/cpuArena'
import type { Executor, PruneEvent } from '../engine/executor/executor'
import { Pruner } from '../engine/cuts/pruner'
import { replay, type RecordedStep } from '../engine/run/replay'
import type { Session } from '../engine/run/session'
import { fullMask } from '../engine/executor/settings'
import { testSession } from '../engine/testing'
import { lehmer } from '../gpu/testing'
import { experimentWith } from './testing/handWorked'

/** Cuts in JavaScript look at more than weights and gradients; src/engine tests them. */
const ranking = Object.entries(methods).filter(
  ([, method]) => !method.cut && !method.plan(defaults(method.knobs), 20).calibration,
)

/** Scoring batches and rounds, which would make runs long. */
const few: Readonly<Record<string, number>> = { batches: 3, rounds: 3 }

function valueOf(name: string, knob: Knob): fc.Arbitrary<KnobValue> {
  if (knob.kind === 'flag') return fc.boolean()
  if (knob.kind === 'word') return fc.constant(knob.default)
  if (knob.kind === 'choice') return fc.constantFrom(...Object.keys(knob.options))
  if (knob.integer) return fc.integer({ min: knob.min, max: Math.min(knob.max, few[name] ?? Math.max(knob.min, 6)) })
  // Kernels compute in float32, links hold a few digits.
  return fc
    .double({ min: knob.min, max: knob.max, noNaN: true })
    .map((x) => Math.min(knob.max, Math.max(knob.min, Number(x.toPrecision(3)))))
}

/** Any values that a method's knobs can have. */
function valuesOf({ knobs }: Method): fc.Arbitrary<Record<string, KnobValue>> {
  return fc.record(Object.fromEntries(Object.entries(knobs).map(([name, knob]) => [name, valueOf(name, knob)])))
}

const shape = fc.record({
  depth: fc.integer({ min: 1, max: 2 }),
  heads: fc.constantFrom(1, 2, 4),
  ratio: fc.integer({ min: 1, max: 2 }),
})

/** A ViT of width 8, with whatever tensors the method adds. */
function layoutOf(experiment: Experiment, knobs: { depth: number; heads: number; ratio: number }): Layout {
  const values = { ...experiment.model.values, width: 8, patch: 4, ...knobs }
  return placeTensors(
    modelOf({ ...experiment, model: { id: 'vitTiny', values } }).tensors(values, {
      task: 'image',
      shape: [8, 8, 3],
      classes: 4,
    }),
  )
}

/** Numbers in quarters between -1 and 1, so that many are equal and many are 0. */
function numbers(length: number, random: () => number): Float32Array {
  return Float32Array.from({ length }, () => Math.round(4 * random()) / 4)
}

function stepsOf({ length }: Layout, count: number, seed: number): RecordedStep[] {
  const random = lehmer(seed)
  return Array.from({ length: count }, () => ({
    weights: numbers(length, random),
    grads: numbers(length, random),
    curvature: numbers(length, random),
    rate: 0.1,
  }))
}

/** Weights kept of a group of single weights. */
function keptOf({ tensors }: Group, mask: Uint8Array): number {
  return tensors.reduce(
    (sum, { offset, size }) => sum + mask.subarray(offset, offset + size).reduce((a, b) => a + b, 0),
    0,
  )
}

/** What holds after every mask change, whatever the method. */
function checkChange(event: PruneEvent, before: Uint8Array, after: Uint8Array, wholes: boolean): void {
  const total = after.reduce((a, b) => a + b, 0)
  if (event.threshold === undefined) expect(total).toBe(event.kept)
  else expect(total).toBeGreaterThanOrEqual(event.kept)
  expect(total).toBeGreaterThan(0)
  if (event.nested && !event.survivors)
    after.forEach((kept, i) => {
      if (kept) expect(before[i]).toBe(1)
    })
  if (wholes) return
  for (const group of event.groups) {
    if (event.threshold === undefined) expect(keptOf(group, after)).toBe(group.kept)
    // Ranked by itself, no matrix is emptied.
    if (group.tensors.length === 1) expect(keptOf(group, after)).toBeGreaterThan(0)
  }
  event.survivors?.forEach((survivors, i) => {
    const { tensors, kept } = event.groups[i] as Group
    const stayed = tensors.reduce(
      (sum, { offset, size }) =>
        sum + before.subarray(offset, offset + size).filter((bit, k) => bit && after[offset + k]).length,
      0,
    )
    expect(stayed).toBeGreaterThanOrEqual(Math.min(survivors.kept, keptOf({ tensors, kept }, before)))
  })
}

/** The mask before the first step, as bytes. */
function firstMask(layout: Layout): Uint8Array {
  const full = fullMask(layout)
  return Uint8Array.from({ length: layout.prunableLength }, (_, i) => Number(bit(full, i)))
}

describe.each(ranking)('%s on any numbers, with any knobs', (id, method) => {
  it('keeps exact counts in every group at every change, nests where it says so, and changes nothing between', () => {
    fc.assert(
      fc.property(
        valuesOf(method),
        shape,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 1e6 }),
        (values, knobs, training, seed) => {
          const experiment = { ...experimentWith(id), method: { id, values } }
          const plan = method.plan(values, training)
          // Knobs can ask for a cut that looks at inputs of layers, which a recording has not, or one in JavaScript.
          if (plan.calibration || method.cutBy?.(values)) return
          const layout = layoutOf(experiment, knobs)
          const recorded = stepsOf(layout, plan.scoringBatches + training, seed)
          const recording = {
            experiment,
            layout,
            steps: recorded.length,
            initial: numbers(layout.length, lehmer(seed + 1)),
          }
          const pruner = unlessProblem(() => new Pruner(pruningOf(method, values, training), layout))
          if (!pruner) return
          let before: Uint8Array | undefined
          const first = pruner.initial()
          ;[...replay(recording, recorded)].forEach(({ mask, event }, i) => {
            const t = i - plan.scoringBatches
            const change = t < 0 ? pruner.scoring(i) : pruner.training(t)
            expect(event).toBe(change !== null)
            before ??= first ? undefined : firstMask(layout)
            if (change && before) checkChange(change, before, mask, method.granularity !== undefined)
            else if (first && i === 0 && !change)
              checkChange(first, firstMask(layout), mask, method.granularity !== undefined)
            else if (before && !plan.rounds?.shuffle) expect(mask).toEqual(before)
            before = mask
          })
        },
      ),
      { numRuns: 6 },
    )
  })
})

/** What is made, undefined where these knobs do not fit the model: saying so is an answer too. */
function unlessProblem<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}

it('with one batch SEVEN cuts as SNIP does', () => {
  fc.assert(
    fc.property(
      shape,
      fc.integer({ min: 1, max: 1e6 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      (knobs, seed, share) => {
        const masks = ['snip', 'sevenPre'].map((method) => {
          const experiment = experimentWith(method)
          const layout = layoutOf(experiment, knobs)
          // A whole number of weights, which nearest and floor agree on.
          const sparsity = 1 - Math.max(1, Math.round(share * layout.prunableCount)) / layout.prunableCount
          const values = { ...experiment.method.values, batches: 1, sparsity }
          const [only] = replay(
            {
              experiment: { ...experiment, method: { id: method, values } },
              layout,
              steps: 1,
              initial: numbers(layout.length, lehmer(seed)),
            },
            stepsOf(layout, 1, seed),
          )
          return only!.mask
        })
        expect(masks[1]).toEqual(masks[0])
      },
    ),
    { numRuns: 20 },
  )
})

let open: Session | undefined
afterEach(() => {
  open?.dispose()
  open = undefined
})

const run = {
  data: 'shapes',
  'data.train': 64,
  'data.held': 64,
  'data.size': 8,
  'training.steps': 12,
  'training.batch': 2,
  'training.warmup': 1,
  'training.evaluateEvery': 0,
}
const mlp = { model: 'mlp', 'model.width': 4 }
const vit = {
  model: 'vitTiny',
  'model.patch': 4,
  'model.width': 16,
  'model.depth': 1,
  'model.heads': 2,
  'model.ratio': 1,
}

/** Short scoring, and changes as often as there can be. */
function often({ knobs }: Method): Readonly<Record<string, number>> {
  const wanted = { batches: 3, rounds: 3, every: 2 }
  return Object.fromEntries(
    Object.entries(wanted)
      .filter(([name]) => knobs[name])
      .map(([name, value]) => [`method.${name}`, value]),
  )
}

/** Places whose weight or moments are not 0, among those that `where` names. */
function alive({ weights, moment1, moment2 }: CpuArena, length: number, where: (i: number) => boolean): number[] {
  return Array.from({ length }, (_, i) => i).filter(
    (i) => where(i) && !(weights[i] === 0 && moment1[i] === 0 && moment2[i] === 0),
  )
}

describe.each(Object.entries(methods))('%s in a run', (id, method) => {
  it('holds pruned weights at 0 with their moments, and what comes back starts from 0', async () => {
    // Only a transformer has heads and neurons, 16 inputs hold every part that a method cuts whole; and it takes
    // longer.
    const model = method.units || method.granularity ? vit : mlp
    const { session } = await testSession({ ...run, ...model, method: id, ...often(method) }, 'wasm')
    open = session
    const {
      arena,
      layout: { prunableLength },
    } = session.executor as Executor & { readonly arena: CpuArena }
    const held = (method.pruned?.(session.experiment.method.values) ?? 'held') === 'held'
    // A rewind brings values of its own, and so do candidates.
    const fresh = held && !session.pruner.plan.rounds && !method.candidate
    while (!session.finished) {
      const before = arena.mask.slice()
      await session.advance(1)
      await session.settle()
      if (held)
        expect(
          alive(arena, prunableLength, (i) => !bit(arena.mask, i)),
          `pruned, step ${session.step}`,
        ).toEqual([])
      if (fresh)
        expect(
          alive(arena, prunableLength, (i) => !bit(before, i) && bit(arena.mask, i)),
          `back, step ${session.step}`,
        ).toEqual([])
      expect(arena.weights.every(Number.isFinite)).toBe(true)
    }
  })
})
