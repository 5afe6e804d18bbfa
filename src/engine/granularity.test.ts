import { afterEach, describe, expect, it } from 'vitest'
import { bit } from '../core/bits'
import { candidatesOf } from '../core/candidates'
import type { UnitKind } from '../core/granularity'
import type { Scope } from '../core/scope'
import { unitsOf } from '../core/units'
import { Problem } from '../core/problem'
import type { Session } from './run/session'
import { smallBert, smallMlp, smallVit, testSession, untilTheEnd } from './testing'

const sessions: Session[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose()
})

async function run(
  settings: Readonly<Record<string, unknown>>,
  backend: 'webgpu' | 'wasm' = 'webgpu',
): Promise<Session> {
  const { session } = await testSession(settings, backend)
  sessions.push(session)
  await session.run(untilTheEnd)
  return session
}

/** How many units of every layer are left; fails where one is neither whole nor gone. */
async function unitsLeft(session: Session, kind: UnitKind, side: number): Promise<number[]> {
  const { layout, spans, table } = unitsOf(session.executor.layout, { kind, score: 'sum', side })
  const mask = await session.executor.mask()
  return layout.prunable.map(({ name, offset, size }) => {
    let left = 0
    for (let place = offset; place < offset + size; place++) {
      const kept = new Set<boolean>()
      for (let s = table[4 * place]!; s < table[4 * place + 2]!; s++) {
        const [start = 0, rows = 0, stride = 0, columns = 0] = spans.subarray(4 * s, 4 * s + 4)
        for (let k = 0; k < rows * columns; k++)
          kept.add(bit(mask, start + Math.floor(k / columns) * stride + (k % columns)))
      }
      expect(kept.size, `${name} ${place - offset} is whole or gone`).toBe(1)
      if (kept.has(true)) left++
    }
    return left
  })
}

const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0)

describe.each<[UnitKind, boolean]>([
  ['head', false],
  ['head', true],
  ['neuron', false],
  ['neuron', true],
  ['row', false],
  ['column', true],
  ['block', false],
])('structured: %s, Taylor %s', (kind, taylor) => {
  it.each<Scope>(['global', 'layer'])('leaves exactly the share of units, %s', async (scope) => {
    const settings = {
      ...smallVit,
      method: 'structured',
      'method.unit': kind,
      'method.taylor': taylor,
      'method.scope': scope,
      'method.side': '4',
      'model.heads': 4,
    }
    const session = await run({ ...settings, 'method.sparsity': 0.6 })
    const left = await unitsLeft(session, kind, 4)
    const { layout, groups } = counted(session, kind, scope)
    expect(sum(left)).toBe(sum(groups.map(({ kept }) => kept)))
    expect(Math.min(...left)).toBeGreaterThan(0)
    // Rounding moves no size class by more than half a unit, and no layer by more than one.
    if (scope === 'layer')
      left.forEach((count, i) => {
        expect(Math.abs(count - 0.4 * layout.prunable[i]!.size)).toBeLessThan(1)
      })
    else expect(Math.abs(sum(left) - 0.4 * layout.prunableCount)).toBeLessThanOrEqual(1)
    expect((await session.result()).kept).toBe(session.pruner.training(session.pruner.plan.lastEvent)?.kept)
  })
})

function counted(session: Session, kind: UnitKind, scope: Scope) {
  const candidates = candidatesOf(session.executor.layout, { kind, score: 'sum', side: 4 })
  return { layout: candidates.layout, groups: candidates.groups(scope, 0.6) }
}

it('structured keeps one head and one neuron of every block at the highest sparsity', async () => {
  for (const unit of ['head', 'neuron'] as const) {
    const session = await run({ ...smallVit, method: 'structured', 'method.unit': unit, 'method.sparsity': 0.99 })
    expect(await unitsLeft(session, unit, 1)).toEqual([1, 1])
  }
})

