import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { classLooks } from '../../app/charts/looks'
import { modeNames } from '../../app/controls/modeNames'
import { idsOf, plugin } from '../config/registries'
import { trainingKnobs } from '../core/training'
import { glossary, type Entry } from './glossary'

const names = new Set(Object.values<Entry>(glossary).map(({ name }) => name))

/** Labels of knobs that at least ten methods share. */
function sharedKnobs(): string[] {
  const labels = idsOf('method').flatMap((id) => Object.values(plugin('method', id).knobs).map(({ label }) => label))
  return [...new Set(labels)].filter((label) => labels.filter((other) => other === label).length >= 10)
}

/** Knobs whose words say it all, so that the line that always stands below them is enough. */
const plain = ['Begin', 'End', 'Every', 'Cut at', 'Sanity check']

/** Text of the page: of its own files, and of what the knobs are called. */
function pageText(): string {
  const files = readdirSync('app', { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!\.test)\.tsx$/.test(name),
  )
  const labels = ['method', 'model'] as const
  return [
    ...files.map((name) => readFileSync(`app/${name}`, 'utf8')),
    ...labels.flatMap((part) =>
      idsOf(part).flatMap((id) => Object.values(plugin(part, id).knobs).map(({ label }) => label)),
    ),
    ...Object.values(trainingKnobs).map(({ label }) => label),
    ...Object.values(classLooks).map(({ name }) => name),
    ...Object.values(modeNames),
  ].join('\n')
}

test('every word of the legends, and every knob that many methods share, has its line', () => {
  const wanted = [
    ...Object.values(classLooks).map(({ name }) => name),
    ...Object.values(modeNames).filter((name) => name !== 'Class'),
    'Kept',
    'Cut',
    ...sharedKnobs().filter((label) => !plain.includes(label)),
    ...['rate', 'warmup', 'weightDecay', 'labelSmoothing', 'dropout'].map((id) => trainingKnobs[id as 'rate'].label),
  ]
  expect(wanted.filter((name) => !names.has(name))).toEqual([])
  expect(plain.filter((name) => names.has(name) || !sharedKnobs().includes(name))).toEqual([])
})

test('the page says every word of the glossary, and each stands there once', () => {
  const text = pageText().toLowerCase()
  expect([...names].filter((name) => !text.includes(name.toLowerCase()))).toEqual([])
  expect(names.size).toBe(Object.keys(glossary).length)
})

test('a line is one thought or two, and fits a bubble', () => {
  for (const { name, line } of Object.values<Entry>(glossary)) {
    expect(line, name).toMatch(/^[A-Z].+\.$/)
    expect(line.length, name).toBeLessThan(130)
  }
})
