import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { check } from '../config/check'
import { defaultExperiment } from '../config/defaults'
import { fromLink, toLink } from '../config/link'
import { plannedRuns } from '../config/recipe'
import { readConfiguration } from './configuration'
import { compare, readOutcome, recipeOf } from './compare'
import { screenOn } from './screen'

const out = mkdtempSync(join(tmpdir(), 'compare-'))
afterAll(() => {
  rmSync(out, { recursive: true })
})

const { experiment } = check(
  {
    data: 'shapes',
    'data.train': 64,
    'data.held': 64,
    'data.size': 8,
    model: 'mlp',
    'model.width': 4,
    'training.steps': 4,
    'training.batch': 8,
    'training.warmup': 0,
    'training.evaluateEvery': 0,
  },
  defaultExperiment,
)
const opened = { experiment, notes: [] }
const { recipe } = recipeOf(opened, { methods: 'dense,magnitude,random', sparsities: '.5,.75', seeds: '1,2' })
const planned = plannedRuns(recipe, experiment)

function start(signal = new AbortController().signal) {
  const log: string[] = []
  const screen = screenOn({ write: (text) => log.push(text) })
  return {
    log,
    ended: compare(
      opened,
      recipe,
      { data: out, files: [], backend: 'cpu', allowSoftware: true, out, force: false },
      screen,
      signal,
    ),
  }
}

describe('compare', () => {
  it('makes every run and writes tables that agree with their results', async () => {
    expect(await start().ended).toBe('finished')
    expect(planned).toHaveLength(10)
    const outcomes = planned.map(({ runId }) => readOutcome(join(out, runId), runId)!)
    // 8 * 8 * 3 inputs to 4 hidden units: 768 prunable weights.
    expect(outcomes.map(({ kept, prunable }) => kept / prunable)).toEqual([
      1, 0.5, 0.25, 0.5, 0.25, 1, 0.5, 0.25, 0.5, 0.25,
    ])
    for (const { majority } of outcomes) expect(majority).toBeGreaterThanOrEqual(0.1)
    const table = readFileSync(join(out, 'table.md'), 'utf8')
    expect(table.split('\n')[0]).toBe('# Shapes (made here), MLP own shape, 4 steps')
    expect(table.match(/^\| \d/gm)).toHaveLength(5)
    expect(table).toContain(toLink(experiment, recipe))
    expect(readFileSync(join(out, 'table.csv'), 'utf8').trimEnd().split('\r\n')).toHaveLength(6)
    const magnitude = outcomes.filter((o) => o.experiment.method.id === 'magnitude' && o.kept === 384)
    const mean = magnitude.reduce((sum, o) => sum + o.end, 0) / magnitude.length
    expect(table).toContain(`| Magnitude | ${(100 * mean).toFixed(1)} ±`)
    expect(readFileSync(join(out, 'runs.csv'), 'utf8').trimEnd().split('\r\n')).toHaveLength(11)
  })

  it('makes nothing twice', async () => {
    const before = planned.map(({ runId }) => statSync(join(out, runId, 'result.json')).mtimeMs)
    const { log, ended } = start()
    expect(await ended).toBe('finished')
    expect(log.join('').match(/is finished/g)).toHaveLength(10)
    expect(planned.map(({ runId }) => statSync(join(out, runId, 'result.json')).mtimeMs)).toEqual(before)
  })

  it('stops where it is interrupted', async () => {
    const { runId } = planned[0]!
    rmSync(join(out, runId), { recursive: true })
    const interrupt = new AbortController()
    interrupt.abort()
    expect(await start(interrupt.signal).ended).toBe('interrupted')
    expect(existsSync(join(out, runId, 'result.json')) && readOutcome(join(out, runId), runId)).toBeFalsy()
  })
})

