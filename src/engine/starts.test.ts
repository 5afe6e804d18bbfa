import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { TrainerEvent } from '../core/trainer'
import { memoryCache, png } from '../data/testing'
import { initialWeights } from './executor/initial'
import { experimentOf, sessionOf, smallBert, smallVit, type TestPlace } from './testing'
import type { Session } from './run/session'

const open: Session[] = []
afterEach(() => {
  for (const session of open.splice(0)) session.dispose()
})

const tokens = {
  ...smallBert,
  method: 'dense',
  start: 'maskedTokens',
  'start.steps': 12,
  'start.batch': 8,
  'start.examples': 'task',
}
const patches = { ...tokens, ...smallVit, start: 'maskedPatches' }

async function opened(settings: Readonly<Record<string, unknown>>, place: TestPlace) {
  const made = await sessionOf(experimentOf(settings), place)
  open.push(made.session)
  return made
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function lossesOf(events: readonly TrainerEvent[]): number[] {
  return events.flatMap((e) => (e.type === 'pretraining' ? e.progress.losses.map(({ loss }) => loss) : []))
}

/** Losses of what is learnt before the task, and the weights with which the task begins. */
async function begun(settings: Readonly<Record<string, unknown>>, place: TestPlace) {
  const { session, events } = await opened(settings, place)
  await session.advance(1)
  session.reset()
  return { losses: lossesOf(events), weights: await session.executor.weights(), session }
}

describe.each([
  ['masked tokens', tokens],
  ['masked patches', patches],
  ['masked patches beside a class token', { ...patches, 'model.pool': 'class' }],
  ['rotation', { ...patches, start: 'rotation' }],
])('%s', (_, settings) => {
  it('gives the same losses and weights on every backend', async () => {
    const cpu = await begun(settings, { backend: 'cpu' })
    expect(cpu.losses).toHaveLength(12)
    const drawn = initialWeights(cpu.session.executor.layout, 1)
    for (const backend of ['webgpu', 'wasm'] as const) {
      const { losses, weights } = await begun(settings, { backend })
      for (const [i, loss] of cpu.losses.entries()) expect(losses[i]).toBeCloseTo(loss, 3)
      // AdamW moves a weight by about its rate, so where the sign of a gradient differs, weights part by twice that a
      // step; all of them together stay much closer than learning has moved them.
      const apart = cpu.weights.map((weight, i) => Math.abs((weights[i] ?? NaN) - weight))
      expect(Math.max(...apart)).toBeLessThan(2 * 12 * 1e-3)
      const moved = cpu.weights.map((weight, i) => Math.abs((drawn[i] ?? NaN) - weight))
      expect(mean(apart)).toBeLessThan(mean(moved) / 100)
    }
  })
})

describe.each(['webgpu', 'wasm'] as const)('what is learnt before the task, on %s,', (backend) => {
  it('changes all but what lies above the blocks, and is the same for every seed of a run', async () => {
    const scratch = await begun({ ...smallVit, method: 'dense' }, { backend })
    const all = { ...patches, 'start.examples': 'all' }
    const [first, second] = [await begun(all, { backend }), await begun({ ...all, seed: 2 }, { backend })]
    for (const { name, offset, size } of first.session.executor.layout.tensors) {
      const of = ({ weights }: { readonly weights: Float32Array }) => weights.slice(offset, offset + size)
      const isAbove = /^head\//.test(name)
      if (isAbove) expect(of(first), name).toEqual(of(scratch))
      else {
        expect(of(first), name).not.toEqual(of(scratch))
        expect(of(second), name).toEqual(of(first))
      }
    }
  })

  it('is made once: another run takes it from the cache, to the bit, with its curve', async () => {
    const cache = memoryCache()
    const first = await begun(patches, { backend, cache })
    expect(cache.entries.size).toBe(1)
    const { session, events } = await opened(
      { ...patches, method: 'magnitude', 'training.steps': 30 },
      { backend, cache },
    )
    expect(lossesOf(events)).toEqual(first.losses)
    expect(await session.executor.weights()).toEqual(first.weights)
    await begun({ ...patches, 'start.rate': 2e-3 }, { backend, cache })
    expect(cache.entries.size).toBe(2)
  })

  it('is learnt again from other files of the user', async () => {
    const cache = memoryCache()
    const folder = await mkdtemp(join(tmpdir(), 'start-'))
    const settings = { ...patches, data: 'dropped', 'start.examples': 'all' }
    const own = Object.fromEntries(Object.entries(settings).filter(([key]) => !/^data\./.test(key)))
    for (const shade of [0, 200]) {
      for (let i = 0; i < 80; i++) {
        await mkdir(join(folder, `kind${i % 2}`), { recursive: true })
        await writeFile(join(folder, `kind${i % 2}`, `${i}.png`), png(8, 8, [shade, i, 2 * i]))
      }
      await begun(own, { backend, cache, files: [folder] })
    }
    await rm(folder, { recursive: true })
    expect(cache.entries.size).toBe(2)
  })

  it('is made again where the cache is damaged', async () => {
    const cache = memoryCache()
    const first = await begun(patches, { backend, cache })
    for (const key of cache.entries.keys()) cache.entries.set(key, new ArrayBuffer(40))
    const again = await begun(patches, { backend, cache })
    expect(again.weights).toEqual(first.weights)
  })

  it('can be interrupted before its first step, while it reads and compiles, and then begins', async () => {
    const whole = await begun(patches, { backend })
    const { session, events } = await opened({ ...patches, 'start.examples': 'all', 'start.seed': 2 }, { backend })
    const pause = new AbortController()
    const going = session.advance(1, undefined, pause.signal)
    pause.abort()
    await going
    expect(session.step).toBe(0)
    expect(lossesOf(events)).toEqual([])
    await session.advance(1)
    expect(lossesOf(events)).toHaveLength(whole.losses.length)
    expect(session.step).toBe(1)
  })

  it('can be paused anywhere, and goes on there to the same weights', async () => {
    const whole = await begun(patches, { backend })
    const pause = new AbortController()
    const { session, events } = await opened(patches, {
      backend,
      hear: (event) => {
        if (event.type === 'pretraining') pause.abort()
      },
    })
    await session.advance(1, undefined, pause.signal)
    expect(session.step).toBe(0)
    const paused = lossesOf(events).length
    expect(paused).toBeGreaterThan(0)
    expect(paused).toBeLessThan(12)
    await session.advance(1)
    expect(lossesOf(events)).toEqual(whole.losses)
    expect(session.step).toBe(1)
    session.reset()
    expect(await session.executor.weights()).toEqual(whole.weights)
  })

  it('goes on in another visit where it was left, to the same weights, and leaves nothing aside', async () => {
    const whole = await begun(patches, { backend })
    const cache = memoryCache()
    const pause = new AbortController()
    const left = await opened(patches, {
      backend,
      cache,
      hear: (event) => {
        if (event.type === 'pretraining') pause.abort()
      },
    })
    await left.session.advance(1, undefined, pause.signal)
    const done = lossesOf(left.events).length
    expect(done).toBeGreaterThan(0)
    expect(done).toBeLessThan(12)
    expect([...cache.entries.keys()].map((key) => / begun$/.test(key))).toEqual([true])
    const again = await opened(patches, { backend, cache })
    await again.session.advance(1)
    const told = again.events.flatMap((e) => (e.type === 'pretraining' ? [e.progress.step] : []))
    expect(told[0]).toBeGreaterThanOrEqual(done)
    expect(lossesOf(again.events)).toEqual(whole.losses)
    again.session.reset()
    expect(await again.session.executor.weights()).toEqual(whole.weights)
    expect([...cache.entries.keys()].map((key) => / begun$/.test(key))).toEqual([false])
  })

  it('begins anew where what was left is damaged', async () => {
    const whole = await begun(patches, { backend })
    const cache = memoryCache()
    const pause = new AbortController()
    const hear = (event: TrainerEvent) => {
      if (event.type === 'pretraining') pause.abort()
    }
    const left = await opened(patches, { backend, cache, hear })
    await left.session.advance(1, undefined, pause.signal)
    for (const [key, bytes] of cache.entries) cache.entries.set(key, bytes.slice(0, bytes.byteLength - 8))
    expect((await begun(patches, { backend, cache })).weights).toEqual(whole.weights)
  })
})
