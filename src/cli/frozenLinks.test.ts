import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fromLink } from '../config/link'
import { idsOf, parts } from '../config/registries'
import { frozenText, missingLinks, type FrozenLink } from './frozenLinks'

const text = readFileSync(join(import.meta.dirname, '../config/links.json'), 'utf8')
const frozen = JSON.parse(text) as FrozenLink[]

it('every plugin has a frozen link (`npm run freeze` writes those that are missing)', () => {
  expect(missingLinks(frozen).map(({ link }) => link)).toEqual([])
})

it('makes a link for each plugin that has none, which opens what it says', () => {
  const made = missingLinks([])
  expect(made.length).toBeGreaterThan(40)
  for (const part of parts) expect(new Set(made.map(({ opens }) => opens[part].id))).toEqual(new Set(idsOf(part)))
  for (const { link, opens } of made) expect(fromLink(link)).toEqual({ experiment: opens, notes: [] })
})

it('leaves what is frozen as it was written', () => {
  expect(frozenText(frozen)).toBe(text)
})
