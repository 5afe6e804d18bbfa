import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Experiment } from '../core/experiment'
import { flag, isWord } from '../core/knob'
import { check, nearest } from './check'
import { defaultExperiment } from './defaults'
import { knobsOf, parts } from './registries'

const checked = (settings: Record<string, unknown>) => check(settings, defaultExperiment)

/** Every value lies inside its knob. */
function expectValid(experiment: Experiment) {
  for (const section of [...parts, 'training'] as const) {
    const values: Readonly<Record<string, unknown>> =
      section === 'training' ? experiment.training : experiment[section].values
    const knobs = knobsOf(experiment, section)
    expect(Object.keys(values).sort()).toEqual(Object.keys(knobs).sort())
    for (const [name, knob] of Object.entries(knobs)) {
      const value = values[name]
      if (knob.kind === 'number') {
        expect(Number(value) >= knob.min && Number(value) <= knob.max, `${section}.${name} = ${String(value)}`).toBe(
          true,
        )
        if (knob.integer) expect(Number.isInteger(value)).toBe(true)
      } else if (knob.kind === 'choice') {
        expect(Object.keys(knob.options)).toContain(value)
      } else if (knob.kind === 'word') {
        expect(isWord(knob, value)).toBe(true)
      } else {
        expect(typeof value).toBe('boolean')
      }
    }
  }
  expect(Number.isInteger(experiment.seed) && experiment.seed >= 0 && experiment.seed < 2 ** 31).toBe(true)
}