it('keeps runs of other files of the user apart, and makes those of the same files once', async () => {
  const place = join(out, 'own')
  const own = check(
    {
      data: 'dropped',
      'data.train': 50,
      'data.held': 20,
      'data.length': 8,
      model: 'miniBert',
      'model.width': 8,
      'model.depth': 1,
      'model.heads': 1,
      'training.steps': 1,
      'training.batch': 8,
      'training.warmup': 0,
      'training.evaluateEvery': 0,
    },
    defaultExperiment,
  ).experiment
  const lists = recipeOf({ experiment: own, notes: [] }, { methods: 'dense', seeds: '1' }).recipe
  const share = async (name: string, good: number) => {
    const csv = join(out, name)
    writeFileSync(
      csv,
      `text,label\n${Array.from({ length: 100 }, (_, i) => `word ${i},${i % 10 < good ? 'good' : 'bad'}\n`).join('')}`,
    )
    const log: string[] = []
    const screen = screenOn({ write: (text) => log.push(text) })
    await compare(
      { experiment: own, notes: [] },
      lists,
      { data: out, files: [csv], backend: 'cpu', allowSoftware: true, out: place, force: false },
      screen,
      new AbortController().signal,
    )
    const majority = /A model that always answers the most frequent class is right in ([\d.]+) %/.exec(
      readFileSync(join(place, 'table.md'), 'utf8'),
    )?.[1]
    return { made: !log.join('').includes('is finished'), majority: Number(majority) }
  }
  const [most, all] = [await share('a.csv', 6), await share('b.csv', 9)]
  expect([most.made, all.made]).toEqual([true, true])
  expect(all.majority).toBeGreaterThan(most.majority)
  expect(await share('a.csv', 6)).toEqual({ ...most, made: false })
  const folders = readdirSync(place, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
  expect(folders).toHaveLength(2)
  expect(JSON.parse(readFileSync(join(place, folders[0]!, 'result.json'), 'utf8'))).toMatchObject({
    files: { count: 1, sha256: expect.stringMatching(folders[0]!.slice(17)) as unknown },
  })
})

it('compares the method as it is set up, and refuses what a list overrules', () => {
  const set = (...sets: readonly string[]) => recipeOf(readConfiguration('toy', sets), { set: sets })
  expect(set('method=magnitude', 'method.schedule=once', 'training.steps=9').recipe.methods.at(-1)).toEqual({
    id: 'magnitude',
    knobs: { schedule: 'once' },
  })
  const refusal = (of: () => unknown) => {
    try {
      return of()
    } catch (error) {
      return error
    }
  }
  expect(refusal(() => set('seed=7'))).toMatchObject({
    what: '--set seed=7 changes nothing in a comparison, which lists methods, sparsities and seeds.',
    fix: 'Write --seeds 7.',
  })
  expect(refusal(() => set('method=magnitude', 'method.sparsity=0.9'))).toMatchObject({
    fix: 'Write --sparsities 0.9.',
  })
  const listed = (sets: readonly string[]) =>
    recipeOf(readConfiguration('toy', sets), { set: sets, methods: 'dense,snip' })
  expect(refusal(() => listed(['method=magnitude']))).toMatchObject({
    what: '--set method=magnitude changes nothing in a comparison, which lists methods, sparsities and seeds.',
  })
  expect(listed(['training.steps=9']).recipe.methods).toHaveLength(2)
})

it('takes the recipe of a link, and what is typed instead of parts of it', () => {
  const linked = fromLink('#/v1?compare.methods=snip&compare.seeds=8_9')
  expect(recipeOf(linked, {}).recipe).toMatchObject({ methods: [{ id: 'snip', knobs: {} }], seeds: [8, 9] })
  expect(recipeOf(linked, { seeds: '4' }).recipe).toMatchObject({ methods: [{ id: 'snip', knobs: {} }], seeds: [4] })
  expect(recipeOf(linked, { seeds: '1-3', methods: 'SNIP' }).recipe).toMatchObject({
    methods: [{ id: 'snip', knobs: {} }],
    seeds: [1, 2, 3],
  })
})

it.each([
  [
    { methods: 'snip,foo' },
    'The comparison names the method foo, which does not exist.',
    'Correct --methods. "npm run sentinel -- methods" lists methods and their knobs.',
  ],
  [
    { methods: 'magnitude:shedule=once' },
    'The comparison sets shedule of magnitude, which has no such knob.',
    'Correct --methods. "npm run sentinel -- methods" lists methods and their knobs.',
  ],
  [
    { sparsities: '.5,-1' },
    'The comparison names the sparsity -1; it can be 0 or more and less than 1.',
    'Correct --sparsities.',
  ],
  [
    { seeds: '1,x' },
    'The comparison names the seed x; it can be a whole number from 0 to 2147483647.',
    'Correct --seeds.',
  ],
])('refuses a list with an entry that cannot be used: %j', (lists, what, fix) => {
  expect(() => recipeOf(opened, lists)).toThrow(expect.objectContaining({ name: 'Problem', what, fix }))
})
