import fc from 'fast-check'
import { expect, it } from 'vitest'
import { check } from './check'
import { defaultExperiment } from './defaults'
import { firstRunIn, firstRunOf, startingFrom } from './firstRun'
import { runId } from './identity'
import { fromLink, toLink } from './link'
import type { Settings } from './settings'
import { anyExperiment } from './testing'
import { warningsOf } from './warnings'

const snip: Settings = { seed: 3, data: 'shapes', method: 'snip', 'method.sparsity': 0.7 }
const experimentOf = (settings: Settings) => check(settings, defaultExperiment).experiment

/** @throws where no run can start from that one */
function from(settings: Settings) {
  const next = startingFrom(experimentOf(settings))
  if (typeof next === 'string') throw new Error(next)
  return next
}

it('puts the whole link of the first run into a link that needs no repair', () => {
  const link = toLink(from(snip))
  expect(link).toContain('start=run&start.link=v1/seed*3/data*shapes/method*snip/method.sparsity*0.7')
  expect(fromLink(`see <https://example.org/play/${link}>.`).experiment).toEqual(from(snip))
  expect(fromLink(link).notes).toEqual([])
  expect(firstRunOf(fromLink(link).experiment)).toEqual(experimentOf(snip))
})

it('holds any experiment that no files of the user belong to, even one that starts from a run itself', () => {
  fc.assert(
    fc.property(anyExperiment(), (experiment) => {
      const next = startingFrom(experiment)
      if (typeof next === 'string') return
      expect(firstRunOf(next)).toEqual(experiment)
      expect(fromLink(toLink(next)).experiment).toEqual(next)
      const third = startingFrom({ ...next, seed: 9 })
      if (typeof third === 'string') return
      expect(firstRunOf(firstRunOf(third) ?? third)).toEqual(experiment)
    }),
    { numRuns: 30 },
  )
})

it('makes runs that start from the same run one run, however its link is spelt', () => {
  const spelt = (link: string) =>
    runId(fromLink(`#/v1?${new URLSearchParams({ start: 'run', 'start.link': link })}`).experiment)
  const [ids, others] = [
    ['v1/seed*3/data*shapes', 'v1/data*shapes/seed*3', 'v1/data*shapes/seed*3/method.other*1'].map(spelt),
    ['v1/seed*4/data*shapes', 'v1'].map(spelt),
  ]
  expect(new Set(ids).size).toBe(1)
  expect(new Set([...ids, ...others, runId(defaultExperiment)]).size).toBe(4)
})

it('says what is wrong in the link of the first run', () => {
  expect(warningsOf(from(snip))).toEqual([])
  const { experiment, notes } = fromLink('#/v1?start=run&start.link=v1/method*nothing')
  expect(notes).toEqual([])
  expect(warningsOf(experiment)).toEqual([
    expect.stringMatching(/^In the run .* method was nothing, which does not exist/),
  ])
  expect(fromLink('#/v1?start=run&start.link=elsewhere').notes).toEqual([expect.stringContaining('start.link was')])
  expect(fromLink(`#/v1?start=run&start.link=v1/seed*${'1'.repeat(3000)}`).notes).toHaveLength(1)
})

it('is refused where the first run read files of the user, or has too long a link', () => {
  expect(startingFrom(experimentOf({ data: 'dropped' }))).toMatch(/files of yours/)
  let deep = experimentOf(snip)
  for (let i = 0; i < 60; i++) {
    const next = startingFrom({ ...deep, seed: i })
    if (typeof next === 'string') {
      expect(next).toMatch(/too long/)
      return
    }
    deep = next
  }
  expect.fail('No link was too long.')
})

it('never fails, whatever stands in the link', () => {
  fc.assert(fc.property(fc.string(), (text) => void firstRunIn(text)))
})