describe('check', () => {
  it('leaves the base as it is where nothing is asked', () => {
    expect(checked({})).toEqual({ experiment: defaultExperiment, notes: [] })
  })

  it('takes numbers, and text as links hold it', () => {
    expect(checked({ 'method.sparsity': 0.5 }).experiment.method.values.sparsity).toBe(0.5)
    expect(checked({ 'method.sparsity': '5e-1', seed: '12', 'training.augment': 'none' })).toMatchObject({
      experiment: { seed: 12, method: { values: { sparsity: 0.5 } }, training: { augment: 'none' } },
      notes: [],
    })
  })

  it('takes a revision as it is written, and no address in its place', () => {
    const revision = (value: unknown) => {
      const { experiment, notes } = checked({ data: 'sst2', 'data.revision': value })
      return [experiment.data.values.revision, notes]
    }
    expect(revision('refs-convert.2')).toEqual(['refs-convert.2', []])
    expect(revision('0b2714987fa478483af9968de7c934580d0bb9a2')).toEqual([
      '0b2714987fa478483af9968de7c934580d0bb9a2',
      [],
    ])
    for (const wrong of ['../x', 'a/b', '', 'a b', 7, 'x'.repeat(65)])
      expect(revision(wrong)).toEqual(['main', [expect.stringContaining('it can be a branch, a tag or a commit')]])
  })

  it.each([
    [{ 'method.sparsity': 1.5 }, 'method.sparsity was 1.5; the largest allowed value 0.99 is used.'],
    [{ 'method.sparsity': '1e999' }, 'method.sparsity was 1e999; the largest allowed value 0.99 is used.'],
    [{ 'method.sparsity': -1 }, 'method.sparsity was -1; the smallest allowed value 0 is used.'],
    [
      { 'method.sparsity': 'much' },
      `method.sparsity was much, which is not a number; ${String(defaultExperiment.method.values.sparsity)} is used.`,
    ],
    [
      { 'method.sparsity': '' },
      `method.sparsity was empty, which is not a number; ${String(defaultExperiment.method.values.sparsity)} is used.`,
    ],
    [{ 'method.sparsity': 80 }, 'method.sparsity was 80, read as 80 %, that is 0.8.'],
    [{ 'training.steps': '2.000' }, 'training.steps was 2.000, read as 2000.'],
    [{ 'training.batch': 2.6 }, 'training.batch was 2.6; the whole number 3 is used.'],
    [{ 'training.optimizer': 'lion' }, 'training.optimizer was lion; it can be adamw, sgd, and adamw is used.'],
    [{ 'training.optimizer': true }, 'training.optimizer was true; it can be adamw, sgd, and adamw is used.'],
    [{ method: 'woodpecker' }, 'method was woodpecker, which does not exist; sevenDyn is used.'],
    [{ method: 'constructor' }, 'method was constructor, which does not exist; sevenDyn is used.'],
    [{ data: 7 }, 'data was 7, which does not exist; cifar10 is used.'],
    [{ model: 'miniBert' }, 'model was miniBert, which cannot read the data set cifar10; vitTiny is used.'],
    [{ seed: -3 }, 'seed was -3; the smallest allowed value 0 is used.'],
    [{ 'method.alpha3': 1 }, 'method.alpha3 is not a setting of this experiment and was left out.'],
    [{ toString: 1 }, 'toString is not a setting of this experiment and was left out.'],
  ])('says what it did to %j', (settings, note) => {
    const { experiment, notes } = checked(settings)
    expect(notes).toEqual([note])
    expectValid(experiment)
  })

  it.each([
    [{ method: 'snp' }, 'method was snp, which does not exist.'],
    [{ data: '' }, 'data was empty, which does not exist.'],
    [{ start: 'hup' }, 'start was hup, which does not exist.'],
    [{ model: 'miniBert' }, 'model was miniBert, which cannot read the data set cifar10.'],
    [{ start: 'maskedTokens' }, 'start was maskedTokens, which does not go with vitTiny and the data set cifar10.'],
    [{ 'training.optimizer': 'adam' }, 'training.optimizer was adam.'],
    [{ 'training.frozenEmbeddings': 'yes' }, 'training.frozenEmbeddings was yes.'],
    [{ 'training.headRate': '' }, 'training.headRate was empty, which is not a number.'],
    [{ 'training.steps': '10 %' }, 'training.steps was 10 %, which is in per cent, where a count is wanted.'],
    [{ seed: 'x' }, 'seed was x, which is not a number.'],
    [{ data: 'sst2', 'data.revision': '' }, 'data.revision was empty.'],
    [{ method: 'wanda', 'method.check': 'labels' }, null],
    [{ 'training.steps': 1e9, seed: -3, 'method.sparsity': 80, 'training.batch': 2.6 }, null],
  ])('hands %j to whom refuses, where it is no value at all', (settings, what) => {
    const refused: string[] = []
    const { notes } = check(settings, defaultExperiment, (text) => refused.push(text))
    expect(refused).toEqual(what === null ? [] : [what])
    expect(notes.length).toBeGreaterThan(0)
  })

  it('reads flags', () => {
    const notes: string[] = []
    const read = (value: unknown) => nearest('x', flag('X', false), value, false, { note: (text) => notes.push(text) })
    expect([true, 'true', false, 'false', 'yes'].map(read)).toEqual([true, true, false, false, false])
    expect(notes).toEqual(['x was yes; it can be true or false, and false is used.'])
  })

  it('chooses a model that reads the data where none is named', () => {
    expect(checked({ data: 'sst2' })).toMatchObject({
      experiment: { data: { id: 'sst2' }, model: { id: 'miniBert' } },
      notes: [],
    })
    expect(checked({ data: 'sst2', model: 'mlp' })).toMatchObject({ experiment: { model: { id: 'mlp' } }, notes: [] })
  })

  it('knows plugins by the names that the page shows', () => {
    const { experiment, notes } = check({ data: 'dropped', model: 'BERT', method: 'SNIP' }, defaultExperiment)
    expect([experiment.data.id, experiment.model.id, experiment.method.id]).toEqual(['dropped', 'miniBert', 'snip'])
    expect(notes).toEqual([])
    const scope = (text: string) => check({ method: 'magnitude', 'method.scope': text }, defaultExperiment)
    for (const text of ['layer', 'LAYER', 'Per layer'])
      expect(scope(text)).toMatchObject({ experiment: { method: { values: { scope: 'layer' } } }, notes: [] })
    expect(check({ data: 'sst2', model: 'vit' }, defaultExperiment)).toMatchObject({
      experiment: { model: { id: 'miniBert' } },
      notes: ['model was vitTiny, which cannot read the data set sst2; miniBert is used.'],
    })
  })

  it('starts another plugin from its own defaults', () => {
    const base = check({ 'method.sparsity': 0.33 }, defaultExperiment).experiment
    expect(check({}, base).experiment.method.values.sparsity).toBe(0.33)
    expect(check({ method: 'snip' }, base).experiment.method.values.sparsity).not.toBe(0.33)
  })

  it('shortens long values and long lists of notes', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 1]))
    const { notes } = checked({ 'method.sparsity': 'x'.repeat(10_000), ...many })
    expect(notes).toHaveLength(13)
    expect(notes.at(-1)).toBe('4989 more settings could not be used.')
    expect(Math.max(...notes.map((n) => n.length))).toBeLessThan(200)
  })

  it('makes a valid experiment of anything', () => {
    const key = fc.oneof(
      fc.constantFrom(
        'seed',
        'data',
        'model',
        'method',
        'method.sparsity',
        'model.width',
        'training.steps',
        'training.schedule',
        'training.augment',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.dictionary(key, fc.anything()), (settings) => {
        expectValid(checked(settings).experiment)
      }),
    )
  })
})
