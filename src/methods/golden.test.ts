import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { check } from '../config/check'
import { defaultExperiment } from '../config/defaults'
import type { Settings } from '../config/settings'
import { answers } from '../cli/replay'
import { openTensorFile, readTrace } from '../cli/trace'

/** Recorded runs of a small PyTorch network with the scores and masks that PyTorch computed (golden/*.py). */
const traces = [
  ['snip', 'snip'],
  ['snipByLayer', 'snip'],
  ['snipTies', 'snip'],
  ['sevenPre', 'sevenPre'],
  ['sevenDyn', 'sevenDyn'],
  ['magnitude', 'magnitude'],
  ['platon', 'platon'],
  ['movementSgd', 'movement'],
  ['movementAdam', 'movement'],
  ['rigl', 'rigl'],
  ['srSte', 'srSte'],
  // With nothing taken away, the ablation is the method.
  ['sevenPre', 'sevenVariants'],
] as const
/** Of a score's size. */
const tolerance = 1e-5
/** Of the largest score beside it, for scores that are sums of both signs: what rounding leaves where terms cancel. */
const cancelled = 1e-7

function allowedError(name: string) {
  const floor = name.startsWith('movement') ? cancelled : 0
  return (score: number, largest: number) => tolerance * Math.abs(score) + floor * largest
}

describe.each(traces)('the trace %s: %s agrees with PyTorch', (name, method) => {
  const file = openTensorFile(join(import.meta.dirname, 'golden', `${name}.safetensors`))
  afterAll(() => file.close())
  const { knobs } = file.metadata as { knobs: string }
  const values = Object.entries(JSON.parse(knobs) as Settings).map(([key, value]) => [`method.${key}`, value])
  const settings: Settings = { method, ...(Object.fromEntries(values) as Settings) }
  const { experiment, notes } = check(settings, defaultExperiment)
  const answer = new Map(answers(experiment, readTrace(file)).arrays.map((array) => [array.name, array.values]))
  const allowed = allowedError(name)
  const expected = (kind: string) =>
    [...file.tensors.keys()].filter((key) => /^\d/.test(key) && key.includes(`/${kind}/`))

  it('on every mask, weight by weight', () => {
    expect(notes).toEqual([])
    expect(expected('mask').length).toBeGreaterThan(0)
    for (const key of expected('mask')) expect([...answer.get(key)!], key).toEqual([...file.bytes(key)])
  })

  it('on every score, to 1e-5', () => {
    expect(expected('score').length).toBeGreaterThan(0)
    for (const key of [...expected('score'), ...expected('grow')]) {
      const scores = file.floats(key)
      const largest = Math.max(...scores.filter((score) => !Number.isNaN(score)).map(Math.abs))
      scores.forEach((score, i) => {
        const ours = answer.get(key)![i]!
        if (Number.isNaN(score)) expect(ours, `${key} ${i}`).toBeNaN()
        else
          expect(Math.abs(ours - score), `${key} ${i}: ${ours} and ${score}`).toBeLessThanOrEqual(
            allowed(score, largest),
          )
      })
    }
  })
})
