import { afterEach, expect, it } from 'vitest'
import { placeTensors } from '../../core/layout'
import type { TensorSpec } from '../../core/model'
import { fullMask } from '../executor/settings'
import type { Session } from '../run/session'
import { smallVit, testSession } from '../testing'
import { layerSparsity } from './counts'

let open: Session | undefined
afterEach(() => {
  open?.dispose()
})

it.each([
  ['platon', {}],
  ['combination', { 'method.regrowth': 'free' }],
])('%s: sparse only right after a mask change, until changes come at every step', async (method, knobs) => {
  // Changes after steps 5 and 10, and from 15 on after every one: 0.2 and 0.75 of 20.
  const { session } = await testSession({
    ...smallVit,
    method,
    ...knobs,
    'method.every': 5,
    'method.sparsity': 0.5,
    'training.evaluateEvery': 1,
  })
  open = session
  const dense = new Set<number>()
  while (!session.finished) {
    await session.advance(1)
    await session.settle()
    const layers = await session.layers()
    const share = 1 - layers.reduce((sum, { kept }) => sum + kept, 0) / session.opened.prunable
    const told = session.metrics.at(-1)!.sparsity
    // A gradient of exactly 0 leaves a weight where it is.
    expect(Math.abs(share - told), `step ${session.step}`).toBeLessThan(told === 0 ? 0.05 : 1e-9)
    expect(session.evaluations.at(-1)!.sparsity).toBe(told)
    const weights = (await session.tensors()).filter(({ mask }) => mask).flatMap(({ values }) => [...values])
    expect(weights.filter((w) => w === 0).length / weights.length).toBeGreaterThanOrEqual(share)
    if (told === 0) dense.add(session.step)
  }
  const changes = session.metrics.map(({ step }) => step).filter((step) => session.pruner.training(step - 1))
  expect([...dense]).toEqual(session.metrics.map(({ step }) => step).filter((step) => !changes.includes(step)))
  expect(changes.length).toBeGreaterThan(3)
  expect(session.metrics.at(-1)!.sparsity).toBe(0.5)
})

const matrix = (name: string, rows: number, columns: number): TensorSpec => ({
  name,
  shape: [rows, columns],
  init: { kind: 'normal', deviation: 0.02 },
  prunable: true,
  decay: true,
})

it('counts: kept weights by tensor, padding never', () => {
  const layout = placeTensors([matrix('a', 5, 7), matrix('b', 10, 10)])
  const mask = fullMask(layout)
  expect(layerSparsity(layout, mask).map((l) => l.kept)).toEqual([35, 100])
  mask[0] = 0b1011
  // 32 of the 35 weights of `a` are in word 0, of which 3 stay; 3 are in word 1.
  expect(layerSparsity(layout, mask)[0]).toEqual({ name: 'a', size: 35, kept: 6 })
})