it('structured says that an MLP has no heads', async () => {
  const failure = await testSession({ ...smallMlp, method: 'structured', 'method.unit': 'head' }).catch(
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(Problem)
  expect((failure as Problem).what).toMatch(/no attention heads/)
})

it.each([
  [2, 4],
  [1, 4],
  [3, 5],
  [2, 3],
])('%i:%i holds in every group of every column, the last one too', async (keep, of) => {
  const session = await run({ ...smallVit, method: 'nm', 'method.n': keep, 'method.m': of })
  const mask = await session.executor.mask()
  for (const {
    name,
    offset,
    shape: [rows = 0, columns = 0],
  } of session.executor.layout.prunable) {
    for (let row = 0; row < rows; row += of) {
      for (let column = 0; column < columns; column++) {
        const members = Array.from(
          { length: Math.min(of, rows - row) },
          (_, k) => offset + (row + k) * columns + column,
        )
        expect(
          members.filter((i) => bit(mask, i)),
          `${name} ${row} ${column}`,
        ).toHaveLength(Math.ceil((keep * members.length) / of))
      }
    }
  }
})

it.each(['wanda', 'sparseGpt'])(
  '%s leaves 3 of 5 inputs of every output, as many as it was told, the same on WebGPU and wasm',
  async (method) => {
    const settings = { ...smallVit, method, 'method.pattern': 'nm', 'method.n': 3, 'method.m': 5, 'method.batches': 2 }
    const session = await run(settings)
    const mask = await session.executor.mask()
    let kept = 0
    for (const {
      name,
      offset,
      shape: [rows = 0, columns = 0],
    } of session.executor.layout.prunable) {
      for (let row = 0; row < rows; row += 5) {
        for (let column = 0; column < columns; column++) {
          const members = Array.from(
            { length: Math.min(5, rows - row) },
            (_, k) => offset + (row + k) * columns + column,
          )
          const left = members.filter((i) => bit(mask, i)).length
          expect(left, `${name} ${row} ${column}`).toBe(Math.ceil((3 * members.length) / 5))
          kept += left
        }
      }
    }
    expect([(await session.result()).kept, session.pruner.training(session.pruner.plan.lastEvent)?.kept]).toEqual([
      kept,
      kept,
    ])
    expect(await (await run(settings, 'wasm')).executor.mask()).toEqual(mask)
  },
)

const cases = [
  ['ViT, heads', { ...smallVit, method: 'structured', 'method.unit': 'head' }],
  ['ViT, neurons, Taylor', { ...smallVit, method: 'structured', 'method.taylor': true }],
  ['BERT, columns', { ...smallBert, method: 'structured', 'method.unit': 'column', 'method.scope': 'layer' }],
  ['MLP, 2:4', { ...smallMlp, method: 'nm' }],
] as const
it.each(cases)('%s: WebGPU and wasm make the same mask', async (_name, settings) => {
  const [gpu, cpu] = [await run(settings), await run(settings, 'wasm')]
  expect(await gpu.executor.mask()).toEqual(await cpu.executor.mask())
})

it.each<UnitKind>(['head', 'neuron', 'row', 'block'])(
  'random cuts whole units: %s, before training, the same on WebGPU and wasm, others with another seed',
  async (unit) => {
    const settings = {
      ...smallVit,
      method: 'random',
      'method.unit': unit,
      'method.sparsity': 0.5,
      'model.heads': 4,
      'training.steps': 2,
    }
    const gpu = await run(settings)
    const left = await unitsLeft(gpu, unit, 4)
    const { prunableCount } = candidatesOf(gpu.executor.layout, { kind: unit, score: 'sum', side: 4 }).layout
    expect(sum(left)).toBe(prunableCount / 2)
    const mask = await gpu.executor.mask()
    expect(await (await run({ ...settings, seed: 2 })).executor.mask()).not.toEqual(mask)
    expect(await (await run(settings, 'wasm')).executor.mask()).toEqual(mask)
  },
)
