import { expect, it } from 'vitest'
import { planOf, usualSeconds } from './plan'
import { runSteps } from './runSteps'
import type { Ended, Step } from './step'

const step = (name: string, seconds: number, leftOut?: string): Step => ({
  ...{ name, title: name, command: [name], seconds },
  ...(leftOut === undefined ? {} : { leftOut }),
})

/** Runs steps of which each takes so many seconds of a made clock, unless its limit is shorter. */
async function ran(steps: Step[], takes: Record<string, number>, budget: number, codes: Record<string, number> = {}) {
  let now = 100
  const limits: [string, number][] = []
  const told: string[][] = []
  const outcomes = await runSteps(steps, {
    budget,
    now: () => now,
    run: ({ name }, seconds): Promise<Ended> => {
      limits.push([name, seconds])
      const wanted = takes[name] ?? 1
      now += Math.min(wanted, seconds)
      return Promise.resolve({ stopped: wanted > seconds, code: codes[name] ?? 0, lastLine: `${name} spoke` })
    },
    ended: (all) => told.push(all.map((o) => o.state)),
  })
  return { limits, told, outcomes: outcomes.map(({ state, seconds, why }) => ({ state, seconds, why })) }
}

it('goes on after a step that fails, and after one that is stopped at its limit', async () => {
  const { outcomes, told } = await ran([step('a', 10), step('b', 10), step('c', 10)], { b: 11 }, 100, { a: 1 })
  expect(outcomes).toEqual([
    { state: 'failed', seconds: 1, why: 'a spoke' },
    { state: 'out of time', seconds: 10, why: 'Stopped after 10 s: b spoke' },
    { state: 'done', seconds: 1, why: '' },
  ])
  // After each step what is known can be written.
  expect(told).toEqual([['failed'], ['failed', 'out of time'], ['failed', 'out of time', 'done']])
})

it('ends in time: the last step gets what is left, and those after it are named', async () => {
  const steps = [step('a', 50), step('b', 60), step('c', 20)]
  const { limits, outcomes } = await ran(steps, { a: 40, b: 70 }, 60)
  expect(limits).toEqual([
    ['a', 50],
    ['b', 20],
  ])
  expect(outcomes.map((o) => o.state)).toEqual(['done', 'out of time', 'not run'])
  expect(outcomes[2]!.why).toBe('No time was left.')
})

it('says why a step is left out, and spends nothing on it', async () => {
  const { limits, outcomes } = await ran([step('a', 5, 'No data.'), step('b', 5)], {}, 10)
  expect(outcomes[0]).toEqual({ state: 'not run', seconds: 0, why: 'No data.' })
  expect(limits).toEqual([['b', 5]])
})

it('says that a signal ended a step that wrote nothing', async () => {
  const ended: Ended = { stopped: false, code: null, lastLine: '' }
  const means = { budget: 9, now: () => 0, run: () => Promise.resolve(ended), ended: () => undefined }
  expect((await runSteps([step('a', 5)], means))[0]!.why).toBe('A signal ended it.')
})

const place = { pack: '/pack', out: '/out', scratch: '/tmp', data: '/data', python: 'python3', software: false }

it('plans the kernels first and PyTorch last, and leaves out what lacks its means', () => {
  const leftOut = (changed: object) =>
    planOf({ ...place, times: 1, ...changed })
      .filter((s) => s.leftOut !== undefined)
      .map((s) => s.name)
  const names = planOf({ ...place, times: 1 }).map((s) => s.name)
  expect([names[0], names.at(-1)]).toEqual(['kernels', 'torch'])
  expect(leftOut({})).toEqual([])
  expect(leftOut({ data: undefined })).toEqual(['cifar10-nano'])
  expect(leftOut({ python: undefined })).toEqual(['tasks', 'torch'])
  expect(leftOut({ software: true })).toEqual(['cifar10-micro', 'cifar10-tiny'])
})

it('gives every step its share of a longer time', () => {
  const [usual, longer] = [1, 5].map((times) => planOf({ ...place, times }).map((s) => s.seconds))
  expect(longer).toEqual(usual!.map((seconds) => 5 * seconds))
  // No step may take all of the time from those after it.
  expect(Math.max(...usual!)).toBeLessThan(usualSeconds / 2)
})
