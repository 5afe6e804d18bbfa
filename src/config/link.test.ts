import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check } from './check'
import { defaultExperiment } from './defaults'
import { runId } from './identity'
import { fromLink, toLink } from './link'
import { migrate } from './migrations'
import frozen from './links.json'
import { openPreset, presets } from './presets'
import type { Settings } from './settings'
import { anyExperiment } from './testing'

describe('toLink', () => {
  it('says nothing about what is the default', () => {
    expect(toLink(defaultExperiment)).toBe('#/v1')
  })

  it('holds what differs, and nothing else', () => {
    const { experiment } = check(
      { seed: 3, data: 'sst2', method: 'snip', 'method.sparsity': 0.7, 'training.steps': 500 },
      defaultExperiment,
    )
    expect(toLink(experiment)).toBe('#/v1?seed=3&data=sst2&method=snip&method.sparsity=0.7&training.steps=500')
  })

  it('needs no repair where a value has a slash', () => {
    const { experiment } = check({ start: 'hub', 'start.repository': 'somebody/tiny-bert' }, openPreset('sst2-nano'))
    expect(toLink(experiment)).toContain('start.repository=somebody/tiny-bert')
    expect(fromLink(toLink(experiment))).toEqual({ experiment, notes: [] })
  })

  it('comes back as the same experiment from every preset', () => {
    for (const name of Object.keys(presets))
      expect(fromLink(toLink(openPreset(name)))).toEqual({ experiment: openPreset(name), notes: [] })
  })

  it('comes back as the same experiment from any experiment', () => {
    fc.assert(
      fc.property(anyExperiment(), (experiment) => {
        const again = fromLink(`https://example.org/play/${toLink(experiment)}`)
        expect(again).toEqual({ experiment, notes: [] })
      }),
    )
  })
})

describe('fromLink', () => {
  it('never throws, whatever the text', () => {
    const fragment = fc.constantFrom(
      '#/v1?',
      '#/v2?',
      'seed=',
      'method.sparsity=',
      '%',
      '%E0%A4%A',
      '&',
      '=',
      '__proto__=1',
      'data=sst2',
      '#',
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(fragment, fc.string()), { maxLength: 12 }).map((list) => list.join('')),
    )
    fc.assert(
      fc.property(text, (link) => {
        const { experiment } = fromLink(link)
        expect(fromLink(toLink(experiment))).toEqual({ experiment, notes: [] })
      }),
      { numRuns: 1000 },
    )
  })

  it.each(['', '#', '#/', ' '])('opens the default experiment without a word for %j', (link) => {
    expect(fromLink(link)).toEqual({ experiment: defaultExperiment, notes: [] })
  })

  it.each([
    ['#/v1?method.sparsity=1.5', 'method.sparsity was 1.5; the largest allowed value 0.99 is used.'],
    ['#/v1?method.sparsity=80', 'method.sparsity was 80, read as 80 %, that is 0.8.'],
    ['#/v1?training.steps=2,000', 'training.steps was 2,000, read as 2000.'],
    ['#/v1?colour=red', 'colour is not a setting of this experiment and was left out.'],
    [
      '#/v9?seed=4',
      'This link was made by a newer playground (v9, this one reads v1); what it does not know is left out.',
    ],
    ['#/v1?seed=4&seed=5', 'The link gives a setting twice. The last value is used.'],
    ['#/v0', 'The link "#/v0" is not one of an experiment. The default experiment is open.'],
    ['#about', 'The link "#about" is not one of an experiment. The default experiment is open.'],
  ])('names what was wrong with %s', (link, note) => {
    expect(fromLink(link).notes).toEqual([note])
  })

  it('opens old links as the same experiments for ever', () => {
    // A failure here means that links people have saved now open something else. Do not change links.json: add a
    // migration to link.ts that writes what the older version meant.
    for (const { link, opens, id } of frozen) {
      const { experiment, notes } = fromLink(link)
      // A knob that is new since may be there as well; its default must have no effect, so the run id stays.
      expect({ link, experiment, notes }).toMatchObject({ link, experiment: opens, notes: [] })
      expect(runId(experiment)).toBe(id)
    }
  })
})

describe('migrate', () => {
  const rename =
    (from: string, to: string) =>
    ({ [from]: value, ...rest }: Settings) =>
      value === undefined ? rest : { ...rest, [to]: value }
  const steps = [rename('a', 'b'), rename('b', 'c')]

  it('takes every step from the version of the link on', () => {
    expect(migrate({ a: 1 }, 1, steps)).toEqual({ c: 1 })
    expect(migrate({ b: 1 }, 2, steps)).toEqual({ c: 1 })
    expect(migrate({ a: 1 }, 3, steps)).toEqual({ a: 1 })
    expect(migrate({ a: 1 }, 9, steps)).toEqual({ a: 1 })
  })
})
