import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultExperiment } from './defaults'
import { runId } from './identity'
import { fromJson, toJson } from './json'
import { fromLink, toLink } from './link'
import { presets } from './presets'
import { noRole, readRole, usualKiosk, type Role } from './role'
import { cleanTask, longestTask } from './taskText'

const anyRole: fc.Arbitrary<Role> = fc.record({
  lock: fc.uniqueArray(fc.constantFrom('seed', 'data', 'method', 'training.steps', 'method.sparsity')),
  hide: fc.uniqueArray(fc.constantFrom('model', 'start', 'training', 'data.train')),
  task: fc.string({ unit: 'binary', maxLength: 60 }).map(cleanTask),
  autostart: fc.boolean(),
  stage: fc.boolean(),
  embed: fc.boolean(),
  kiosk: fc.oneof(
    fc.constant([]),
    fc.constant([...usualKiosk]),
    fc.uniqueArray(fc.constantFrom(...Object.keys(presets))),
  ),
  idle: fc.integer({ min: 5, max: 3600 }),
})

it('comes back from a link and from JSON as it was, and no run id hears of it', () => {
  fc.assert(
    fc.property(anyRole, (role) => {
      const link = toLink(defaultExperiment, null, role)
      const opened = fromLink(link)
      expect(opened).toEqual({ ...opened, experiment: defaultExperiment, notes: [] })
      expect(opened.role ?? noRole).toEqual(role)
      expect(runId(opened.experiment)).toBe(runId(defaultExperiment))
      const fromFile = fromJson(toJson(defaultExperiment, role))
      expect({ ...fromFile, role: fromFile.role ?? noRole }).toEqual({ experiment: defaultExperiment, notes: [], role })
    }),
  )
})

describe('a link that somebody wrote', () => {
  it.each<[string, Partial<Role>]>([
    ['lock=method,training.steps&hide=start', { lock: ['method', 'training.steps'], hide: ['start'] }],
    ['stage', { stage: true }],
    ['autostart=true&embed=0', { autostart: true }],
    ['kiosk=1&idle=30', { kiosk: usualKiosk, idle: 30 }],
    ['kiosk=toy_shapes-quick', { kiosk: ['toy', 'shapes-quick'] }],
    ['task=Which+method', { task: 'Which method' }],
  ])('%s', (query, role) => {
    expect(fromLink(`#/v1?${query}`)).toEqual({
      experiment: defaultExperiment,
      notes: [],
      role: { ...noRole, ...role },
    })
  })

  it('may hold its task in percent-encoding, marks and lines and all', () => {
    const task = 'Why **not**?\n\n- A & B\n- 100 % = "all" <b>, https://example.org/#x.'
    const { role, notes } = fromLink(`https://example.org/#/v1?task=${encodeURIComponent(task)}&seed=3`)
    expect(role?.task).toBe(task)
    expect(notes).toEqual([])
  })

  it('survives mails and messengers', () => {
    const task = '为什么 SNIP 剪掉它？\n1. 试试 *SEVEN*.'
    const link = toLink(defaultExperiment, null, { ...noRole, task, lock: ['method'] })
    expect(link).toMatch(/^[\x21-\x7e]+$/)
    for (const damaged of [link.replaceAll('&', '&amp;'), encodeURIComponent(link.slice(1)), `(${link}).`])
      expect(fromLink(`https://example.org/${damaged.startsWith('%') ? '#' : ''}${damaged}`).role?.task).toBe(task)
  })
})

it('names what cannot be used, with what can be', () => {
  const { role, notes } = readRole({
    lock: 'metod_method_training.stps',
    hide: {},
    task: ['x'],
    stage: 'big',
    kiosk: 'toy_nothing',
    idle: 1,
  })
  expect(role).toEqual({ ...noRole, lock: ['method'], kiosk: ['toy'], idle: 5 })
  expect(notes).toEqual([
    expect.stringContaining('lock names metod, which is no setting and was left out. Did you mean method?'),
    expect.stringContaining('lock names training.stps'),
    expect.stringContaining('hide was {}; it can be a list'),
    expect.stringContaining('task was ["x"]'),
    'stage was big; it can be 0 or 1, and 0 is used.',
    expect.stringContaining('kiosk names nothing, which is no preset'),
    'idle was 1 seconds; 5 is used.',
  ])
  const long = readRole({ task: 'a'.repeat(longestTask + 7) })
  expect(long.notes).toEqual([`The task has 7 characters more than ${longestTask}, and was cut there.`])
  expect(long.role.task).toHaveLength(longestTask)
})
